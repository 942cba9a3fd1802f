"""Codes, counters and clocks without a database."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.identity import attempts, otp
from shouwen.identity.attempts import DAY, HOUR, Lock, NoMoreCodes, TooSoon
from shouwen.identity.check import next_step, number_is_new
from shouwen.identity.counters import address_key
from shouwen.identity.level import Level, Standing
from shouwen.identity.rules import Rules
from shouwen.identity.salutation import opening
from shouwen.identity.security_log import coarse

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
RULES = Rules(key=b"k" * 32)
ages = st.lists(st.timedeltas(timedelta(0), timedelta(hours=30)), max_size=15)


def test_codes_are_six_digits_each_as_likely_as_any_other() -> None:
    draws = 20_000
    codes = [otp.new_code() for _ in range(draws)]
    assert all(len(code) == 6 and code.isascii() and code.isdecimal() for code in codes)
    for place in range(6):
        seen = Counter(code[place] for code in codes)
        chi_square = sum((seen[str(digit)] - draws / 10) ** 2 / (draws / 10) for digit in range(10))
        assert chi_square < 80  # 9 degrees of freedom: a fair source exceeds this once in 10**13 runs
    assert any(code.startswith("0") for code in codes)


def test_codes_come_from_the_systems_random_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda limit: {10**6: 7}[limit])
    assert otp.new_code() == "000007"


@given(st.lists(st.text(max_size=8), min_size=1, max_size=5), st.lists(st.text(max_size=8), min_size=1, max_size=5))
def test_a_hash_is_of_its_parts_and_their_bounds(one: list[str], other: list[str]) -> None:
    assert otp.same(otp.keyed_hash(b"k", "otp", *one), otp.keyed_hash(b"k", "otp", *other)) == (one == other)


def test_another_key_or_kind_gives_another_hash() -> None:
    assert len({otp.keyed_hash(key, kind, "x") for key in (b"a", b"b") for kind in ("otp", "phone")}) == 4


@given(st.sampled_from(range(6)))
def test_a_code_is_bound_to_everything_it_is_for(place: int) -> None:
    parts = ["123456", "check", "conversation", "act", "subject"]
    bent = [part + ("x" if place == index else "") for index, part in enumerate(parts)]
    assert (otp.code_hash(b"k", *parts) == otp.code_hash(b"k", *bent)) == (place == 5)


@given(ages)
def test_no_code_is_sent_past_any_of_the_limits(given_ages: list[timedelta]) -> None:
    sent = [NOW - age for age in given_ages]
    verdict = attempts.sending(sent, RULES, NOW)
    in_hour = sum(age < HOUR for age in given_ages)
    in_day = sum(age < DAY for age in given_ages)
    if in_hour >= 5 or in_day >= 10:
        assert isinstance(verdict, NoMoreCodes)
    elif given_ages and min(given_ages) < timedelta(seconds=60):
        assert isinstance(verdict, TooSoon)
        assert 1 <= verdict.seconds <= 60
        assert min(given_ages) + timedelta(seconds=verdict.seconds) >= timedelta(seconds=60)
    else:
        assert verdict is None


@given(ages)
def test_five_in_half_an_hour_lock_and_fewer_do_not(given_ages: list[timedelta]) -> None:
    failed = [NOW - age for age in given_ages]
    lock = attempts.lock_due(failed, [], RULES, NOW)
    in_day = sum(age < DAY for age in given_ages)
    in_window = sum(age < timedelta(minutes=30) for age in given_ages)
    if in_day >= 10:
        assert lock == Lock(NOW, NOW + DAY, "failed_checks_day")
    elif in_window >= 5:
        assert lock == Lock(NOW, NOW + timedelta(minutes=30), "failed_checks")
    else:
        assert lock is None
        assert 1 <= attempts.tries_left(failed, [], RULES, NOW) <= 5


@given(ages, st.integers(1, 5))
def test_the_tries_told_are_the_tries_there_are(given_ages: list[timedelta], extra: int) -> None:
    failed = [NOW - age for age in given_ages]
    if attempts.lock_due(failed, [], RULES, NOW):
        return
    left = attempts.tries_left(failed, [], RULES, NOW)
    more = [*failed, *[NOW] * extra]
    assert (attempts.lock_due(more, [], RULES, NOW) is not None) == (extra >= left)


def test_failures_before_a_lock_were_paid_for() -> None:
    lock = Lock(NOW - timedelta(minutes=5), NOW, "failed_checks")
    before = [NOW - timedelta(minutes=6)] * 5
    assert attempts.lock_due(before, [lock], RULES, NOW) is None
    assert attempts.lock_due([*before, *[NOW] * 5], [lock], RULES, NOW) == Lock(
        NOW, NOW + timedelta(hours=24), "failed_checks_day"
    )


@given(st.integers(0, 40))
def test_locks_double_up_to_a_day(earlier: int) -> None:
    locks = [Lock(NOW - timedelta(minutes=n), NOW, "failed_checks") for n in range(earlier)]
    length = attempts.doubled(locks, RULES, NOW)
    assert length == min(timedelta(minutes=30 * 2 ** min(earlier, 10)), timedelta(hours=24))


def test_details_lock_a_conversation_at_the_third_time() -> None:
    failed = [NOW - timedelta(minutes=n) for n in range(3)]
    assert attempts.conversation_lock_due(failed[:2], [], RULES, NOW) is None
    lock = attempts.conversation_lock_due(failed, [], RULES, NOW)
    assert lock == Lock(NOW, NOW + timedelta(minutes=30), "id_tries")
    assert attempts.conversation_lock_due(failed, [lock], RULES, NOW) is None


@given(ages)
def test_an_address_waits_until_one_of_its_uses_is_old_enough(given_ages: list[timedelta]) -> None:
    times = [NOW - age for age in given_ages]
    wait = attempts.address_waits(times, 3, HOUR, NOW)
    if wait is None:
        assert sum(age < HOUR for age in given_ages) < 3
    else:
        later = NOW + timedelta(seconds=wait)
        assert attempts.within(times, HOUR, later) < 3
        assert attempts.within(times, HOUR, later - timedelta(seconds=2)) >= 3 or wait == 1


@pytest.mark.parametrize(
    ("act", "standing", "step"),
    [
        ("ticket_status", Standing(), "phone"),
        ("loss_stop", Standing(), "phone"),
        ("password_reset", Standing(), "phone"),
        ("ticket_status", Standing(Level.CONTACT, age=timedelta(minutes=9)), None),
        ("loss_stop", Standing(Level.CONTACT, age=timedelta(minutes=9)), "holder"),
        ("loss_stop", Standing(Level.CONTACT, age=timedelta(minutes=9), holder_tail="0128"), None),
        ("loss_stop", Standing(Level.CUSTOMER, age=timedelta(minutes=9)), None),
        ("password_reset", Standing(Level.CONTACT, age=timedelta(minutes=1), fresh=True), "person"),
        ("password_reset", Standing(Level.CONTACT, age=timedelta(minutes=6)), "otp"),
        ("password_reset", Standing(Level.CUSTOMER, age=timedelta(minutes=6)), "otp"),
        ("password_reset", Standing(Level.CUSTOMER, age=timedelta(minutes=5), fresh=True), None),
        ("password_reset", Standing(Level.CUSTOMER, age=timedelta(minutes=3)), "otp"),
    ],
)
def test_what_is_missing(act: str, standing: Standing, step: str | None) -> None:
    assert next_step(act, standing) == step  # type: ignore[arg-type]


def test_a_number_is_new_before_its_thirtieth_day() -> None:
    today = date(2026, 11, 23)
    assert number_is_new(today - timedelta(days=29), today, 30)
    assert not number_is_new(today - timedelta(days=30), today, 30)
    assert not number_is_new(date(2000, 1, 1), today, 30)


def test_a_shorter_freshness_may_be_set_but_no_longer_one() -> None:
    assert replace(RULES, fresh_for=timedelta(minutes=1)).fresh_for < RULES.fresh_for
    stale_by_table = Standing(Level.CUSTOMER, age=timedelta(minutes=6), fresh=True)
    assert next_step("sms_notice", stale_by_table) == "otp"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", None),
        (None, None),
        ("unknown", None),
        ("203.0.113.77, 10.0.0.1", None),
    ],
)
def test_addresses_are_kept_as_networks(address: str | None, network: str | None) -> None:
    assert coarse(address) == network


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.77", "::ffff:203.0.113.77", True),
        ("203.0.113.77", "203.0.113.78", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("unknown", "unknown", True),
    ],
)
def test_a_line_is_counted_as_one_however_many_addresses_it_has(one: str, other: str, same: bool) -> None:
    assert (address_key(RULES, one) == address_key(RULES, other)) == same


def test_a_salutation_opens_a_reply() -> None:
    assert opening("王女士") == "王女士，"
    assert opening(None) == opening("") == ""


def test_the_key_does_not_show() -> None:
    assert "kkk" not in repr(RULES)
