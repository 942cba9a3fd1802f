"""Text notices, instalments and the state of a complaint, through the public door."""

import aiohttp
import pytest

from tests.e2e.person import Person, fields_of, open_form
from tests.e2e.stack import Stack, replies

pytestmark = pytest.mark.stack


async def test_text_notices_are_turned_on_with_the_fee_said_first(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0008")
    said = await person.is_identified(await person.says("我要开通短信提醒"))
    if "utter_sms_wish" in replies(said):
        said = await person.chooses(said, "开通")
    [asked] = [m for m in said if m["reply"] == "utter_sms_confirm"]
    assert "2" in asked["text"]
    assert "元" in asked["text"]
    [done] = [m for m in await person.says("确认办理") if m["reply"] == "utter_sms_done"]
    assert "回执" in done["text"] or "受理编号" in done["text"]


async def test_an_instalment_shows_its_full_cost_before_the_last_word(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    person = await Person.comes(http, stack, "YS0001")
    said = await person.is_identified(await person.says("帮我办账单分期"))
    if "utter_instalment_choose" in replies(said):
        said = await person.chooses(said, "3,680.55")
    assert "utter_instalment_terms" in replies(said)
    [quote] = [m for m in await person.chooses(said, "12期") if m["reply"] == "utter_instalment_quote"]
    for words in ("3,680.55", "手续费", "年化", "12期", "一共"):
        assert words in quote["text"]
    [done] = [m for m in await person.says("确认") if m["reply"] == "utter_instalment_done"]
    assert "编号" in done["text"]


async def test_a_bill_that_is_too_small_is_said_so(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0005")
    said = await person.is_identified(await person.says("我想办账单分期"))
    assert "utter_instalment_none" in replies(said)


async def test_the_state_of_a_complaint_is_told_honestly(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0001")
    said = await person.says("我上次的投诉处理得怎么样了")
    assert fields_of(said) == ["phone"]
    said = await person.gives_code(await person.gives_phone(said))
    assert open_form(said) is None, "a contact is enough"
    assert {"utter_complaint_status_none", "utter_complaint_status_open"} & set(replies(said))


async def test_what_the_first_sentence_says_is_not_asked_again(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0001")
    said = await person.is_identified(await person.says("帮我把账单分12期"))
    [quote] = [m for m in said if m["reply"] == "utter_instalment_quote"]
    assert "12期" in quote["text"]
    assert "utter_instalment_terms" not in replies(said)
    [quote] = await person.says("换成6期")
    assert "6期" in quote["text"], "a correction brings a new quote"


@pytest.mark.parametrize(
    ("like", "answer", "last"),
    [("YS0008", "开通", "utter_sms_done"), ("YS0001", "取消短信提醒", "utter_sms_done"), ("YS0001", "看看状态", None)],
)
async def test_a_typed_wish_is_understood(
    stack: Stack, http: aiohttp.ClientSession, like: str, answer: str, last: str | None
) -> None:
    person = await Person.comes(http, stack, like)
    said = await person.is_identified(await person.says("短信提醒"))
    assert replies(said)[-1] == "utter_sms_wish"
    said = await person.says(answer)
    assert replies(said) == ["utter_sms_confirm" if last else "utter_sms_status"]
    if last:
        assert last in replies(await person.says("确认"))
