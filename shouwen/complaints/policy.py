"""How long a complaint may take: versioned data under policies/ (R86)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from shouwen.complaints.clock_events import Severity
from shouwen.errors import Misconfigured, NotFound

POLICIES = Path(__file__).parent / "policies"
FIRST_REPLY_RULES = ("workdays", "calendar_days")
PAUSES = ("outside_appraisal",)  # all the rules allow (E1)
_CLASSES = (Severity.GENERAL, Severity.COMPLEX, Severity.URGENT)


@dataclass(frozen=True)
class Policy:
    """One version. Its file under policies/ says what each number means and where it comes from."""

    version: str
    in_force_from: date
    due_at: time
    acknowledge_seconds: int
    first_reply_workdays: Mapping[Severity, int]
    same_day_before: time
    first_reply_rule: str
    first_reply_within: int
    answer_workdays: Mapping[Severity, int]
    hard_stop_workdays: int
    statutory_days: tuple[int, ...]
    pauses: tuple[str, ...]
    pause_days_at_most: int


def read_policies(folder: Path = POLICIES) -> dict[str, Policy]:
    """Every version. Raises Misconfigured with every fault of every file."""
    found: dict[str, Policy] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError, ValueError) as error:
            faults.append(f"{path.name}: is no YAML: {' '.join(str(error).split())}")
            continue
        raw = raw if isinstance(raw, dict) else {}
        wrong = [f"{path.name}: {fault}" for fault in _faults(raw, path.stem)]
        faults += wrong
        if not wrong:
            found[path.stem] = _policy(raw)
    if faults or not found:
        raise Misconfigured(faults or ["there is no policy"])
    return found


def policy_on(policies: Mapping[str, Policy], day: date) -> Policy:
    """The version for complaints received on this day. Raises NotFound before the first."""
    begun = [policy for policy in policies.values() if policy.in_force_from <= day]
    if not begun:
        raise NotFound("policy", day.isoformat())
    return max(begun, key=lambda policy: (policy.in_force_from, policy.version))


def _faults(raw: Mapping[str, Any], version: str) -> list[str]:
    checks: dict[str, Callable[[Any], bool]] = {
        "version": lambda value: value == version,
        "in_force_from": lambda value: type(value) is date,
        "due_at": _is_time,
        "acknowledge_seconds": _is_positive,
        "first_reply_workdays": lambda value: _is_by_class(value, 0),
        "same_day_before": _is_time,
        "first_reply_rule": lambda value: value in FIRST_REPLY_RULES,
        "first_reply_within": _is_positive,
        "answer_workdays": lambda value: _is_by_class(value, 1),
        "hard_stop_workdays": _is_positive,
        "statutory_days": _is_ascending,
        "pauses": lambda value: isinstance(value, list) and all(cause in PAUSES for cause in value),
        "pause_days_at_most": _is_positive,
    }
    faults = [f"{key} is {raw.get(key)!r}" for key, is_right in checks.items() if not is_right(raw.get(key))]
    faults += [f"{key} is not known" for key in sorted(set(raw) - set(checks), key=str)]
    if not faults and time.fromisoformat(raw["same_day_before"]) > time.fromisoformat(raw["due_at"]):
        faults.append("same_day_before is after due_at")
    return faults


def _policy(raw: Mapping[str, Any]) -> Policy:
    by_class = ("first_reply_workdays", "answer_workdays")
    return Policy(
        **{
            **raw,
            "due_at": time.fromisoformat(raw["due_at"]),
            "same_day_before": time.fromisoformat(raw["same_day_before"]),
            **{key: {one: raw[key][one.value] for one in _CLASSES} for key in by_class},
            "statutory_days": tuple(raw["statutory_days"]),
            "pauses": tuple(raw["pauses"]),
        }
    )


def _is_time(value: Any) -> bool:
    try:
        # an unquoted 18:00 is a number to YAML
        return isinstance(value, str) and time.fromisoformat(value).tzinfo is None
    except ValueError:
        return False


def _is_positive(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_by_class(value: Any, least: int) -> bool:
    if not isinstance(value, dict) or set(value) != {one.value for one in _CLASSES}:
        return False
    return all(type(number) is int and number >= least for number in value.values())


def _is_ascending(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_positive, value)) and value == sorted(set(value))
