"""When each promise of a complaint is due: pure functions over its history (requirements 0.1, design.md decision 8).

Nothing ticks and nothing is stored here. A date moves later only by an extension, a restart or a pause that the rules
allow, and only when the customer was told before the date it moves; what fails these is refused and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shouwen.complaints.calendar import Calendar
from shouwen.complaints.clock_dates import Candidate, Standing, candidates, warning
from shouwen.complaints.clock_events import Clock, Event, Received
from shouwen.complaints.clock_steps import Refusal, take
from shouwen.complaints.policy import Policy


@dataclass(frozen=True)
class DueTime:
    """When a clock is due (aware UTC) and when it was met.

    `provisional`: a notice to come may bring it forward. `warn_at`: an earlier warning inside the bank (R5).
    """

    clock: Clock
    due_at: datetime
    provisional: bool
    met_at: datetime | None
    warn_at: datetime | None = None


@dataclass(frozen=True)
class Explanation:
    """Why a date is what it is: every date the rules gave, the deciding one first, and what was refused."""

    due: DueTime
    candidates: tuple[Candidate, ...]
    policy_version: str
    calendar_version: str
    refused: tuple[Refusal, ...]


def due_times(history: Sequence[Event], policy: Policy, calendar: Calendar) -> dict[Clock, DueTime]:
    """The due time of every clock after this history, in the order it happened. ValueError unless it begins so."""
    standing, _ = _read(history, policy, calendar)
    return {clock: _due(clock, dates[0], standing, policy) for clock, dates in _dates(standing, policy, calendar)}


def explain(history: Sequence[Event], policy: Policy, calendar: Calendar) -> dict[Clock, Explanation]:
    """For every clock the inputs of its date, as data. ValueError as `due_times`."""
    standing, refused = _read(history, policy, calendar)
    return {
        clock: Explanation(_due(clock, dates[0], standing, policy), dates, policy.version, calendar.version, refused)
        for clock, dates in _dates(standing, policy, calendar)
    }


def next_due(dues: dict[Clock, DueTime]) -> DueTime | None:
    """The earliest clock still to be met, or None when all are."""
    return min((due for due in dues.values() if due.met_at is None), key=lambda due: due.due_at, default=None)


def _dates(standing: Standing, policy: Policy, calendar: Calendar) -> Sequence[tuple[Clock, tuple[Candidate, ...]]]:
    return tuple(candidates(standing, policy, calendar).items())


def _due(clock: Clock, date: Candidate, standing: Standing, policy: Policy) -> DueTime:
    warn_at = warning(standing, policy) if clock is Clock.FIRST_REPLY else None
    if warn_at and warn_at >= date.due_at:
        warn_at = None
    return DueTime(clock, date.due_at, date.provisional, standing.met.get(clock), warn_at)


def _read(history: Sequence[Event], policy: Policy, calendar: Calendar) -> tuple[Standing, tuple[Refusal, ...]]:
    first, *others = history or (None,)
    if not isinstance(first, Received) or any(isinstance(event, Received) for event in others):
        raise ValueError("a history begins with its one receipt")
    if any(earlier.at > later.at for earlier, later in zip(history, others, strict=False)):
        raise ValueError("a history is in the order it happened")
    standing = Standing(first.at, ((first.at, first.severity),))
    refused: list[Refusal] = []
    for event in others:
        outcome = take(event, standing, policy, calendar)
        if isinstance(outcome, Refusal):
            refused.append(outcome)
        else:
            standing = outcome
    return standing, tuple(refused)
