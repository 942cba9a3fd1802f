"""The SMS notice: looked up, turned on, turned off, with the sandbox bank behind it."""

from typing import Any

import pytest
from sqlalchemy import select

from actions.flow import SMS_NOTICE
from shouwen.conversations import tables as conversations
from shouwen.servicing import tables
from shouwen.wiring import Backstage
from tests.actions.dialogue import Dialogue, held, names
from tests.sandbox.running import RunningBank

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the flow is the subject, not SQL

ON, OFF, FROZEN = "YS0001", "YS0008", "YS0006"
FORM = "sms_notice_form"


def kept(backstage: Backstage, table: Any) -> list[Any]:
    return backstage.database.read_now(lambda tx: list(tx.execute(select(table)).mappings()))


async def test_how_it_is_stands_in_the_question_and_only_what_would_change_is_offered(dialogue: Dialogue) -> None:
    [(name, values)] = await dialogue.identified(OFF, FORM)
    assert (name, values["on"], values["fee"]) == ("utter_sms_wish", False, "¥2.00")
    assert [one["wish"] for one in values["choices"]] == ["on", "status"]


async def test_it_is_turned_on_after_a_yes(dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage) -> None:
    await dialogue.identified(OFF, FORM)
    assert await dialogue.turn("inform", choice="on") == [
        ("utter_sms_confirm", {"salutation": "王女士，", "wish": "on", "fee": "¥2.00"})
    ]
    [(name, values)] = await dialogue.turn("affirm")
    assert (name, values["wish"], values["effective"]) == ("utter_sms_done", "on", "2026年11月23日12:00")
    assert (await sandbox.bank.sms_notice(OFF)).on
    [request] = kept(backstage, tables.service_request)
    assert (request["state"], request["receipt"]) == ("done", values["receipt"])
    assert held(dialogue, SMS_NOTICE) == {}
    assert await dialogue.again("action_sms_notice_done") == [(name, values)]


@pytest.mark.parametrize(
    ("text", "ref", "wish"),
    [("帮我关掉短信提醒", ON, "off"), ("不要再发短信了", ON, "off"), ("我要开通短信通知", OFF, "on")],
)
async def test_the_first_sentence_may_say_it_all(dialogue: Dialogue, text: str, ref: str, wish: str) -> None:
    dialogue.verified(ref)
    [(name, values)] = await dialogue.start(FORM, text)
    assert (name, values["wish"]) == ("utter_sms_confirm", wish)


@pytest.mark.parametrize("text", ["关掉", "取消吧", "帮我关闭短信提醒"])
async def test_a_whole_answer_counts_even_when_it_was_taken_for_another_topic(dialogue: Dialogue, text: str) -> None:
    await dialogue.identified(ON, FORM)
    [(name, values)] = await dialogue.turn("faq", text)
    assert (name, values["wish"]) == ("utter_sms_confirm", "off")


@pytest.mark.parametrize("wish", ["status", "on"])
async def test_a_wish_that_changes_nothing_is_answered_and_ends_the_flow(dialogue: Dialogue, wish: str) -> None:
    await dialogue.identified(ON, FORM)
    assert await dialogue.turn("inform", choice=wish) == [
        ("utter_sms_status", {"salutation": "王女士，", "on": True, "fee": "¥2.00"})
    ]
    assert dialogue.form is None
    assert held(dialogue, SMS_NOTICE) == {}


@pytest.mark.parametrize(("intent", "text"), [("faq", "怎么取消自动还款"), ("thanks", "谢谢"), ("inform", "嗯嗯")])
async def test_what_is_no_wish_is_asked_for_again(dialogue: Dialogue, intent: str, text: str) -> None:
    await dialogue.identified(ON, FORM)
    assert names(await dialogue.turn(intent, text)) == ["utter_sms_wish"]
    assert dialogue.slots.get("sms_wish") is None


async def test_the_wish_may_change_at_the_last_question(dialogue: Dialogue) -> None:
    await dialogue.identified(ON, FORM)
    await dialogue.turn("inform", choice="off")
    assert names(await dialogue.turn("sms_notice", "还是先看看现在的状态")) == ["utter_sms_status"]


async def test_a_no_changes_nothing(dialogue: Dialogue, sandbox: RunningBank) -> None:
    await dialogue.identified(ON, FORM)
    await dialogue.turn("inform", choice="off")
    assert names(await dialogue.turn("deny", "取消吧")) == ["utter_flow_cancelled"]
    assert (await sandbox.bank.sms_notice(ON)).on


async def test_who_needs_it_simple_says_yes_twice(dialogue: Dialogue, sandbox: RunningBank) -> None:
    dialogue.simple = True
    await dialogue.identified(ON, FORM)
    await dialogue.turn("inform", choice="off")
    assert names(await dialogue.turn("affirm")) == ["utter_sms_confirm_again"]
    assert (await sandbox.bank.sms_notice(ON)).on
    assert names(await dialogue.turn("affirm")) == ["utter_sms_done"]
    assert not (await sandbox.bank.sms_notice(ON)).on


@pytest.mark.parametrize("step", [0, 1, 2])
@pytest.mark.parametrize("mode", ["down", "nonsense"])
async def test_a_bank_that_does_not_answer_breaks_no_step(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage, step: int, mode: str
) -> None:
    await dialogue.start(FORM)
    dialogue.verified(ON)
    turns: list[Any] = [("identity_done", {}), ("inform", {"choice": "off"}), ("affirm", {})]
    for intent, entities in turns[:step]:
        await dialogue.turn(intent, **entities)
    await sandbox.weather(mode)
    intent, entities = turns[step]
    assert await dialogue.turn(intent, **entities) == [("utter_bank_unavailable", {"salutation": "王女士，"})]
    assert dialogue.form is None
    assert [one["reason"] for one in kept(backstage, conversations.open_request)] == ["bank_unavailable"]
    states = [one["state"] for one in kept(backstage, tables.service_request)]
    assert states == (["wanted"] if step == 2 else [])


async def test_a_bank_that_says_no_is_heard_and_a_person_learns_of_it(dialogue: Dialogue, backstage: Backstage) -> None:
    await dialogue.identified(FROZEN, FORM)
    await dialogue.turn("inform", choice="off")
    assert names(await dialogue.turn("affirm")) == ["utter_bank_refused"]
    [request] = kept(backstage, tables.service_request)
    assert (request["state"], request["reason"]) == ("failed", "customer_not_active")
    assert [one["reason"] for one in kept(backstage, conversations.open_request)] == ["bank_refused"]


async def test_what_the_first_sentence_said_is_not_asked_again_after_the_check(dialogue: Dialogue) -> None:
    [(name, values)] = await dialogue.identified(OFF, FORM, text="我要开通短信提醒")
    assert (name, values["wish"]) == ("utter_sms_confirm", "on")


async def test_what_the_first_sentence_wished_for_may_be_so_already(dialogue: Dialogue) -> None:
    assert names(await dialogue.identified(ON, FORM, text="我要开通短信提醒")) == ["utter_sms_status"]
    assert held(dialogue, SMS_NOTICE) == {}
