"""When each promise of a complaint is due: named cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from shouwen.complaints.calendar_change import OpenComplaint, preview
from shouwen.complaints.clock_dates import Rule
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
from shouwen.complaints.clock_steps import Why
from shouwen.complaints.clocks import DueTime, due_times, explain, next_due
from shouwen.complaints.policy import policy_on, read_policies
from shouwen.complaints.year_files import parse_year, read_calendar
from shouwen.errors import NotFound
from shouwen.text.zh import SHANGHAI, shanghai_day

CALENDAR = read_calendar()
POLICIES = read_policies()
POLICY = POLICIES["2026-11"]
WORKED = (Clock.FIRST_REPLY, Clock.ANSWER, Clock.HARD_STOP)


def at(text: str) -> datetime:
    """An instant given as Shanghai reads it, "11-23 09:30" of 2026, or with the year in front."""
    text = text if len(text) > 11 else f"2026-{text}"
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


def days(history: Sequence[Event], **changes: object) -> dict[Clock, str]:
    """Each clock's due day in Shanghai; every due time but the acknowledgement's is 18:00."""
    dues = due_times(history, replace(POLICY, **changes), CALENDAR)
    assert {due.due_at.astimezone(SHANGHAI).time() for clock, due in dues.items() if clock != "acknowledge"} == {
        time(18)
    }
    return {clock: shanghai_day(due.due_at).isoformat() for clock, due in dues.items()}


def received(when: str, severity: Severity = Severity.COMPLEX) -> Received:
    return Received(at(when), severity)


def extended(when: str, until: str, told: str | None = "", **changes: str) -> Extended:
    told_at = None if told is None else at(told or when)
    fields = {"approved_by": "manager", "reason": "records of another bank", **changes}
    return Extended(at(when), date.fromisoformat(until), told_at=told_at, **fields)


def paused(when: str, until: str, told: str | None = "", cause: str = "outside_appraisal") -> Paused:
    return Paused(at(when), cause, date.fromisoformat(until), None if told is None else at(told or when))


def restarted(when: str, cause: RestartCause = RestartCause.NEW_FACTS) -> Restarted:
    return Restarted(at(when), cause, at(when))


def whys(history: Sequence[Event]) -> list[Why]:
    return [refusal.why for refusal in explain(history, POLICY, CALENDAR)[Clock.ANSWER].refused]


# first reply, answer, hard stop, the law's day
FILED = [
    ("general on a Monday", "11-23 09:30", "general", "11-24 11-24 12-02 12-08"),
    ("complex on a Monday", "11-23 09:30", "complex", "11-26 11-30 12-02 12-08"),
    ("unsure counts as complex", "11-23 09:30", "unsure", "11-26 11-30 12-02 12-08"),
    ("urgent before four is answered by a person the same day", "11-23 15:59", "urgent", "11-23 11-26 12-02 12-08"),
    ("urgent after four waits for the next working day", "11-23 16:00", "urgent", "11-24 11-26 12-02 12-08"),
    ("urgent on a Sunday", "11-22 10:00", "urgent", "11-23 11-25 12-01 12-07"),
    ("after hours the day still is the day of receipt", "11-23 23:59", "general", "11-24 11-24 12-02 12-08"),
    ("one minute later it is the next", "11-24 00:00", "general", "11-25 11-25 12-03 12-09"),
    ("Friday before a make-up Saturday", "02-13 17:30", "general", "02-14 02-14 02-28 02-28"),
    ("before the Spring Festival the law stops first", "02-13 17:30", "complex", "02-25 02-27 02-28 02-28"),
    ("day 15 on a day off: the working day before", "09-18 10:00", "complex", "09-22 09-24 09-29 10-03"),
    ("day 15 after the National Day", "09-24 10:00", "complex", "09-30 10-09 10-09 10-09"),
    ("in the middle of a holiday", "10-03 12:00", "general", "10-08 10-08 10-15 10-18"),
]


@pytest.mark.parametrize(("when", "severity", "expected"), [row[1:] for row in FILED], ids=[row[0] for row in FILED])
def test_dates_of_a_complaint_just_filed(when: str, severity: str, expected: str) -> None:
    found = days([received(when, Severity(severity))])
    assert [found[clock] for clock in (*WORKED, Clock.STATUTORY)] == [f"2026-{day}" for day in expected.split()]


# received, and day 15 of the law
GOLDEN_LAW = """
2025-12-31 2026-01-15
2026-02-13 2026-02-28
2026-02-15 2026-03-02
2026-04-30 2026-05-15
2026-06-18 2026-07-03
2026-09-18 2026-10-03
2026-09-24 2026-10-09
2026-09-30 2026-10-15
2026-10-03 2026-10-18
2026-11-22 2026-12-07
2026-12-30 2027-01-14
"""


@pytest.mark.parametrize("row", GOLDEN_LAW.split("\n")[1:-1])
def test_golden_days_of_the_law(row: str) -> None:
    day, law = row.split()
    assert days([received(f"{day} 12:00")])[Clock.STATUTORY] == law


def test_the_acknowledgement_is_due_in_the_same_turn_even_at_night() -> None:
    due = due_times([received("10-03 02:00")], POLICY, CALENDAR)[Clock.ACKNOWLEDGE]
    assert due.due_at == at("10-03 02:00") + timedelta(seconds=5)


# complex, received, by working days, by calendar days, and the warning under working days
FIRST_REPLIES = [
    ("an ordinary week", "11-23 09:30", "11-26", "11-26", None),
    ("over a weekend", "11-19 09:30", "11-24", "11-23", "11-22"),
    ("over the National Day: the next working day (Civil Code 203)", "09-30 09:30", "10-10", "10-08", "10-03"),
]


@pytest.mark.parametrize("row", FIRST_REPLIES, ids=[row[0] for row in FIRST_REPLIES])
def test_both_rules_of_the_first_reply(row: tuple[str, str, str, str, str | None]) -> None:
    _, when, workdays, calendar_days, warning = row
    history = [received(when)]
    assert days(history)[Clock.FIRST_REPLY] == f"2026-{workdays}"
    assert days(history, first_reply_rule="calendar_days")[Clock.FIRST_REPLY] == f"2026-{calendar_days}"
    warn_at = due_times(history, POLICY, CALENDAR)[Clock.FIRST_REPLY].warn_at
    assert warn_at == (at(f"{warning} 18:00") if warning else None)


def test_an_extension_goes_to_thirty_then_to_sixty_days_and_no_further() -> None:
    history: list[Event] = [received("11-02 10:00"), extended("11-06 10:00", "2026-11-27")]
    assert days(history)[Clock.ANSWER] == "2026-11-27"
    assert days(history)[Clock.HARD_STOP] == days(history)[Clock.STATUTORY] == "2026-12-02"
    history.append(extended("11-26 10:00", "2026-12-30"))
    assert days(history)[Clock.ANSWER] == "2026-12-30"
    assert days(history)[Clock.STATUTORY] == "2027-01-01"
    assert days(history)[Clock.HARD_STOP] == "2026-12-31"
    assert days(history)[Clock.FIRST_REPLY] == "2026-11-05"
    history.append(extended("12-29 10:00", "2027-01-20"))
    assert whys(history) == [Why.NO_FURTHER_STEP]
    assert days(history) == days(history[:-1])


MONDAY = received("11-23 09:30")
ANSWERED = Met(at("11-25 10:00"), Clock.ANSWER)
REFUSED: list[tuple[str, list[Event], Why]] = [
    ("customer not told", [extended("11-24 10:00", "2026-12-08", None)], Why.NOT_TOLD),
    ("told after the hard stop", [extended("12-03 10:00", "2026-12-08")], Why.TOLD_TOO_LATE),
    ("nobody approved", [extended("11-24 10:00", "2026-12-08", approved_by=" ")], Why.NOT_APPROVED),
    ("no reason", [extended("11-24 10:00", "2026-12-08", reason="")], Why.NO_REASON),
    ("to a Sunday", [extended("11-24 10:00", "2026-12-06")], Why.NOT_A_WORKDAY),
    ("past thirty days", [extended("11-24 10:00", "2026-12-24")], Why.BEYOND_THE_LAW),
    ("to an earlier day", [extended("11-24 10:00", "2026-11-27")], Why.NOT_LATER),
    ("after the answer", [ANSWERED, extended("11-26 10:00", "2026-12-08")], Why.ANSWERED),
    ("a pause not told", [paused("11-24 10:00", "2026-12-04", None)], Why.NOT_TOLD),
    ("a pause told too late", [paused("11-24 10:00", "2026-12-14", "12-03 10:00")], Why.TOLD_TOO_LATE),
    ("a pause for the customer's papers", [paused("11-24 10:00", "2026-12-04", cause="papers")], Why.CAUSE_NOT_ALLOWED),
    ("a pause of no day", [paused("11-24 10:00", "2026-11-24")], Why.NOT_LATER),
    ("a pause of years", [paused("11-24 10:00", "9999-12-31")], Why.TOO_LONG),
    ("new facts not told", [Restarted(at("11-24 10:00"), RestartCause.NEW_FACTS, None)], Why.NOT_TOLD),
    ("reopened while open", [restarted("11-24 10:00", RestartCause.REOPENED)], Why.NOT_ANSWERED),
]


@pytest.mark.parametrize(("events", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_the_rules_do_not_allow_moves_no_date_and_says_why(events: list[Event], why: Why) -> None:
    assert whys([MONDAY, *events]) == [why]
    assert days([MONDAY, *events]) == days([MONDAY])


def test_an_answer_that_is_overdue_stays_so_though_the_law_is_extended_in_time() -> None:
    found = days([MONDAY, extended("12-01 10:00", "2026-12-15")])
    assert found[Clock.ANSWER] == "2026-11-30"
    assert found[Clock.STATUTORY] == "2026-12-23"


def test_days_of_an_appraisal_are_left_out_after_the_customer_was_told() -> None:
    # told on the 24th, back on the 4th: ten days, eight of them worked
    found = days([MONDAY, paused("11-24 10:00", "2026-12-04")])
    assert found[Clock.FIRST_REPLY] == "2026-11-26"
    assert found[Clock.ANSWER] == "2026-12-10"
    assert found[Clock.HARD_STOP] == "2026-12-14"
    assert found[Clock.STATUTORY] == "2026-12-18"
    assert days([MONDAY, paused("11-24 10:00", "2026-12-04", "11-26 10:00")])[Clock.STATUTORY] == "2026-12-16"


def test_an_appraisal_back_earlier_gives_the_days_back() -> None:
    history = [MONDAY, paused("11-24 10:00", "2026-12-04"), Resumed(at("11-27 09:00"))]
    assert days(history)[Clock.ANSWER] == "2026-12-03"
    assert days(history)[Clock.STATUTORY] == "2026-12-11"


def test_a_class_found_during_a_pause_leaves_out_the_days_after_it() -> None:
    history = [MONDAY, paused("11-24 10:00", "2026-12-04"), Classified(at("11-26 10:00"), Severity.URGENT)]
    assert days(history)[Clock.ANSWER] == "2026-12-09"


def test_no_class_lets_an_answer_outlast_the_hard_stop() -> None:
    slow = {**POLICY.answer_workdays, Severity.COMPLEX: 12}
    found = days([MONDAY], answer_workdays=slow, first_reply_within=12, first_reply_workdays=slow)
    assert found[Clock.ANSWER] == found[Clock.FIRST_REPLY] == found[Clock.HARD_STOP] == "2026-12-02"


def test_an_extension_told_during_a_pause_has_that_pause_in_it() -> None:
    pause, more = paused("11-24 10:00", "2026-12-04"), extended("11-25 10:00", "2026-12-15")
    assert days([MONDAY, pause, more])[Clock.ANSWER] == "2026-12-15"
    later = paused("12-07 10:00", "2026-12-08")
    assert days([MONDAY, pause, more, later])[Clock.ANSWER] == "2026-12-16"


def test_new_facts_count_everything_anew() -> None:
    history: list[Event] = [MONDAY, Met(at("11-24 10:00"), Clock.FIRST_REPLY), restarted("11-27 19:00")]
    assert days(history) == days([received("11-27 19:00")])
    assert due_times(history, POLICY, CALENDAR)[Clock.FIRST_REPLY].met_at is None


def test_new_facts_keep_the_class_found_last() -> None:
    history = [MONDAY, Classified(at("11-24 10:00"), Severity.URGENT), restarted("11-27 12:00")]
    assert days(history) == days([received("11-27 12:00", Severity.URGENT)])


def test_not_solved_counts_anew_after_an_answer() -> None:
    history = [MONDAY, ANSWERED, restarted("12-01 10:00", RestartCause.REOPENED)]
    assert days(history) == days([received("12-01 10:00")])


def test_another_class_only_brings_dates_forward() -> None:
    assert days([MONDAY, Classified(at("11-24 10:00"), Severity.URGENT)])[Clock.ANSWER] == "2026-11-27"
    assert days([MONDAY, Classified(at("11-24 10:00"), Severity.URGENT)])[Clock.FIRST_REPLY] == "2026-11-24"
    general = received("11-23 09:30", Severity.GENERAL)
    assert days([general, Classified(at("11-23 10:00"), Severity.COMPLEX)]) == days([general])


def test_a_class_found_after_an_extension_brings_the_extended_date_forward() -> None:
    history = [MONDAY, extended("11-24 10:00", "2026-12-15"), Classified(at("11-26 10:00"), Severity.URGENT)]
    assert days(history)[Clock.ANSWER] == "2026-12-01"


def test_a_promise_of_an_earlier_date_stands_and_one_of_a_later_date_makes_no_time() -> None:
    early = Promised(at("11-23 10:00"), Clock.ANSWER, at("11-25 18:00"))
    late = Promised(at("11-23 11:00"), Clock.ANSWER, at("12-02 18:00"))
    assert days([MONDAY, early])[Clock.ANSWER] == days([MONDAY, early, late])[Clock.ANSWER] == "2026-11-25"
    assert days([MONDAY, late]) == days([MONDAY])


def test_an_answer_meets_every_clock_but_the_acknowledgement() -> None:
    dues = due_times([MONDAY, ANSWERED], POLICY, CALENDAR)
    assert {clock for clock, due in dues.items() if due.met_at == ANSWERED.at} == set(Clock) - {Clock.ACKNOWLEDGE}
    first = Met(at("11-24 10:00"), Clock.FIRST_REPLY)
    assert due_times([MONDAY, first, ANSWERED], POLICY, CALENDAR)[Clock.FIRST_REPLY].met_at == first.at


def test_the_next_due_time_is_the_earliest_still_to_be_met() -> None:
    history: list[Event] = [MONDAY]
    order: list[DueTime | None] = []
    for clock in (Clock.ACKNOWLEDGE, Clock.FIRST_REPLY, Clock.ANSWER, None):
        order.append(next_due(due_times(history, POLICY, CALENDAR)))
        history += [Met(at("11-24 10:00"), clock)] if clock else []
    assert [due and due.clock for due in order] == [Clock.ACKNOWLEDGE, Clock.FIRST_REPLY, Clock.ANSWER, None]


def test_a_date_beyond_the_notices_is_provisional_and_the_laws_is_not() -> None:
    dues = due_times([received("2026-12-28 10:00")], POLICY, CALENDAR)
    assert {clock: due.provisional for clock, due in dues.items()} == {
        Clock.ACKNOWLEDGE: False,
        Clock.FIRST_REPLY: False,
        Clock.ANSWER: True,
        Clock.HARD_STOP: True,
        Clock.STATUTORY: False,
    }


def test_why_this_date_is_told_from_its_inputs() -> None:
    history = [received("02-13 17:30"), extended("02-14 10:00", "2026-04-01", None)]
    told = explain(history, POLICY, CALENDAR)[Clock.HARD_STOP]
    first, second = told.candidates
    assert (first.rule, first.counted_from, first.number) == (
        Rule.LAST_WORKDAY_BEFORE_THE_LAW,
        date(2026, 2, 13),
        15,
    )
    assert (second.rule, shanghai_day(second.due_at), second.number) == (
        Rule.HARD_STOP_WORKDAYS,
        date(2026, 3, 2),
        7,
    )
    assert (told.policy_version, told.calendar_version) == ("2026-11", CALENDAR.version)
    assert [refusal.why for refusal in told.refused] == [Why.NOT_TOLD]
    assert told.due == due_times(history, POLICY, CALENDAR)[Clock.HARD_STOP]
    overdue = explain([MONDAY, extended("12-01 10:00", "2026-12-15")], POLICY, CALENDAR)[Clock.ANSWER]
    assert overdue.candidates[0].rule is Rule.OLD_DATE


@pytest.mark.parametrize(
    "history", [[], [ANSWERED], [MONDAY, MONDAY], [received("11-23 09:30"), Met(at("11-22 10:00"), Clock.ANSWER)]]
)
def test_a_history_that_is_none_is_refused(history: list[Event]) -> None:
    with pytest.raises(ValueError, match="a history"):
        due_times(history, POLICY, CALENDAR)


YEAR_2027 = """
year: 2027
notice: {name: trial, number: none, date: 2026-11-20}
days_off: [2027-01-01, 2027-01-04, 2027-01-05, 2027-02-05, 2027-02-08, 2027-02-09, 2027-02-10, 2027-02-11,
  2027-02-12, 2027-04-05, 2027-05-03, 2027-05-04, 2027-05-05, 2027-06-09, 2027-09-15, 2027-10-01, 2027-10-04,
  2027-10-05, 2027-10-06, 2027-10-07]
