"""Stopping a lost card, through the public door."""

import aiohttp
import pytest

from tests.e2e.person import Person, fields_of, open_form
from tests.e2e.stack import Stack, replies

pytestmark = pytest.mark.stack

LOST = "我的银行卡丢了，帮我挂失"


async def state_of(person: Person, tail: str) -> str:
    async with person.http.get(f"{person.url}/sandbox/customers") as response:
        rows = await response.json()
    return str(
        next(c["state"] for row in rows if row["ref"] == person.who.ref for c in row["cards"] if c["tail"] == tail)
    )


async def test_code_tail_and_name_stop_the_card(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0008")
    said = await person.says(LOST)
    assert replies(said)[0] == "utter_card_report_loss"
    said = await person.gives_code(await person.gives_phone(said))
    assert set(fields_of(said)) == {"name", "card_tail"}
    said = await person.fills(said, name=person.who.name, card_tail=person.who.tails[0])
    assert await state_of(person, person.who.tails[0]) == "normal", "nothing is stopped without a last word"
    [done] = [m for m in await person.chooses(said, "马上挂失") if m["reply"] == "utter_loss_done"]
    for words in ("欧阳女士", "临时", "5天", "书面", person.who.tails[0]):
        assert words in done["text"]
    assert "年" in done["text"], "it says until when"
    assert await state_of(person, person.who.tails[0]) == "stopped"
    await person.is_told(person.who.tails[0])


async def test_a_card_that_is_stopped_already_is_said_so(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0012")
    said = await person.gives_code(await person.gives_phone(await person.says(LOST)))
    said = await person.fills(said, name=person.who.name, card_tail="1217")
    assert "utter_loss_already" in replies(said)


async def test_of_several_cards_the_customer_chooses(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0005")
    async with http.post(f"{stack.url}/sandbox/bank-token", json={"ref": person.who.ref}) as response:
        bank_token = (await response.json())["bank_token"]
    async with http.post(
        f"{stack.url}/api/chat/identify", json={"bank_token": bank_token}, headers=person.headers
    ) as response:
        body = await response.json()
        assert response.status == 200, body
    person.token = body["token"]
    said = await person.says(LOST)
    assert open_form(said) is None, "the bank has signed the customer in"
    [asked] = [m for m in said if m["reply"] == "utter_loss_choose"]
    assert len([b for b in asked["buttons"] if "尾号" in b["title"]]) == 3
    said = await person.chooses([asked], "5539")
    said = await person.says("不对，是另一张")
    assert "utter_loss_choose" in replies(said)
    said = await person.chooses([m for m in said if m["reply"] == "utter_loss_choose"], "5512")
    said = await person.chooses(said, "马上挂失")
    assert "utter_loss_done" in replies(said)
    assert [await state_of(person, tail) for tail in ("5512", "5539", "6605")] == ["stopped", "normal", "normal"]


async def test_a_loss_report_needs_no_id_number_and_no_history(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0002")
    said = await person.says("年纪大了不会弄，卡找不到了")
    said = await person.says("挂失") if open_form(said) is None else said
    asked: list[str] = []
    while form := open_form(said):
        names = [field["name"] for field in form["fields"]]
        asked += names
        assert len(names) == 1, "an elderly customer is asked one thing at a time"
        values = {"phone": person.who.phone, "name": person.who.name, "card_tail": person.who.tails[0]}
        values["otp"] = await person.code() if "otp" in names else ""
        said = await person.fills(said, **{name: values[name] for name in names})
    assert asked == ["phone", "otp", "name", "card_tail"]
    said = await person.chooses(said, "马上挂失")
    assert "utter_loss_confirm_again" in replies(said)
    assert await state_of(person, person.who.tails[0]) == "normal"
    assert "utter_loss_done" in replies(await person.chooses(said, "对，挂失"))


async def test_changing_ones_mind_stops_nothing(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0009")
    said = await person.is_identified(await person.says(LOST))
    await person.says("算了，卡找到了，不用挂失了")
    assert await state_of(person, person.who.tails[0]) == "normal"
    assert open_form(said) is None


async def test_a_card_that_is_ruled_out_or_typed_too_short_is_not_stopped(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    person = await Person.comes(http, stack, "YS0005")
    said = await person.is_identified(await person.says(LOST))
    assert "utter_loss_confirm" in replies(said)
    [asked] = await person.says(f"不是尾号{person.who.tails[0]}那张")
    assert asked["reply"] == "utter_loss_choose"
    assert person.who.tails[0] not in str(asked["buttons"])
    [asked] = await person.says(person.who.tails[1])
    assert (asked["reply"], "尾号" in asked["text"]) == ("utter_loss_choose", True), "loose digits never reach the bot"
    [asked] = await person.says(f"尾号{person.who.tails[1]}")
    assert asked["reply"] == "utter_loss_confirm"
    assert "utter_loss_done" in replies(await person.says("马上挂失"))
    assert await state_of(person, person.who.tails[0]) == "normal"
    assert await state_of(person, person.who.tails[1]) == "stopped"
