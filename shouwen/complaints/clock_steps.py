"""One event of a complaint's history taken: where it stands after it, or why the event changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shouwen.complaints.calendar import Calendar
from shouwen.complaints.clock_dates import Candidate, Extension, Rule, Standing, candidates, end_of
from shouwen.complaints.clock_events import (
    Classified,
    Clock,
    Event,
    Extended,
    Met,
    Paused,
    Promised,
    RestartCause,
    Restarted,
    Resumed,
)
from shouwen.complaints.policy import Policy
from shouwen.text.zh import shanghai_day

# an answer told to the customer is a reply too, and what the law asks for
_MEETS: Mapping[Clock, tuple[Clock, ...]] = {
    Clock.ANSWER: (Clock.FIRST_REPLY, Clock.ANSWER, Clock.HARD_STOP, Clock.STATUTORY)
}
_MOVABLE = (Clock.ANSWER, Clock.HARD_STOP, Clock.STATUTORY)


class Why(StrEnum):
    """Why an event changes no date."""

    NOT_TOLD = "not_told"
    TOLD_TOO_LATE = "told_too_late"
    NOT_APPROVED = "not_approved"
    NO_REASON = "no_reason"
    NO_FURTHER_STEP = "no_further_step"
    NOT_A_WORKDAY = "not_a_workday"
    BEYOND_THE_LAW = "beyond_the_law"
    NOT_LATER = "not_later"
    TOO_LONG = "too_long"
    CAUSE_NOT_ALLOWED = "cause_not_allowed"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True)
class Refusal:
    """An event that changes nothing."""

    event: Event
    why: Why


def take(event: Event, standing: Standing, policy: Policy, calendar: Calendar) -> Standing | Refusal:
    """Where the complaint stands after one event, or why it changes nothing."""
    match event:
        case Classified(at, severity):
            return replace(standing, classes=(*standing.classes, (at, severity)))
        case Promised():
            return _promised(event, standing, policy, calendar)
        case Met(at, clock):
            now_met = dict.fromkeys(_MEETS.get(clock, (clock,)), at)
            return replace(standing, met={**now_met, **standing.met})
        case Resumed(at):
            return replace(standing, paused=frozenset(d for d in standing.paused if d <= shanghai_day(at)))
        case Restarted():
            why = _why_no_restart(event, standing)
            start = ((event.at, standing.classes[-1][1]),)
            return Refusal(event, why) if why else Standing(event.at, start)
        case Extended() | Paused():
            return _later(event, standing, policy, calendar)
    raise ValueError("a complaint is received once")


def _promised(event: Promised, standing: Standing, policy: Policy, calendar: Calendar) -> Standing:
    """The date told, if it is earlier than what stands: a promise never makes more time."""
    stands = candidates(standing, policy, calendar)[event.clock][0]
    if event.due_at > stands.due_at:
        return standing
    kept = Candidate(Rule.PROMISE, event.due_at, stands.provisional, shanghai_day(event.at))
    return replace(standing, kept={**standing.kept, event.clock: kept})


def _why_no_restart(event: Restarted, standing: Standing) -> Why | None:
    if event.told_at is None:
        return Why.NOT_TOLD
    if event.cause is RestartCause.REOPENED and Clock.ANSWER not in standing.met:
        return Why.NOT_ANSWERED
    return None


def _later(event: Extended | Paused, standing: Standing, policy: Policy, calendar: Calendar) -> Standing | Refusal:
    """More time for the answer and what stands behind it, for each clock only if told before its old date."""
    old = candidates(standing, policy, calendar)
    told = event.told_at
    if told is None:
        return Refusal(event, Why.NOT_TOLD)
    if told > old[Clock.HARD_STOP][0].due_at:
        return Refusal(event, Why.TOLD_TOO_LATE)
    if Clock.ANSWER in standing.met:
        return Refusal(event, Why.ANSWERED)
    if isinstance(event, Extended):
        changed: Standing | Why = _extended(event, standing, policy, calendar)
    else:
        changed = _paused(event, told, standing, policy)
    if isinstance(changed, Why):
        return Refusal(event, changed)
    moved = [clock for clock in _MOVABLE if told <= old[clock][0].due_at]
    changed = replace(changed, kept={clock: kept for clock, kept in standing.kept.items() if clock not in moved})
    new = candidates(changed, policy, calendar)
    stay = {
        clock: replace(old[clock][0], rule=Rule.OLD_DATE)
        for clock in Clock
        if clock not in moved and new[clock][0].due_at > old[clock][0].due_at
    }
    return replace(changed, kept={**changed.kept, **stay})


def _extended(event: Extended, standing: Standing, policy: Policy, calendar: Calendar) -> Standing | Why:
    if not event.approved_by.strip():
        return Why.NOT_APPROVED
    if not event.reason.strip():
        return Why.NO_REASON
    if standing.step + 1 == len(policy.statutory_days):
        return Why.NO_FURTHER_STEP
    if not calendar.expected_workday(event.until):
        return Why.NOT_A_WORKDAY
    until = end_of(event.until, policy)
    if until <= candidates(standing, policy, calendar)[Clock.ANSWER][0].due_at:
        return Why.NOT_LATER
    longer = Extension(event.at, event.until, standing.step + 1, standing.paused)
    extended = replace(standing, extension=longer)
    limit = candidates(replace(extended, kept={}), policy, calendar)[Clock.HARD_STOP][0]
    return Why.BEYOND_THE_LAW if until > limit.due_at else extended


def _paused(event: Paused, told: datetime, standing: Standing, policy: Policy) -> Standing | Why:
    """Days after the customer was told, up to the day it is expected back, are left out."""
    if event.cause not in policy.pauses:
        return Why.CAUSE_NOT_ALLOWED
    start = shanghai_day(max(event.at, told))
    length = (event.until - start).days
    if length < 1:
        return Why.NOT_LATER
    if length > policy.pause_days_at_most:
        return Why.TOO_LONG
    days = {start + timedelta(days=number) for number in range(1, length + 1)}
    return replace(standing, paused=standing.paused | days)
