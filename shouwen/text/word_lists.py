"""The word lists under lexicon/: versioned data, each read once in a process (R86)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "lexicon"
# the parser in C is some ten times as fast; not every build of PyYAML has it
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def read_lexicon(name: str) -> dict[str, Any]:
    """The data of `lexicon/<name>.yml`, not to be changed. Raises OSError or yaml.YAMLError when it cannot be read."""
    return dict(yaml.load((_FOLDER / f"{name}.yml").read_text(encoding="utf-8"), _LOADER))  # noqa: S506 - a safe loader
