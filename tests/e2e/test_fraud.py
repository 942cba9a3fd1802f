"""Fraud: what to do now, the stop of the card one press away, and a person who calls urgently (R60, tone T10)."""

import aiohttp
import pytest

from tests.e2e.flow_cases import LOSS, RESET, at_the_code, at_the_last_question, requests_of
from tests.e2e.person import Person, open_form
from tests.e2e.stack import Stack, replies

pytestmark = pytest.mark.stack

CHEATED = "我被骗了，刚给骗子转了钱"


@pytest.fixture
async def person(stack: Stack, http: aiohttp.ClientSession) -> Person:
    return await Person.comes(http, stack, "YS0001")


async def test_the_first_lines_say_what_to_do_and_a_person_is_called_urgently(stack: Stack, person: Person) -> None:
    said = await person.says(CHEATED)
    assert replies(said) == ["utter_fraud_report", "utter_handoff_open", "utter_ask_callback_phone"]
    first = "".join(said[0]["text"].splitlines()[:2])
    for words in ("停止转账", "保留证据", "110", "24小时"):
        assert words in first
    assert "急件" in said[1]["text"]
    assert "先后顺序" not in said[1]["text"]
    assert replies(await person.says("打13800138000找我")) == ["utter_callback_noted"]
    [(kind, reason, contact, mask)] = requests_of(stack, person)
    assert (kind, reason, mask) == ("call_back", "fraud", "138****8000")
    assert not str(contact).startswith("customer:")


async def test_the_card_is_stopped_from_there_and_the_number_need_not_be_typed(stack: Stack, person: Person) -> None:
    said = await person.is_identified(await person.chooses(await person.says(CHEATED), "挂失银行卡"))
    said = await person.says("马上挂失")
    assert "utter_loss_done" in replies(said)
    [back] = [m for m in said if m["reply"] == "utter_flow_back"]
    said = await person.chooses([back], "回电")
    assert replies(said) == ["utter_handoff_again"]
    [(kind, reason, contact, _)] = requests_of(stack, person)
    assert (kind, reason, contact) == ("call_back", "fraud", f"customer:{person.who.ref}")


async def test_no_to_a_call_is_accepted(person: Person) -> None:
    await person.says(CHEATED)
    assert replies(await person.says("不用")) == ["utter_callback_declined"]


async def test_a_question_in_between_is_answered_and_the_number_asked_for_again(person: Person) -> None:
    await person.says(CHEATED)
    assert replies(await person.says("挂失要钱吗"))[-1] in ("utter_ask_callback_phone", "utter_identity_phone")


async def test_fraud_in_the_middle_of_a_loss_report_lets_it_go_on(stack: Stack, http: aiohttp.ClientSession) -> None:
    person, _ = await at_the_last_question(http, stack, LOSS)
    said = await person.says("我的卡被盗刷了")
    assert replies(said) == ["utter_fraud_report", "utter_handoff_open", "utter_loss_confirm"]
    assert "utter_loss_done" in replies(await person.says("马上挂失"))
    [(_, reason, contact, _)] = requests_of(stack, person)
    assert (reason, contact) == ("fraud", f"customer:{person.who.ref}")


async def test_fraud_in_the_middle_of_anything_else_ends_it(stack: Stack, http: aiohttp.ClientSession) -> None:
    person, _ = await at_the_code(http, stack, RESET)
    said = await person.says(CHEATED)
    assert replies(said)[0] == "utter_fraud_report"
    assert open_form(await person.history()) is None
