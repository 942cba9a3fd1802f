"""Cards, bills, money and words: pure rules of the flows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.outside.corebank import Bill, Card, SmsNotice
from shouwen.servicing import instalment, loss_stop, money, password_reset, sms_notice
from shouwen.text import moments
from tests.conftest import NOON

NORMAL = Card("c-1", "1024", "debit", "normal", None)
FROZEN = Card("c-2", "6601", "credit", "frozen", None)
STOPPED = Card("c-3", "1217", "debit", "stopped", NOON + timedelta(days=3))
CLOSED = Card("c-4", "7079", "debit", "closed", None)
TWIN = Card("c-5", "1024", "credit", "normal", None)


def bill(bill_id: str = "b-1", amount: str = "600.00", *, allowed: bool = True, due: int = 5) -> Bill:
    return Bill(bill_id, "6601", Decimal(amount), date(2026, 12, due), "11月账单", allowed)


def test_a_finder_could_use_normal_and_frozen_cards() -> None:
    assert loss_stop.in_use([NORMAL, FROZEN, STOPPED, CLOSED]) == [NORMAL, FROZEN]
    assert loss_stop.in_use([NORMAL, FROZEN], "6601") == [FROZEN, NORMAL]


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ([NORMAL, CLOSED], NORMAL),
        ([STOPPED], STOPPED),
        ([NORMAL, FROZEN], None),
        ([NORMAL, STOPPED], None),
        ([CLOSED], None),
        ([], None),
    ],
)
def test_one_card_needs_no_choosing(cards: list[Card], expected: Card | None) -> None:
    assert loss_stop.only_one(cards) == expected


@pytest.mark.parametrize(
    ("choice", "tail", "expected"),
    [
        ("c-1", None, NORMAL),
        (None, "6601", FROZEN),
        ("c-2", "6601", FROZEN),
        ("c-2", "1024", None),
        (None, "1024", None),  # two cards end in it
        ("c-5", "1024", TWIN),
        (None, "1217", STOPPED),
        (None, "7079", None),
        ("c-4", None, None),
        (None, None, None),
        ("", "", None),
    ],
)
def test_an_answer_names_exactly_one_card_or_none(choice: str | None, tail: str | None, expected: Card | None) -> None:
    assert loss_stop.answered([NORMAL, FROZEN, STOPPED, CLOSED, TWIN], choice, tail) == expected


def test_the_card_that_stays_stopped_longest_comes_first() -> None:
    shorter = Card("c-6", "1", "debit", "stopped", NOON)
    open_end = Card("c-7", "2", "debit", "stopped", None)
    assert loss_stop.stopped([open_end, shorter, STOPPED, NORMAL]) == [STOPPED, shorter, open_end]
    assert loss_stop.already(open_end)[1]["until"] == ""


def test_only_allowed_bills_can_be_paid_so_the_next_due_first() -> None:
    bills = [bill("b-1", due=9), bill("b-2", allowed=False), bill("b-3", due=3), bill("b-4", "0")]
    assert [one.id for one in instalment.payable(bills)] == ["b-3", "b-1"]


@pytest.mark.parametrize(
    ("choice", "tail", "amount", "expected"),
    [
        ("b-1", None, None, "b-1"),
        (None, "6601", None, None),
        (None, None, "700", "b-2"),
        (None, None, "700.00", "b-2"),
        (None, None, "1", None),
        ("b-9", None, None, None),
        (None, None, None, None),
    ],
)
def test_an_answer_names_exactly_one_bill_or_none(
    choice: str | None, tail: str | None, amount: str | None, expected: str | None
) -> None:
    found = instalment.answered([bill("b-1"), bill("b-2", "700.00")], choice, tail, amount)
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("answer", "terms"),
    [("12", 12), ("12期", 12), ("3", 3), ("5", None), ("", None), (None, None), ("036", None), ("1206", None)],
)
def test_terms_are_those_that_are_offered(answer: str | None, terms: int | None) -> None:
    assert instalment.terms_of(answer) == terms


def test_an_offer_is_over_at_its_last_moment() -> None:
    details = {"valid_until": NOON.isoformat()}
    assert not instalment.is_over(details, NOON - timedelta(microseconds=1))
    assert instalment.is_over(details, NOON)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1234.56", "¥1,234.56"), ("0", "¥0.00"), ("0.005", "¥0.01"), ("1234567.8", "¥1,234,567.80"), ("500", "¥500.00")],
)
def test_money_is_written_with_two_places_and_commas(amount: str, text: str) -> None:
    assert money.yuan(Decimal(amount)) == text


@given(st.decimals(min_value=0, max_value=10**10, places=2))
def test_money_that_is_written_reads_back_as_itself(amount: Decimal) -> None:
    assert Decimal(money.yuan(amount)[1:].replace(",", "")) == amount


def test_a_rate_is_written_in_percent() -> None:
    assert money.percent(Decimal("13.266")) == "13.27%"


@pytest.mark.parametrize(("on", "wish", "changes"), [(True, "on", False), (True, "off", True), (False, "on", True)])
def test_a_wish_changes_something_or_not(on: bool, wish: str, changes: bool) -> None:
    assert sms_notice.changes(SmsNotice(on, Decimal("2.00"), None, None), wish) is changes


def test_the_token_stands_in_the_fragment() -> None:
    assert password_reset.link("https://bank.example/reset", "t0k") == "https://bank.example/reset#t0k"


def test_moments_are_shanghai_s() -> None:
    assert moments.moment(datetime(2026, 11, 22, 16, 5, tzinfo=UTC)) == "2026年11月23日00:05"
    assert moments.day(date(2026, 1, 2)) == "2026年1月2日"
