"""The bank's adapter against the sandbox bank over HTTP: what it gives, and what it makes of a bank in trouble."""

import logging
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from shouwen.errors import BankRefused, Unavailable
from shouwen.outside import http_corebank
from shouwen.outside.corebank import Bill, Customer, Quote
from shouwen.outside.http_corebank import HttpCoreBank
from shouwen.outside.partner import Pace, Partner
from tests.conftest import NOON, Clock
from tests.sandbox.running import RunningBank, running_bank

LIN, LIN_PHONE = "YS0001", "13800138001"
NOBODY = "http://127.0.0.1:1"
HURRIED = Pace(within=0.3, at_once=20)


async def test_a_customer_is_found_by_the_number_on_file(sandbox: RunningBank) -> None:
    found = await sandbox.bank.find_by_phone(LIN_PHONE)
    assert found == Customer(
        LIN,
        "林女士",
        "active",
        False,
        LIN_PHONE,
        date(2026, 11, 23) - timedelta(900),
        date(2026, 11, 23) - timedelta(700),
    )
    assert await sandbox.bank.customer(LIN) == found


@pytest.mark.parametrize("phone", ["13999999999", "13800138010", "", "1380013800", "' or 1=1"])
async def test_an_unknown_number_and_one_that_two_share_find_nobody(sandbox: RunningBank, phone: str) -> None:
    if not phone:
        with pytest.raises(BankRefused, match="bad_request"):
            await sandbox.bank.find_by_phone(phone)
    else:
        assert await sandbox.bank.find_by_phone(phone) is None


@pytest.mark.parametrize("ref", ["YS9999", "YS0001/cards", "../YS0001", "YS0001?x=1", "客户"])
async def test_an_unknown_customer_is_none_whatever_the_reference_looks_like(sandbox: RunningBank, ref: str) -> None:
    assert await sandbox.bank.customer(ref) is None


