"""Every date the rules give for a clock, from where a complaint stands. The earliest of them is its due time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from shouwen.complaints.calendar import Calendar, Due
from shouwen.complaints.clock_events import Clock, Severity
from shouwen.complaints.policy import Policy
from shouwen.text.zh import SHANGHAI, shanghai_day


class Rule(StrEnum):
    """Which rule gave a date."""

    SAME_TURN = "same_turn"
    SAME_DAY = "same_day"
    WORKDAYS_OF_CLASS = "workdays_of_class"
    FIRST_REPLY_WORKDAYS = "first_reply_workdays"
    FIRST_REPLY_CALENDAR_DAYS = "first_reply_calendar_days"
    HARD_STOP_WORKDAYS = "hard_stop_workdays"
    LAST_WORKDAY_BEFORE_THE_LAW = "last_workday_before_the_law"
    CALENDAR_DAYS_OF_THE_LAW = "calendar_days_of_the_law"
    EXTENSION = "extension"
    PROMISE = "promise"
    OLD_DATE = "old_date"


@dataclass(frozen=True)
class Candidate:
    """One date with its inputs: `number` days of the rule after `counted_from`, and `left_out` days paused."""

    rule: Rule
    due_at: datetime
    provisional: bool
    counted_from: date
    number: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Extension:
    """An answer by `until`, granted `at`. Days paused before it was granted are in it already."""

    at: datetime
    until: date
    step: int
    paused_before: frozenset[date]


@dataclass(frozen=True)
class Standing:
    """Where a complaint stands after some of its history.

    `classes` holds each class with its moment; `paused` days left out; `kept` dates that no longer move: what was
    promised, and what had passed before the customer was told of another.
    """

    counted_from: datetime
    classes: tuple[tuple[datetime, Severity], ...]
    extension: Extension | None = None
    paused: frozenset[date] = frozenset()
    kept: Mapping[Clock, Candidate] = field(default_factory=dict)
    met: Mapping[Clock, datetime] = field(default_factory=dict)

    @property
    def step(self) -> int:
        """How many extensions were granted since everything was counted anew."""
        return self.extension.step if self.extension else 0


def candidates(at: Standing, policy: Policy, calendar: Calendar) -> dict[Clock, tuple[Candidate, ...]]:
    """Every date of every clock, earliest first."""
    hard_stop = _hard_stop(at, policy, calendar)
    given: dict[Clock, list[Candidate]] = {
        Clock.ACKNOWLEDGE: [_acknowledge(at, policy)],
        Clock.FIRST_REPLY: [*_first_reply(at, policy, calendar), *hard_stop],
        Clock.ANSWER: [*_answer(at, policy, calendar), *hard_stop],
        Clock.HARD_STOP: hard_stop,
        Clock.STATUTORY: [_statutory(at, policy)],
    }
    for clock, date_kept in at.kept.items():
        given[clock] = [*given[clock], date_kept]
    return {clock: tuple(sorted(dates, key=lambda c: c.due_at)) for clock, dates in given.items()}


def end_of(day: date, policy: Policy) -> datetime:
    """When a due day ends, aware."""
    return datetime.combine(day, policy.due_at, SHANGHAI)


def warning(at: Standing, policy: Policy) -> datetime:
    """The end of the first reply's third calendar day, a warning inside the bank while working days rule (R5)."""
    return end_of(shanghai_day(at.counted_from) + timedelta(days=policy.first_reply_within), policy)


def _acknowledge(at: Standing, policy: Policy) -> Candidate:
    due = at.counted_from + timedelta(seconds=policy.acknowledge_seconds)
    return Candidate(Rule.SAME_TURN, due, False, shanghai_day(at.counted_from))


def _first_reply(at: Standing, policy: Policy, calendar: Calendar) -> list[Candidate]:
    dates = [_reply_of_class(since, severity, policy, calendar) for since, severity in at.classes]
    start, number = shanghai_day(at.counted_from), policy.first_reply_within
    if policy.first_reply_rule == "workdays":
        due, rule = calendar.add_workdays(start, number), Rule.FIRST_REPLY_WORKDAYS
    else:
        due = calendar.first_workday_on_or_after(start + timedelta(days=number))
        rule = Rule.FIRST_REPLY_CALENDAR_DAYS
    return [*dates, _candidate(rule, due, policy, start, number)]


def _reply_of_class(since: datetime, severity: Severity, policy: Policy, calendar: Calendar) -> Candidate:
    number, day = policy.first_reply_workdays[severity.counts_as], shanghai_day(since)
    if number:
        return _candidate(Rule.WORKDAYS_OF_CLASS, calendar.add_workdays(day, number), policy, day, number)
    in_time = since.astimezone(SHANGHAI).time() < policy.same_day_before
    due = calendar.first_workday_on_or_after(day) if in_time else calendar.add_workdays(day, 1)
    return _candidate(Rule.SAME_DAY, due, policy, day, 0)


def _answer(at: Standing, policy: Policy, calendar: Calendar) -> list[Candidate]:
    longer = at.extension
    dates = [
        _answer_of_class(at, since, severity, policy, calendar)
        for since, severity in at.classes
        if longer is None or since > longer.at
    ]
    return dates if longer is None else [*dates, _extended(at, longer, policy, calendar)]


def _answer_of_class(
    at: Standing, since: datetime, severity: Severity, policy: Policy, calendar: Calendar
) -> Candidate:
    day, number = shanghai_day(since), policy.answer_workdays[severity.counts_as]
    paused = _workdays({one for one in at.paused if one > day}, calendar)
    due = calendar.add_workdays(day, number + paused)
    return _candidate(Rule.WORKDAYS_OF_CLASS, due, policy, day, number, paused)


def _extended(at: Standing, extension: Extension, policy: Policy, calendar: Calendar) -> Candidate:
    paused = _workdays(at.paused - extension.paused_before, calendar)
    until = calendar.last_workday_on_or_before(extension.until)
    due = calendar.add_workdays(until.day, paused) if paused else until
    day = shanghai_day(extension.at)
    return _candidate(Rule.EXTENSION, due, policy, day, (extension.until - day).days, paused)


def _hard_stop(at: Standing, policy: Policy, calendar: Calendar) -> list[Candidate]:
    start, number, paused = shanghai_day(at.counted_from), policy.statutory_days[at.step], len(at.paused)
    last = calendar.last_workday_on_or_before(start + timedelta(days=number + paused))
    dates = [_candidate(Rule.LAST_WORKDAY_BEFORE_THE_LAW, last, policy, start, number, paused)]
    if at.step == 0:
        out = _workdays(at.paused, calendar)
        due = calendar.add_workdays(start, policy.hard_stop_workdays + out)
        dates.append(_candidate(Rule.HARD_STOP_WORKDAYS, due, policy, start, policy.hard_stop_workdays, out))
    return dates


def _statutory(at: Standing, policy: Policy) -> Candidate:
    """Calendar days, never rolled over a day off to a later one."""
    start, number, paused = shanghai_day(at.counted_from), policy.statutory_days[at.step], len(at.paused)
    due = Due(start + timedelta(days=number + paused), provisional=False)
    return _candidate(Rule.CALENDAR_DAYS_OF_THE_LAW, due, policy, start, number, paused)


def _candidate(rule: Rule, due: Due, policy: Policy, counted_from: date, number: int, left_out: int = 0) -> Candidate:
    return Candidate(rule, end_of(due.day, policy), due.provisional, counted_from, number, left_out)


def _workdays(days: Iterable[date], calendar: Calendar) -> int:
    return sum(calendar.expected_workday(day) for day in days)
