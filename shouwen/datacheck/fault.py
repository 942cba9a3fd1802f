"""What a check finds: where, what is wrong, and how to mend it."""

from dataclasses import dataclass
from typing import Literal

# `skipped` is a check that could not run: it is shown, and fails nothing
Level = Literal["error", "warning", "skipped"]


@dataclass(frozen=True)
class Fault:
    """One finding. `path` is relative to the checkout, `line` counts from 1; `check` names who found it."""

    level: Level
    check: str
    path: str
    line: int | None
    what: str
    mend: str