@pytest.mark.parametrize("ref", ["", ".", ".."])
async def test_a_reference_that_would_climb_is_refused_before_the_call(sandbox: RunningBank, ref: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        await sandbox.bank.customer(ref)


async def test_a_match_needs_everything_that_is_given(sandbox: RunningBank) -> None:
    bank = sandbox.bank
    assert await bank.matches(LIN, name="林晓雨", id_number="110000199804120224", card_tail="6601")
    assert await bank.matches(LIN, card_tail="1024")
    assert not await bank.matches(LIN, name="林晓雨", card_tail="9999")
    assert not await bank.matches(LIN, name="林小雨")
    assert not await bank.matches("YS9999", name="林晓雨")
    with pytest.raises(ValueError, match="nothing"):
        await bank.matches(LIN)


async def test_a_card_is_stopped_for_five_days_once_whatever_is_asked(sandbox: RunningBank, clock: Clock) -> None:
    card = (await sandbox.bank.cards(LIN))[0]
    assert (card.tail, card.state, card.stopped_until) == ("1024", "normal", None)
    first = await sandbox.bank.stop_card(card.id, "key-1")
    assert (first.already, first.until, first.card.state) == (False, NOON + timedelta(days=5), "stopped")
    clock.forward(hours=1)
    assert await sandbox.bank.stop_card(card.id, "key-1") == first
    again = await sandbox.bank.stop_card(card.id, "key-2")
    assert (again.already, again.until, again.receipt) == (True, first.until, first.receipt)
    assert (await sandbox.bank.cards(LIN))[0].stopped_until == first.until


async def test_the_sms_notice_is_turned_off_and_on(sandbox: RunningBank) -> None:
    before = await sandbox.bank.sms_notice(LIN)
    assert (before.on, before.fee_month, before.effective_at, before.receipt) == (True, Decimal("2.00"), None, None)
    off = await sandbox.bank.set_sms_notice(LIN, False, "key-1")
    assert (off.on, off.effective_at) == (False, NOON)
    assert off.receipt
    assert not (await sandbox.bank.sms_notice(LIN)).on
    assert await sandbox.bank.set_sms_notice(LIN, False, "key-1") == off


async def test_a_bill_is_quoted_and_paid_in_instalments_once(sandbox: RunningBank) -> None:
    [bill] = await sandbox.bank.bills(LIN)
    assert bill == Bill("YS0001-B1", "6601", Decimal("3680.55"), date(2026, 12, 5), "12月信用卡账单", True)
    quote = await sandbox.bank.quote_instalment(bill.id, 12, "key-1")
    assert quote == Quote(
        quote.id, bill.amount, Decimal("264.96"), Decimal("3945.51"), Decimal("328.82"), 12, Decimal("328.79"),
        Decimal("13.03"), NOON + timedelta(minutes=30),
    )  # fmt: skip
    assert (await sandbox.bank.quote_instalment(bill.id, 12, "key-1")).id == quote.id
    granted = await sandbox.bank.apply_instalment(quote.id, "key-2")
    assert granted.first_due == bill.due
    assert await sandbox.bank.apply_instalment(quote.id, "key-2") == granted
    assert not (await sandbox.bank.bills(LIN))[0].instalment_allowed


async def test_the_facts_for_a_complaint_and_the_page_for_a_new_password(sandbox: RunningBank) -> None:
    facts = await sandbox.bank.complaint_facts(LIN)
    assert (facts.customer_since, facts.branch) == (date(2026, 11, 23) - timedelta(1500), "云杉银行松林支行")
    assert await sandbox.bank.start_password_reset(LIN, "key-1") == f"{sandbox.url}/reset"


@pytest.mark.parametrize(
    ("ref", "code"), [("YS9999", "unknown_customer"), ("YS0002", "no_app"), ("YS0006", "customer_not_active")]
)
async def test_a_refusal_carries_the_banks_word(sandbox: RunningBank, ref: str, code: str) -> None:
    with pytest.raises(BankRefused) as refused:
        await sandbox.bank.start_password_reset(ref, "key-1")
    assert refused.value.code == code


async def test_a_bank_that_fails_is_unavailable_and_back_when_it_works_again(sandbox: RunningBank) -> None:
    await sandbox.weather("down")
    with pytest.raises(Unavailable, match="bank: 500"):
        await sandbox.bank.customer(LIN)
    await sandbox.weather("fine")
    assert await sandbox.bank.customer(LIN)


async def test_nonsense_is_unavailable_for_every_kind_of_answer(sandbox: RunningBank) -> None:
    await sandbox.weather("nonsense")
    bank = sandbox.bank
    calls = [
        bank.find_by_phone(LIN_PHONE), bank.customer(LIN), bank.matches(LIN, name="林晓雨"), bank.cards(LIN),
        bank.stop_card("YS0001-C1", "k"), bank.start_password_reset(LIN, "k"), bank.sms_notice(LIN),
        bank.set_sms_notice(LIN, True, "k"), bank.bills(LIN), bank.quote_instalment("YS0001-B1", 3, "k"),
        bank.complaint_facts(LIN),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(Unavailable, match="bank: nonsense in body"):
            await call


async def test_a_slow_bank_is_unavailable_at_the_limit_and_a_repeat_with_the_key_finds_what_it_did(
    clock: Clock,
) -> None:
    async with running_bank(clock, HURRIED) as sandbox:
        await sandbox.weather("slow", seconds=5)
        with pytest.raises(Unavailable, match="no answer in time"):
            await sandbox.bank.stop_card("YS0001-C1", "key-1")
        await sandbox.weather("fine")
        stopped = await sandbox.bank.stop_card("YS0001-C1", "key-1")
        assert not stopped.already


async def test_a_wrong_secret_is_our_fault_and_no_refusal(clock: Clock) -> None:
    async with running_bank(clock, secret="wrong") as sandbox:
        with pytest.raises(Unavailable, match="401"):
            await sandbox.bank.customer(LIN)


async def test_nobody_there_is_unavailable() -> None:
    partner = Partner("bank", NOBODY, "secret", HURRIED)
    with pytest.raises(Unavailable, match="bank"):
        await HttpCoreBank(partner).customer(LIN)
    await partner.close()


async def test_neither_errors_nor_logs_tell_of_the_customer(
    sandbox: RunningBank, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    for mode in ("down", "nonsense"):
        await sandbox.weather(mode)
        with pytest.raises(Unavailable) as error:
            await sandbox.bank.find_by_phone(LIN_PHONE)
        told += [str(error.value), repr(error.value), repr(error.value.__cause__)]
    told += [record.getMessage() for record in caplog.records if record.name.startswith("shouwen")]
    assert len(told) > 6
    assert not any(LIN_PHONE in text or LIN in text for text in told)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"terms": 6}, "terms"),
        ({"total": "3945.52"}, "total"),
        ({"fee_total": "264.95"}, "total"),
        ({"monthly": "328.78"}, "monthly"),
        ({"first_payment": "328.81"}, "monthly"),
    ],
)
async def test_a_quote_that_does_not_add_up_is_nonsense(
    sandbox: RunningBank, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], field: str
) -> None:
    quote = sandbox.parts.counter.quote
    changed = {name: Decimal(value) if isinstance(value, str) else value for name, value in change.items()}
    monkeypatch.setattr(sandbox.parts.counter, "quote", lambda *given: replace(quote(*given), **changed))
    with pytest.raises(Unavailable, match=f"nonsense in {field}"):
        await sandbox.bank.quote_instalment("YS0001-B1", 12, "key-1")


