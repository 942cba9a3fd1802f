"""What no history of a complaint can do to its dates."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.complaints.clock_events import (
    Classified,
    Clock,
    Event,
    Extended,
    Met,
    Paused,
    Promised,
    Received,
    RestartCause,
    Restarted,
    Resumed,
    Severity,
)
from shouwen.complaints.clocks import due_times, explain
from shouwen.complaints.policy import read_policies
from shouwen.complaints.year_files import read_calendar
from shouwen.text.zh import shanghai_day

CALENDAR = read_calendar()
POLICY = read_policies()["2026-11"]
WORKED = (Clock.FIRST_REPLY, Clock.ANSWER, Clock.HARD_STOP)
FIRST = datetime(2020, 1, 2, tzinfo=UTC)

# what histories may hold; `hours` is how long after the event before
Step = Callable[[datetime, list[Event]], Event]
SEVERITIES = st.sampled_from(list(Severity))
TOLD = st.one_of(st.none(), st.integers(-5, 300).map(lambda hours: timedelta(hours=hours)))


def _extended(told: timedelta | None, ahead: int) -> Step:
    return lambda now, _: Extended(
        now, shanghai_day(now) + timedelta(days=ahead), "manager", "reason", None if told is None else now + told
    )


def _paused(told: timedelta | None, ahead: int) -> Step:
    return lambda now, _: Paused(
        now, "outside_appraisal", shanghai_day(now) + timedelta(days=ahead), None if told is None else now + told
    )


def _promised(clock: Clock) -> Step:
    return lambda now, history: Promised(now, clock, due_times(history, POLICY, CALENDAR)[clock].due_at)


def _restarted(cause: RestartCause, told: timedelta | None) -> Step:
    return lambda now, _: Restarted(now, cause, None if told is None else now + told)


STEPS = st.one_of(
    SEVERITIES.map(lambda severity: lambda now, _: Classified(now, severity)),
    st.sampled_from(WORKED).map(_promised),
    st.sampled_from(list(Clock)).map(lambda clock: lambda now, _: Met(now, clock)),
    st.builds(_extended, TOLD, st.integers(-3, 70)),
    st.builds(_paused, TOLD, st.integers(-3, 70)),
    st.just(lambda now, _: Resumed(now)),
    st.builds(_restarted, st.sampled_from(list(RestartCause)), TOLD),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    now = FIRST + timedelta(minutes=draw(st.integers(0, 7 * 365 * 24 * 60)))
    history: list[Event] = [Received(now, draw(SEVERITIES))]
    for step, hours in draw(st.lists(st.tuples(STEPS, st.integers(0, 200)), max_size=6)):
        now += timedelta(hours=hours)
        history.append(step(now, history))
    return history


@settings(max_examples=400, deadline=None)
@given(histories())
def test_a_due_time_is_never_on_a_day_off_and_never_after_the_laws(history: list[Event]) -> None:
    dues = due_times(history, POLICY, CALENDAR)
    law = dues[Clock.STATUTORY].due_at
    for clock in WORKED:
        assert CALENDAR.expected_workday(shanghai_day(dues[clock].due_at))
        assert dues[clock].due_at <= law
    assert dues[Clock.ANSWER].due_at <= dues[Clock.HARD_STOP].due_at


@settings(max_examples=400, deadline=None)
@given(histories())
def test_a_date_moves_later_only_by_what_is_allowed_and_was_told_in_time(history: list[Event]) -> None:
    prefixes = [history[: length + 1] for length in range(len(history))]
    for before, after in pairwise(prefixes):
        event = after[-1]
        old, new = (due_times(part, POLICY, CALENDAR) for part in (before, after))
        later = {clock for clock in Clock if new[clock].due_at > old[clock].due_at}
        if not later:
            continue
        assert isinstance(event, Extended | Paused | Restarted), event
        assert event.told_at is not None
        if not isinstance(event, Restarted):
            assert later <= {Clock.ANSWER, Clock.HARD_STOP, Clock.STATUTORY}
            assert all(event.told_at <= old[clock].due_at for clock in later)


@settings(max_examples=200, deadline=None)
@given(histories())
def test_without_pauses_no_complaint_outlasts_sixty_days_of_its_last_start(history: list[Event]) -> None:
    history = [event for event in history if not isinstance(event, Paused)]
    told = explain(history, POLICY, CALENDAR)[Clock.STATUTORY].candidates[0]
    limit = told.counted_from + timedelta(days=POLICY.statutory_days[-1])
    assert shanghai_day(told.due_at) <= limit


@settings(max_examples=200, deadline=None)
@given(histories())
def test_the_deciding_date_stands_first_in_the_explanation(history: list[Event]) -> None:
    for clock, told in explain(history, POLICY, CALENDAR).items():
        assert told.due == due_times(history, POLICY, CALENDAR)[clock]
        assert told.due.due_at == told.candidates[0].due_at == min(c.due_at for c in told.candidates)
