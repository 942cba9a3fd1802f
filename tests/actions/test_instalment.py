"""A bill in instalments, from the bill to the receipt, with the sandbox bank behind it."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from actions.flow import INSTALMENT
from shouwen.servicing import tables
from shouwen.wiring import Backstage
from tests.actions.dialogue import Dialogue, Reply, held, names
from tests.conftest import Clock
from tests.sandbox.running import RunningBank

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the flow is the subject, not SQL

ONE_BILL, ONE_BIG_ONE_SMALL, TOO_SMALL, NONE = "YS0001", "YS0009", "YS0005", "YS0008"
FORM = "instalment_form"


def kept(backstage: Backstage) -> list[Any]:
    statement = select(tables.service_request).order_by(tables.service_request.c.at)
    return backstage.database.read_now(lambda tx: list(tx.execute(statement).mappings()))


def yuan(text: str) -> Decimal:
    assert text.startswith("¥")
    return Decimal(text[1:].replace(",", ""))


async def quoted(dialogue: Dialogue, terms: str = "12") -> Reply:
    await dialogue.identified(ONE_BILL, FORM)
    [reply] = await dialogue.turn("inform", choice=terms)
    return reply


async def test_the_only_bill_needs_no_choosing_and_the_terms_are_offered(dialogue: Dialogue) -> None:
    [(name, values)] = await dialogue.identified(ONE_BILL, FORM)
    assert (name, values["amount"], values["tail"]) == ("utter_instalment_terms", "¥3,680.55", "6601")
    assert [one["terms"] for one in values["choices"]] == [3, 6, 12, 24]


async def test_of_two_bills_only_the_one_that_is_large_enough_is_taken(dialogue: Dialogue) -> None:
    [(name, values)] = await dialogue.identified(ONE_BIG_ONE_SMALL, FORM)
    assert (name, values["amount"]) == ("utter_instalment_terms", "¥12,800.50")


@pytest.mark.parametrize("ref", [TOO_SMALL, NONE])
async def test_without_a_bill_that_can_be_paid_so_the_flow_ends_kindly(dialogue: Dialogue, ref: str) -> None:
    assert names(await dialogue.identified(ref, FORM)) == ["utter_instalment_none"]
    assert dialogue.form is None
    assert held(dialogue, INSTALMENT) == {}


@pytest.mark.parametrize("terms", ["3", "6", "12", "24"])
async def test_the_quote_names_the_whole_cost_and_adds_up(dialogue: Dialogue, terms: str) -> None:
    name, values = await quoted(dialogue, terms)
    assert name == "utter_instalment_quote"
    assert values["terms"] == int(terms)
    assert yuan(values["principal"]) + yuan(values["fee_total"]) == yuan(values["total"])
    rest = yuan(values["monthly"]) * (int(terms) - 1)
    assert yuan(values["first_payment"]) + rest == yuan(values["total"])
    assert values["annual_rate"].endswith("%")
    assert values["valid_until"] == "2026年11月23日12:30"


async def test_a_yes_applies_for_what_was_quoted(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage
) -> None:
    await quoted(dialogue)
    [offer] = kept(backstage)
    assert offer["state"] == "offered"
    [(name, values)] = await dialogue.turn("affirm")
    assert (name, values["terms"], values["first_due"]) == ("utter_instalment_done", 12, "2026年12月5日")
    [bill] = await sandbox.bank.bills(ONE_BILL)
    assert not bill.instalment_allowed
    [request] = kept(backstage)
    assert (request["id"], request["state"], request["receipt"]) == (offer["id"], "done", values["receipt"])
    assert await dialogue.again("action_instalment_done") == [(name, values)]
    assert len(kept(backstage)) == 1


async def test_nothing_that_is_kept_holds_an_amount(dialogue: Dialogue, backstage: Backstage) -> None:
    await quoted(dialogue)
    await dialogue.turn("affirm")
    [request] = kept(backstage)
    assert "3680" not in str(dict(request))
    assert request["details"].keys() == {"bill", "quote", "terms", "valid_until", "agreed_in", "first_due"}


async def test_the_terms_may_be_typed(dialogue: Dialogue) -> None:
    await dialogue.identified(ONE_BILL, FORM)
    [(name, values)] = await dialogue.turn("bill_instalment", "分6期吧", count="6")
    assert (name, values["terms"]) == ("utter_instalment_quote", 6)


async def test_the_first_sentence_may_name_them(dialogue: Dialogue) -> None:
    dialogue.verified(ONE_BILL)
    [(name, values)] = await dialogue.start(FORM, "账单分24期", count="24")
    assert (name, values["terms"]) == ("utter_instalment_quote", 24)


@pytest.mark.parametrize("count", ["5", "100", "0"])
async def test_terms_that_are_not_offered_are_asked_for_again(dialogue: Dialogue, count: str) -> None:
    await dialogue.identified(ONE_BILL, FORM)
    assert names(await dialogue.turn("bill_instalment", count=count)) == ["utter_instalment_terms"]


async def test_other_terms_at_the_last_question_give_another_quote(dialogue: Dialogue) -> None:
    await quoted(dialogue)
    [(name, values)] = await dialogue.turn("deny", "改成6期", count="6")
    assert (name, values["terms"]) == ("utter_instalment_quote", 6)
    assert names(await dialogue.turn("deny", "换个期数")) == ["utter_instalment_terms"]


async def test_a_question_in_between_gives_the_same_quote_again(dialogue: Dialogue, backstage: Backstage) -> None:
    first = await quoted(dialogue)
    assert await dialogue.turn("faq", "提前还要手续费吗") == [first]
    assert len(kept(backstage)) == 1


async def test_who_needs_it_simple_says_yes_twice_to_the_same_quote(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage
) -> None:
    dialogue.simple = True
    _, first = await quoted(dialogue)
    assert await dialogue.turn("affirm") == [("utter_instalment_confirm_again", first)]
    assert [bill.instalment_allowed for bill in await sandbox.bank.bills(ONE_BILL)] == [True]
    assert names(await dialogue.turn("affirm")) == ["utter_instalment_done"]
    assert len(kept(backstage)) == 1


async def test_a_quote_that_is_over_is_told_and_a_new_one_asked_about(dialogue: Dialogue, clock: Clock) -> None:
    await quoted(dialogue)
    for _ in range(4):  # the customer thinks it over, and stays known
        clock.forward(minutes=8)
        dialogue.verified(ONE_BILL)
    said = await dialogue.turn("affirm")
    assert names(said) == ["utter_instalment_quote_over", "utter_instalment_quote"]
    assert said[1][1]["valid_until"] == "2026年11月23日13:02"
    assert names(await dialogue.turn("affirm")) == ["utter_instalment_done"]


async def test_a_no_applies_for_nothing(dialogue: Dialogue, sandbox: RunningBank) -> None:
    await quoted(dialogue)
    assert names(await dialogue.turn("deny", "不办了")) == ["utter_flow_cancelled"]
    assert [bill.instalment_allowed for bill in await sandbox.bank.bills(ONE_BILL)] == [True]


async def test_a_proof_older_than_five_minutes_is_renewed_before_anything_is_applied_for(
    dialogue: Dialogue, clock: Clock, sandbox: RunningBank
) -> None:
    await quoted(dialogue)
    clock.forward(minutes=6)
    assert names(await dialogue.turn("affirm")) == ["utter_identity_fresh"]
    dialogue.verified(ONE_BILL)
    assert names(await dialogue.turn("identity_done")) == ["utter_instalment_quote"]
    assert names(await dialogue.turn("affirm")) == ["utter_instalment_done"]


@pytest.mark.parametrize("choice", ["another-customer's-bill", "999"])
async def test_a_bill_of_somebody_else_is_never_taken(dialogue: Dialogue, choice: str, sandbox: RunningBank) -> None:
    await dialogue.identified(ONE_BILL, FORM)
    [others] = [bill for bill in await sandbox.bank.bills(ONE_BIG_ONE_SMALL) if bill.instalment_allowed]
    dialogue.slots["instalment_bill"] = others.id
    assert names(await dialogue.turn("inform", choice="12")) == ["utter_instalment_none"]


@pytest.mark.parametrize("step", [0, 1, 2])
async def test_a_bank_that_does_not_answer_breaks_no_step(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage, step: int
) -> None:
    await dialogue.start(FORM)
    dialogue.verified(ONE_BILL)
    turns: list[Any] = [("identity_done", {}), ("inform", {"choice": "12"}), ("affirm", {})]
    for intent, entities in turns[:step]:
        await dialogue.turn(intent, **entities)
    await sandbox.weather("down")
    intent, entities = turns[step]
    assert await dialogue.turn(intent, **entities) == [("utter_bank_unavailable", {"salutation": "王女士，"})]
    assert dialogue.form is None
    states = [one["state"] for one in kept(backstage)]
    assert states == (["wanted"] if step == 2 else [])


async def test_what_the_first_sentence_said_is_not_asked_again_after_the_check(dialogue: Dialogue) -> None:
    said = {"text": "帮我把尾号6601的账单分12期", "count": "12", "card_tail": "6601"}
    [(name, values)] = await dialogue.identified(ONE_BILL, FORM, **said)
    assert (name, values["terms"], values["tail"]) == ("utter_instalment_quote", 12, "6601")


async def test_a_bill_the_first_sentence_names_and_the_bank_does_not_know_is_never_taken(dialogue: Dialogue) -> None:
    await dialogue.start(FORM, text="尾号9999的账单分期", card_tail="9999")
    assert dialogue.slots["instalment_bill"] == {"tail": "9999", "amount": None}
    dialogue.verified(NONE)
    assert names(await dialogue.turn("identity_done")) == ["utter_instalment_none"]
    assert held(dialogue, INSTALMENT) == {}


@pytest.mark.parametrize("text", ["12", "十二"])
async def test_a_bare_number_answers_how_many_payments(dialogue: Dialogue, text: str) -> None:
    await dialogue.identified(ONE_BILL, FORM)
    [(name, values)] = await dialogue.turn("nlu_fallback", text)
    assert (name, values["terms"]) == ("utter_instalment_quote", 12)
