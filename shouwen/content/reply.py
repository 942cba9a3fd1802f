"""An answer, as a bank writes it. Strings are templates; numbers come from the bank's facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

Kind = Literal["fact", "process", "flow", "talk", "system"]

_REQUIRED = ("title", "kind", "owner", "source", "updated", "effective", "expires", "text")
_OPTIONAL = ("tags", "steps", "materials", "duration", "notes", "next", "related", "buttons", "choice", "human")
STEP_LIMIT = 7
TITLE_LIMIT = 12


@dataclass(frozen=True)
class Reply:
    """One answer. `title` stands on buttons; `related` are topic ids; dates are days in Shanghai (R56).

    `buttons` are pairs of title and label; `choice` is the template of a button's title for each choice a dialogue
    offers; `human` puts the way to a person beside the words.
    """

    name: str
    title: str
    kind: Kind
    owner: str
    source: str
    updated: date
    effective: date
    expires: date
    text: str
    tags: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    materials: str = ""
    duration: str = ""
    notes: tuple[str, ...] = ()
    next: str = ""
    related: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()
    choice: str = ""
    human: bool = False

    def is_valid_on(self, day: date) -> bool:
        """True from the effective day to the expiry day, both included."""
        return self.effective <= day <= self.expires

    @property
    def topic(self) -> str:
        """The topic this answers: `utter_faq/card_limit` → `faq/card_limit`."""
        return self.name.removeprefix("utter_")


def parse_reply(name: str, raw: Any) -> tuple[Reply | None, list[str]]:
    """The reply, or None and every fault found in it."""
    if not isinstance(raw, Mapping):
        return None, [f"{name}: is not a mapping"]
    faults = [f"{name}: {field} is missing" for field in _REQUIRED if not raw.get(field)]
    faults += [f"{name}: unknown field {field!r}" for field in raw if field not in _REQUIRED + _OPTIONAL]
    dates: dict[str, date] = {}
    for field in ("updated", "effective", "expires"):
        try:
            dates[field] = date.fromisoformat(raw.get(field, ""))
        except (TypeError, ValueError):
            faults.append(f'{name}: {field} is not a quoted date such as "2026-10-01"')
    if raw.get("kind") not in get_args(Kind):
        faults.append(f"{name}: kind {raw.get('kind')!r} is none of {', '.join(get_args(Kind))}")
    lists = {field: raw.get(field) or [] for field in ("tags", "steps", "notes", "related")}
    for field, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            faults.append(f"{name}: {field} is not a list of strings")
    texts = {
        field: raw.get(field) or ""
        for field in ("title", "owner", "source", "text", "materials", "duration", "next", "choice")
    }
    faults += [f"{name}: {field} is not a string" for field, value in texts.items() if not isinstance(value, str)]
    buttons, wrong = _buttons(name, raw.get("buttons") or [])
    faults += wrong
    if not isinstance(raw.get("human", False), bool):
        faults.append(f"{name}: human is neither true nor false")
    if not faults and len(raw.get("steps") or ()) > STEP_LIMIT:
        faults.append(f"{name}: more than {STEP_LIMIT} steps (R60)")
    if not faults and len(raw["title"]) > TITLE_LIMIT:
        faults.append(f"{name}: title is longer than {TITLE_LIMIT} characters")
    if not faults and dates["expires"] < dates["effective"]:
        faults.append(f"{name}: expires before it is effective")
    if faults:
        return None, faults
    fields: dict[str, Any] = {**texts, **dates, **{field: tuple(value) for field, value in lists.items()}}
    return Reply(name=name, kind=raw["kind"], buttons=buttons, human=bool(raw.get("human")), **fields), []


def _buttons(name: str, raw: Any) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    pairs: list[tuple[str, str]] = []
    for button in raw if isinstance(raw, list) else [raw]:
        title, label = (button.get("title"), button.get("label")) if isinstance(button, Mapping) else (None, None)
        if not isinstance(title, str) or not isinstance(label, str) or not 1 <= len(title) <= TITLE_LIMIT:
            return (), [f"{name}: buttons is not a list of title (at most {TITLE_LIMIT} characters) and label"]
        pairs.append((title, label))
    return tuple(pairs), []
