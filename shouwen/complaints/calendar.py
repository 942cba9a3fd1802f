"""Working days in mainland China: days off and weekends worked by the State Council's notices (calendar.md).

Beyond the notices nothing is known and nothing is guessed silently: a day is UNKNOWN, and a date reckoned over such
days is provisional.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final, Literal, NoReturn

from shouwen.text.zh import shanghai_day

_SATURDAY = 5
_DAY = timedelta(days=1)


class Unknown(Enum):
    """The one answer that is neither yes nor no. It has no truth, so that no `if` takes it for a yes."""

    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        raise TypeError("UNKNOWN is neither true nor false")


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True)
class Year:
    """One year of the State Council's notice. `off` are days from Monday to Friday, `work` Saturdays and Sundays."""

    year: int
    notice: str
    noticed: date
    off: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True)
class CertainDays:
    """Days off by law in years without a notice: (month, day) of every year, and single days."""

    every_year: frozenset[tuple[int, int]]
    days: frozenset[date]

    def holds(self, day: date) -> bool:
        """Whether the day is off by law, whatever the notice of its year will say."""
        return (day.month, day.day) in self.every_year or day in self.days


@dataclass(frozen=True, order=True)
class Due:
    """A day, and whether the notice of a coming year may still change it."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Every year there is data for, one after the other, and what is certain beyond them."""

    years: Mapping[int, Year]
    certain: CertainDays

    @property
    def version(self) -> str:
        """A short hash of the data: kept with every promise, so that its date can be explained later."""
        text = [f"{y.year} {_days(y.off)} {_days(y.work)}" for _, y in sorted(self.years.items())]
        text.append(f"{sorted(self.certain.every_year)} {_days(self.certain.days)}")
        return hashlib.sha256("\n".join(text).encode()).hexdigest()[:12]

    def horizon(self) -> date:
        """The last day of the data."""
        return date(max(self.years), 12, 31)

    def days_left(self, now: datetime) -> int:
        """Days from today (Shanghai) to the horizon; below zero when it has passed."""
        return (self.horizon() - shanghai_day(now)).days

    def ends_within(self, now: datetime, days: int = 60) -> bool:
        """Whether the data ends in fewer than `days` days: time to import the next year."""
        return self.days_left(now) < days

    def is_workday(self, day: date) -> bool | Literal[Unknown.UNKNOWN]:
        """Whether the day is worked; UNKNOWN in a year without data."""
        year = self.years.get(day.year)
        if year is None:
            return UNKNOWN
        return day in year.work or (day.weekday() < _SATURDAY and day not in year.off)

    def expected_workday(self, day: date) -> bool:
        """Whether the day is worked, by the notice or else by weekends and days off that the law fixes."""
        known = self.is_workday(day)
        return day.weekday() < _SATURDAY and not self.certain.holds(day) if known is UNKNOWN else known

    def add_workdays(self, received: date, number: int) -> Due:
        """The `number`-th working day after `received`, which is not counted itself (Civil Code 201).

        `number` is at least 1; ValueError otherwise.
        """
        if number < 1:
            raise ValueError(f"{number} working days after a day is no day after it")
        day, provisional = received, False
        while number:
            day += _DAY
            provisional = provisional or self.is_workday(day) is UNKNOWN
            number -= self.expected_workday(day)
        return Due(day, provisional)

    def last_workday_on_or_before(self, day: date) -> Due:
        """The day itself or the nearest working day before it."""
        return self._nearest(day, -_DAY)

    def first_workday_on_or_after(self, day: date) -> Due:
        """The day itself or the nearest working day after it (Civil Code 203)."""
        return self._nearest(day, _DAY)

    def _nearest(self, day: date, step: timedelta) -> Due:
        provisional = self.is_workday(day) is UNKNOWN
        while not self.expected_workday(day):
            day += step
            provisional = provisional or self.is_workday(day) is UNKNOWN
        return Due(day, provisional)

    def with_years(self, years: Iterable[Year]) -> "Calendar":
        """The calendar after an import. The notice of a year may change the last December, so several may come."""
        return replace(self, years={**self.years, **{year.year: year for year in years}})


def _days(days: Iterable[date]) -> str:
    return ",".join(day.isoformat() for day in sorted(days))
