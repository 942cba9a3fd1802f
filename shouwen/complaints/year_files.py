"""The files the calendar is read from: one a year under years/, and the days that are certain without a notice."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from shouwen.complaints.calendar import Calendar, CertainDays, Year
from shouwen.errors import Misconfigured

HERE = Path(__file__).parent
YEARS = HERE / "years"
CERTAIN = HERE / "certain_days.yml"

# what the years since 2014 lie within, with room
_OFF = range(10, 31)
_WORK = range(0, 13)
_NET = range(10, 15)  # weekdays lost to days off for good, once weekends worked are counted against them


def read_calendar(years: Path = YEARS, certain: Path = CERTAIN) -> Calendar:
    """The calendar of a folder of year files. Raises Misconfigured with every fault of every file."""
    found: dict[int, Year] = {}
    faults: list[str] = []
    for path in sorted(years.glob("*.yml")):
        try:
            year = parse_year(_text(path), path.name)
        except Misconfigured as error:
            faults += error.faults
            continue
        if path.stem != str(year.year):
            faults.append(f"{path.name}: is about {year.year}")
        found[year.year] = year
    faults += _gaps(found) if not faults else []
    try:
        days = _certain(_load(_text(certain), certain.name), certain.name)
    except Misconfigured as error:
        faults += error.faults
    if faults:
        raise Misconfigured(faults)
    return Calendar(found, days)


def parse_year(text: str, name: str) -> Year:
    """One year out of a file's text. Raises Misconfigured with every fault; `name` stands in front of each."""
    raw = _load(text, name)
    notice = raw.get("notice")
    notice = notice if isinstance(notice, dict) else {}
    year, noticed = raw.get("year"), notice.get("date")
    off, work = _listed(raw, "days_off"), _listed(raw, "weekends_worked")
    faults = [] if type(year) is int else [f"year is {year!r}"]
    faults += [] if type(noticed) is date else [f"notice.date is {noticed!r}"]
    faults += [f"notice.{key} is missing" for key in ("name", "number") if not isinstance(notice.get(key), str)]
    for key, days, is_weekend in (("days_off", off, False), ("weekends_worked", work, True)):
        faults += [f"{key} is no list of dates"] if days is None else _day_faults(key, days, year, is_weekend)
    if not faults and off is not None and work is not None:
        faults = _count_faults(len(off), len(work))
    if faults or off is None or work is None or type(noticed) is not date or type(year) is not int:
        raise Misconfigured([f"{name}: {fault}" for fault in faults])
    return Year(year, f"{notice['name']} {notice['number']}", noticed, frozenset(off), frozenset(work))


def _day_faults(key: str, days: list[date], year: object, is_weekend: bool) -> Iterable[str]:
    for day in days:
        if day.year != year:
            yield f"{key}: {day} is not in {year}"
        if (day.weekday() > 4) is not is_weekend:
            yield f"{key}: {day} is {'no' if is_weekend else 'a'} Saturday or Sunday"
    for day in sorted({day for day in days if days.count(day) > 1}):
        yield f"{key}: {day} stands there twice"


def _count_faults(off: int, work: int) -> list[str]:
    counts = (("days off", off, _OFF), ("weekend days worked", work, _WORK), ("of them for good", off - work, _NET))
    return [
        f"{number} {what} are not between {allowed.start} and {allowed.stop - 1}"
        for what, number, allowed in counts
        if number not in allowed
    ]


def _gaps(found: dict[int, Year]) -> list[str]:
    if not found:
        return ["there is no year file"]
    return [f"{year}.yml is missing" for year in range(min(found), max(found)) if year not in found]


def _certain(raw: dict[str, Any], name: str) -> CertainDays:
    try:
        # any leap year will do: it only turns "02-29" into a month and a day
        fixed = frozenset((d.month, d.day) for d in (date.fromisoformat(f"2024-{day}") for day in raw["every_year"]))
    except (KeyError, TypeError, ValueError):
        raise Misconfigured([f"{name}: every_year is no list of month and day"]) from None
    of_year = raw.get("of_year")
    if not isinstance(of_year, dict):
        raise Misconfigured([f"{name}: of_year is missing"])
    days: list[date] = []
    faults: list[str] = []
    for year in of_year:
        listed = _listed(of_year, year)
        if listed is None or any(day.year != year for day in listed):
            faults.append(f"{name}: of_year is no list of dates in {year}")
        else:
            days += listed
    if faults:
        raise Misconfigured(faults)
    return CertainDays(fixed, frozenset(days))


def _listed(raw: dict[Any, Any], key: object) -> list[date] | None:
    days = raw.get(key)
    return days if isinstance(days, list) and all(type(day) is date for day in days) else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured([f"{path.name}: cannot be read: {type(error).__name__}"]) from None


def _load(text: str, name: str) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # 2026-02-30 is a ValueError
        raise Misconfigured([f"{name}: is no YAML: {' '.join(str(error).split())}"]) from None
    if not isinstance(raw, dict):
        raise Misconfigured([f"{name}: is no mapping"])
    return raw
