"""Sends, failures and locks, counted where they must be (identity §3.2)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from shouwen.errors import TooManyRequests
from shouwen.identity import service
from shouwen.identity import tables as t
from shouwen.identity.level import Level
from shouwen.identity.progress import Locked, Progress, Prompt
from shouwen.outside.corebank import Customer
from shouwen.text.moments import moment
from tests.conftest import Clock
from tests.identity.conftest import LI, OTHER_PHONE, RULES, WANG, Chat, events, said, values

Another = Callable[..., Chat]


def fail_codes(chat: Chat, times: int, customer: Customer | None = WANG) -> Progress:
    """Type so many wrong codes, asking for new ones where need be; the last outcome."""
    progress = None
    for _ in range(times):
        if progress is None:
            chat.begin()
            progress = chat.phone(customer)
        elif progress.state == "void":
            chat.clock.forward(seconds=60)
            chat.again()
        progress = chat.wrong_code()
    assert progress is not None
    return progress


def test_a_second_code_within_a_minute_is_too_soon(chat: Chat, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    form = chat.form
    clock.forward(seconds=20)
    soon = chat.again()
    assert (soon.state, said(soon), values(soon)["seconds"]) == ("again", "utter_identity_otp_too_soon", 40)
    assert soon.otp is None
    assert chat.form == form
    assert chat.code().state == "next", "the code that was sent still counts"


def test_another_conversation_does_not_shorten_the_minute(chat: Chat, another: Another, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    other = another()
    other.begin()
    soon = other.phone()
    assert (soon.state, said(soon), soon.otp) == ("again", "utter_identity_otp_too_soon", None)
    assert values(soon)["secure_form"]["fields"] == ["phone"]
    clock.forward(seconds=60)
    assert other.phone().state == "next"


def test_five_codes_an_hour(chat: Chat, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    for _ in range(4):
        clock.forward(minutes=2)
        assert chat.again().otp is not None
    clock.forward(minutes=2)
    ended = chat.again()
    assert (ended.state, said(ended), ended.outcome) == ("void", "utter_identity_otp_limit", "identity_failed")
    clock.forward(minutes=51)
    chat.begin()
    assert chat.phone().otp is not None


def test_ten_codes_a_day(chat: Chat, clock: Clock) -> None:
    for _ in range(10):
        chat.begin()
        assert chat.phone().otp is not None
        clock.forward(minutes=31)
    chat.begin()
    assert said(chat.phone()) == "utter_identity_otp_limit"
    clock.forward(hours=18, minutes=51)
    chat.begin()
    assert chat.phone().otp is not None


def test_another_customer_has_codes_of_its_own(chat: Chat, another: Another) -> None:
    chat.begin()
    chat.phone(WANG)
    other = another()
    other.begin()
    assert other.phone(LI).otp is not None


def test_twenty_codes_an_hour_slow_an_address_down(another: Another, clock: Clock) -> None:
    for number in range(20):
        busy = another()
        busy.begin()
        assert busy.phone(None, f"139001390{number:02}").otp is not None
    late = another()
    late.begin()
    with pytest.raises(TooManyRequests) as slow:
        late.phone(WANG)
    assert slow.value.retry_after == 3600
    elsewhere = another(address="198.51.100.1")
    elsewhere.begin()
    assert elsewhere.phone(WANG).otp is not None
    clock.forward(hours=1)
    late.begin()
    assert late.phone(LI).otp is not None


def test_five_failures_lock_for_half_an_hour(chat: Chat, clock: Clock) -> None:
    locked = fail_codes(chat, 5)
    until = clock() + timedelta(minutes=30)
    assert (locked.state, said(locked), locked.outcome) == ("locked", "utter_identity_locked", "identity_failed")
    assert values(locked)["until"] == moment(until)
    assert locked.notice is None
    assert chat.begin() == Locked(until)
    clock.forward(minutes=29, seconds=59)
    assert chat.begin() == Locked(until)
    clock.forward(seconds=1)
    assert isinstance(chat.begin(), Prompt)
    assert ("unlocked", None) in events(chat.database)


def test_the_lock_is_the_customers_in_every_conversation(chat: Chat, another: Another) -> None:
    fail_codes(chat, 5)
    other = another()
    assert isinstance(other.begin(), Prompt), "nobody knows yet who this is"
    assert said(other.phone(WANG)) == "utter_identity_locked"
    third = another()
    third.begin()
    assert third.phone(LI).state == "next"


def test_a_lock_elsewhere_ends_a_check_that_is_under_way(chat: Chat, another: Another, clock: Clock) -> None:
    mine = another()
    mine.begin()
    mine.phone()
    clock.forward(seconds=60)
    fail_codes(chat, 5)
    locked = mine.code()
    assert (locked.state, locked.outcome) == ("locked", "identity_failed")
    assert mine.standing.level == Level.ANONYMOUS


def test_a_lock_of_any_other_purpose_does_not_keep_a_card_from_being_stopped(chat: Chat, clock: Clock) -> None:
    fail_codes(chat, 5)
    assert chat.reach("loss_stop").outcome == "identity_done"
    assert chat.allows("loss_stop")


def test_a_lock_of_loss_stop_touches_nothing_else(chat: Chat, another: Another) -> None:
    chat.begin("loss_stop")
    chat.phone()
    chat.code()
    for _ in range(2):
        assert chat.details(matched=False, card_tail="0000").state == "again"
    assert chat.details(matched=False, card_tail="0000").state == "locked"
    assert isinstance(chat.begin("loss_stop"), Locked)
    assert isinstance(chat.begin("password_reset"), Prompt)


def test_each_lock_within_a_day_is_twice_as_long(chat: Chat, clock: Clock) -> None:
    chat.rules = replace(RULES, failed_checks_day=100, otp_per_hour=50, otp_per_day=50)
    for minutes in (30, 60, 120):
        fail_codes(chat, 5)
        assert chat.begin() == Locked(clock() + timedelta(minutes=minutes))
        clock.forward(minutes=minutes)


def test_ten_failures_in_a_day_lock_for_a_day_and_tell_the_owner(chat: Chat, clock: Clock) -> None:
    fail_codes(chat, 5)
    clock.forward(minutes=31)
    locked = fail_codes(chat, 5)
    until = clock() + timedelta(hours=24)
    assert chat.begin() == Locked(until)
    assert locked.notice is not None
    assert (locked.notice.customer_ref, locked.notice.until) == (WANG.ref, moment(until))


def test_failures_of_days_ago_are_forgotten(chat: Chat, clock: Clock) -> None:
    fail_codes(chat, 4)
    clock.forward(minutes=31)
    assert fail_codes(chat, 2).state == "again"


def test_wrong_details_count_left_tries_and_lock_the_conversation(chat: Chat, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    chat.code()
    assert [values(chat.details(matched=False))["left"] for _ in range(2)] == [2, 1]
    locked = chat.details(matched=False)
    assert (locked.state, said(locked)) == ("locked", "utter_identity_locked")
    assert chat.begin() == Locked(clock() + timedelta(minutes=30))
    assert ("locked", "id_tries") in events(chat.database)


def test_wrong_codes_and_wrong_details_count_together(chat: Chat) -> None:
    chat.begin()
    chat.phone()
    chat.wrong_code()
    chat.wrong_code()
    chat.code()
    assert values(chat.details(matched=False))["left"] == 2
    assert values(chat.details(matched=False))["left"] == 1
    assert chat.details(matched=False).state == "locked"


def test_failures_slow_an_address_down_at_twenty_times_a_customers(another: Another, clock: Clock) -> None:
    rules = replace(RULES, failed_checks=2, address_factor=3, otp_per_address_hour=100)
    for number in range(3):
        chat = another(rules=rules)
        fail_codes(
            chat, 2, Customer(f"c-{number}", "赵先生", "active", False, f"1390013900{number}", WANG.phone_since, None)
        )
    shared = another(rules=rules)
    shared.begin()
    with pytest.raises(TooManyRequests) as slow:
        shared.phone(WANG)
    assert slow.value.retry_after == 1800
    clock.forward(minutes=30)
    shared.begin()
    assert shared.phone(WANG).state == "next", "an address is never locked"


def test_numbers_and_addresses_are_counted_by_their_keyed_hash(chat: Chat) -> None:
    fail_codes(chat, 1)
    keys = chat.database.read_now(lambda tx: list(tx.execute(select(t.attempt.c.key)).scalars()))
    assert len(set(keys)) == 2
    assert all(len(key) == 64 and OTHER_PHONE not in key for key in keys)


def test_what_no_window_asks_for_is_forgotten(chat: Chat, clock: Clock) -> None:
    fail_codes(chat, 1)

    def left() -> tuple[int, int]:
        def count(tx: object) -> tuple[int, int]:
            return tuple(len(tx.execute(select(table)).all()) for table in (t.otp, t.attempt))  # type: ignore

        return chat.database.read_now(count)

    def forget(at: datetime) -> None:
        chat.write(lambda tx: service.forget(tx, at))

    forget(clock())
    assert left() == (1, 4)
    clock.forward(minutes=5)
    forget(clock())
    assert left() == (0, 4)
    clock.forward(hours=49)
    forget(clock())
    assert left() == (0, 0)