async def test_an_answer_about_something_else_is_nonsense(
    sandbox: RunningBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, counter = sandbox.parts.ledger, sandbox.parts.counter
    other, stop, switch = ledger.by_ref("YS0005"), counter.stop_card, counter.set_sms_notice
    monkeypatch.setattr(ledger, "by_ref", lambda _ref: other)
    monkeypatch.setattr(counter, "stop_card", lambda _card: stop("YS0005-C1"))
    monkeypatch.setattr(counter, "set_sms_notice", lambda ref, on: switch(ref, not on))
    for call, field in (
        (sandbox.bank.customer(LIN), "ref"),
        (sandbox.bank.stop_card("YS0001-C1", "key-1"), "card"),
        (sandbox.bank.set_sms_notice(LIN, False, "key-1"), "on"),
    ):
        with pytest.raises(Unavailable, match=f"nonsense in {field}"):
            await call


GOOD_CUSTOMER = (
    '{"ref":"A","salutation":"王女士","state":"active","elder":false,"phone":"13800138000",'
    '"phone_since":"2020-01-31","app_since":null}'
)
GOOD_QUOTE = (
    '{"id":"Q","principal":"500.00","fee_total":"9.00","total":"509.00","first_payment":"169.68","terms":3,'
    '"monthly":"169.66","annual_rate":"10.77","valid_until":"2026-11-23T04:30:00Z"}'
)


@pytest.mark.parametrize(
    ("kind", "good", "was", "becomes", "field"),
    [
        (Customer, GOOD_CUSTOMER, '"A"', '""', "ref"),
        (Customer, GOOD_CUSTOMER, '"A"', "7", "ref"),
        (Customer, GOOD_CUSTOMER, '"active"', '"gone"', "state"),
        (Customer, GOOD_CUSTOMER, "false", '"no"', "elder"),
        (Customer, GOOD_CUSTOMER, "false", "0", "elder"),
        (Customer, GOOD_CUSTOMER, '"13800138000"', '"138 0013 8000"', "phone"),
        (Customer, GOOD_CUSTOMER, '"2020-01-31"', '"2020-02-31"', "phone_since"),
        (Customer, GOOD_CUSTOMER, '"2020-01-31"', "20200131", "phone_since"),
        (Customer, GOOD_CUSTOMER, ',"app_since":null', "", "app_since"),
        (Quote, GOOD_QUOTE, '"500.00"', "500.00", "principal"),
        (Quote, GOOD_QUOTE, '"500.00"', '"-500.00"', "principal"),
        (Quote, GOOD_QUOTE, '"500.00"', '"500.001"', "principal"),
        (Quote, GOOD_QUOTE, '"500.00"', '"5e2"', "principal"),
        (Quote, GOOD_QUOTE, '"500.00"', '"NaN"', "principal"),
        (Quote, GOOD_QUOTE, '"500.00"', '"٥00.00"', "principal"),
        (Quote, GOOD_QUOTE, "04:30:00Z", "04:30:00", "valid_until"),
        (Quote, GOOD_QUOTE, ":3,", ':"3",', "terms"),
        (Quote, GOOD_QUOTE, ":3,", ":1,", "terms"),
    ],
)
def test_an_answer_with_one_wrong_field_is_nonsense_and_the_field_is_named(
    kind: type[object], good: str, was: str, becomes: str, field: str
) -> None:
    reader, adapter = Partner("bank", NOBODY, "secret", HURRIED), TypeAdapter(kind)
    assert isinstance(reader.read(adapter, good.encode()), kind)
    with pytest.raises(Unavailable) as error:
        reader.read(adapter, good.replace(was, becomes, 1).encode())
    assert str(error.value) == f"bank: nonsense in {field}"


@pytest.mark.parametrize(
    "page",
    [
        "javascript:alert(1)",
        "http://bank.example/reset",
        "/reset",
        "https://",
        "https://bank.example/reset#x",
        "https://bank.example/?a=1",
        "",
    ],
)
def test_an_address_that_is_no_page_is_nonsense(page: str) -> None:
    reader = Partner("bank", NOBODY, "secret", HURRIED)
    with pytest.raises(Unavailable, match="nonsense in page"):
        reader.read(http_corebank._ANSWERS[http_corebank._Page], f'{{"page":"{page}"}}'.encode())
