"""When the sandbox bank says no, and what time does to what it said."""

from datetime import timedelta

import pytest

from shouwen.sandbox import ledger as ledgers
from shouwen.sandbox.counter import Counter
from shouwen.sandbox.ledger import Ledger, Refusal
from shouwen.sandbox.once import Once
from shouwen.sandbox.seeds import fresh_ledger
from tests.conftest import Clock


@pytest.fixture
def ledger(clock: Clock) -> Ledger:
    return fresh_ledger(clock())


@pytest.fixture
def counter(ledger: Ledger, clock: Clock) -> Counter:
    return Counter(ledger, clock)


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        (lambda c: c.stop_card("nothing"), 404, "unknown_card"),
        (lambda c: c.stop_card("YS0007-C1"), 409, "card_closed"),
        (lambda c: c.set_sms_notice("nobody", True), 404, "unknown_customer"),
        (lambda c: c.set_sms_notice("YS0006", True), 409, "customer_not_active"),
        (lambda c: c.set_sms_notice("YS0007", True), 409, "customer_not_active"),
        (lambda c: c.bills("nobody"), 404, "unknown_customer"),
        (lambda c: c.quote("nothing", 3), 404, "unknown_bill"),
        (lambda c: c.quote("YS0001-B1", 5), 422, "terms_not_offered"),
        (lambda c: c.quote("YS0005-B1", 3), 409, "bill_too_small"),
        (lambda c: c.quote("YS0012-B1", 3), 409, "bill_not_eligible"),
        (lambda c: c.apply("nothing"), 404, "unknown_quote"),
        (lambda c: c.may_reset_password("YS0006"), 409, "customer_not_active"),
        (lambda c: c.may_reset_password("YS0007"), 409, "customer_not_active"),
        (lambda c: c.may_reset_password("YS0002"), 409, "no_app"),
        (lambda c: c.may_sign_in("YS0003"), 409, "customer_not_active"),
    ],
)
def test_a_refusal_has_its_word(counter: Counter, call, status: int, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as refusal:
        call(counter)
    assert (refusal.value.status, refusal.value.code) == (status, code)


def test_a_locked_login_may_be_reset(counter: Counter) -> None:
    counter.may_reset_password("YS0003")


def test_a_stop_ends_by_itself_and_can_be_made_again(counter: Counter, ledger: Ledger, clock: Clock) -> None:
    first = counter.stop_card("YS0006-C1")
    clock.forward(days=5, seconds=-1)
    assert ledger.card("YS0006-C1").public(clock()).state == "stopped"
    clock.forward(seconds=1)
    assert ledger.card("YS0006-C1").public(clock()).state == "frozen"
    second = counter.stop_card("YS0006-C1")
    assert (second.already, second.until) == (False, first.until + timedelta(days=5))
    assert second.receipt != first.receipt


def test_a_quote_is_over_after_half_an_hour(counter: Counter, clock: Clock) -> None:
    quote = counter.quote("YS0001-B1", 3)
    clock.forward(minutes=30)
    with pytest.raises(Refusal, match="quote_over"):
        counter.apply(quote.id)
    assert counter.apply(counter.quote("YS0001-B1", 3).id).receipt


def test_of_two_quotes_for_a_bill_one_is_taken(counter: Counter) -> None:
    one, other = counter.quote("YS0001-B1", 3), counter.quote("YS0001-B1", 24)
    counter.apply(other.id)
    with pytest.raises(Refusal, match="already_applied"):
        counter.apply(one.id)
    with pytest.raises(Refusal, match="already_applied"):
        counter.quote("YS0001-B1", 6)


def test_a_bill_may_be_split_until_the_day_before_it_is_due(counter: Counter, clock: Clock) -> None:
    clock.forward(days=11)
    assert counter.bills("YS0001")[0].instalment_allowed
    clock.forward(days=1)
    assert not counter.bills("YS0001")[0].instalment_allowed


@pytest.mark.parametrize("phone", ["13800138001", "13999999999", "13800138010", ""])
def test_a_search_compares_with_every_customer_whatever_it_finds(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, phone: str
) -> None:
    compared = []
    same = ledgers._same
    monkeypatch.setattr(ledgers, "_same", lambda one, other: compared.append(one) or same(one, other))
    ledger.by_phone(phone)
    assert compared == [person.phone for person in ledger.people]


@pytest.mark.parametrize("ref", ["YS0001", "YS0005", "nobody"])
@pytest.mark.parametrize("name", ["林晓雨", "没有人"])
def test_a_match_compares_as_much_whatever_is_right(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, ref: str, name: str
) -> None:
    compared = []
    same = ledgers._same
    monkeypatch.setattr(ledgers, "_same", lambda one, other: compared.append(one) or same(one, other))
    ledger.matches(ref, {"name": name, "id_number": "1", "card_tail": "0000"})
    open_cards = [card for person in ledger.people for card in person.cards if card.state != "closed"]
    assert len(compared) == 3 * len(ledger.people) + len(open_cards)


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ({"name": "黄志强", "id_number": "11000019881020135x"}, True),
        ({"name": " 黄志强 "}, True),
        ({"card_tail": "6690"}, True),
        ({"name": "黄志强", "id_number": "110000198810201350"}, False),
        ({"name": "黄志"}, False),
        ({"name": ""}, False),
        ({"card_tail": ""}, False),
        ({"card_tail": "1024"}, False),  # somebody else's
        ({"name": "林晓雨", "card_tail": "6690"}, False),
    ],
)
def test_a_match(ledger: Ledger, given: dict[str, str], right: bool) -> None:
    assert ledger.matches("YS0009", given) is right


def test_a_closed_card_matches_nobody(ledger: Ledger) -> None:
    assert not ledger.matches("YS0007", {"card_tail": "7079"})


def test_a_key_belongs_to_one_body_of_one_call() -> None:
    once, done = Once(), []
    for _ in range(3):
        assert once.run("POST /a", "key", b"{}", lambda: done.append(1) or b"first") == b"first"
    with pytest.raises(Refusal, match="key_reused"):
        once.run("POST /a", "key", b'{"on": true}', lambda: b"other")
    assert once.run("POST /b", "key", b"{}", lambda: b"second") == b"second"
    assert done == [1]


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_is_needed_and_not_endless(key: str) -> None:
    with pytest.raises(Refusal, match="missing_key"):
        Once().run("POST /a", key, b"", lambda: b"")


def test_what_was_refused_may_be_tried_again_with_the_same_key(counter: Counter) -> None:
    once = Once()

    def refuse() -> bytes:
        raise Refusal(409, "card_closed")

    with pytest.raises(Refusal):
        once.run("POST /a", "key", b"", refuse)
    assert once.run("POST /a", "key", b"", lambda: b"done") == b"done"