weekends_worked: [2027-01-16, 2027-01-30, 2027-02-14, 2027-05-08, 2027-09-26, 2027-10-09]
"""


def test_a_new_year_brings_dates_forward_and_never_puts_them_off() -> None:
    new = CALENDAR.with_years([parse_year(YEAR_2027, "2027.yml")])
    sooner = OpenComplaint("SOONER", [received("2027-01-11 10:00")], POLICY)
    later = OpenComplaint("LATER", [received("2026-12-28 10:00")], POLICY)
    done = OpenComplaint("DONE", [received("2026-12-28 10:00"), Met(at("2026-12-29 10:00"), Clock.ANSWER)], POLICY)
    changes = preview(CALENDAR, new, [sooner, later, done])
    told = {(c.number, c.clock): (c.to_be_told, shanghai_day(c.becomes).isoformat()) for c in changes}
    assert told == {
        ("SOONER", Clock.ANSWER): (True, "2027-01-16"),
        ("SOONER", Clock.HARD_STOP): (True, "2027-01-19"),
        ("LATER", Clock.ANSWER): (False, "2027-01-05"),
        ("LATER", Clock.HARD_STOP): (False, "2027-01-07"),
    }


def test_a_promise_kept_in_the_history_outlasts_the_new_year() -> None:
    new = CALENDAR.with_years([parse_year(YEAR_2027, "2027.yml")])
    filed = received("2026-12-28 10:00")
    before = due_times([filed], POLICY, CALENDAR)
    history = [filed, *(Promised(filed.at, clock, due.due_at) for clock, due in before.items())]
    assert preview(CALENDAR, new, [OpenComplaint("KEPT", history, POLICY)]) == []


def test_a_complaint_falls_under_the_policy_of_its_day() -> None:
    newer = replace(POLICY, version="2027-03", in_force_from=date(2027, 3, 1))
    policies = {**POLICIES, newer.version: newer}
    assert policy_on(policies, date(2027, 2, 28)) is POLICY
    assert policy_on(policies, date(2027, 3, 1)) is newer
    with pytest.raises(NotFound):
        policy_on(policies, date(2026, 10, 31))
