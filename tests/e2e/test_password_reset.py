"""Resetting the login password, through the public door."""

import re

import aiohttp
import pytest

from tests.e2e.person import Person, fields_of, form_of, open_form
from tests.e2e.stack import Stack, replies

pytestmark = pytest.mark.stack

FORGOTTEN = "忘记手机银行登录密码了"


@pytest.fixture
async def person(stack: Stack, http: aiohttp.ClientSession) -> Person:
    return await Person.comes(http, stack, "YS0001")


async def reset(http: aiohttp.ClientSession, link: str, person: Person, **changes: str) -> tuple[int, dict[str, str]]:
    """Fill in the bank's own page, as the link opens it."""
    page, _, token = link.partition("#")
    body = {"token": token, "card_tail": person.who.tails[0], "pin": "502817", "password": "a long walk at dusk"}
    async with http.post(page, json=body | changes) as response:
        return response.status, await response.json()


async def test_the_whole_way_from_forgotten_to_a_new_password(http: aiohttp.ClientSession, person: Person) -> None:
    said = await person.says(FORGOTTEN)
    assert replies(said)[0] == "utter_password_reset_login"
    assert fields_of(said) == ["phone"]
    said = await person.gives_phone(said)
    assert fields_of(said) == ["otp"]
    before = person.token
    said = await person.gives_code(said)
    assert fields_of(said) == ["name", "id_number"]
    assert person.token != before, "a new level means a new token"
    said = await person.gives_person(said)
    assert "utter_reset_link_sent" in replies(said)
    sent = next(m for m in said if m["reply"] == "utter_reset_link_sent")
    assert "林女士" in "".join(m["text"] for m in said)
    assert f"{person.who.phone[:3]}****{person.who.phone[-4:]}" in sent["text"]
    assert "#" not in sent["text"]
    link = await person.link()
    async with http.get(link.partition("#")[0]) as page:
        assert page.status == 200, "a crawler opens the page and uses nothing up"
    status, body = await reset(http, link, person, password="12345678")
    assert (status, body["error"]["code"]) == (422, "weak_password")
    status, body = await reset(http, link, person)
    assert status == 200, body
    status, body = await reset(http, link, person)
    assert (status, body["error"]["code"]) == (410, "link_over"), body
    async with http.get(f"{person.url}/sandbox/customers") as response:
        [at_the_bank] = [row for row in await response.json() if row["ref"] == person.who.ref]
    assert at_the_bank["cool_down_until"] > at_the_bank["password_changed_at"]
    await person.is_told("非本人操作")


async def test_a_newer_link_makes_the_older_one_void(http: aiohttp.ClientSession, person: Person) -> None:
    await person.is_identified(await person.says(FORGOTTEN))
    older = await person.link()
    again = await person.is_identified(await person.says(FORGOTTEN))
    assert "utter_reset_link_sent" in replies(again)
    newer = await person.link()
    assert (await reset(http, older, person))[1]["error"]["code"] == "link_over"
    assert (await reset(http, newer, person))[0] == 200


async def test_who_is_locked_out_of_the_login_gets_a_link(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0003")
    assert "utter_reset_link_sent" in replies(await person.is_identified(await person.says(FORGOTTEN)))


async def test_a_risk_goes_to_a_person_and_gets_no_link(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, "YS0006")
    said = await person.is_identified(await person.says(FORGOTTEN))
    heard = replies(said)
    assert "utter_reset_risk_stop" in heard
    assert "utter_handoff_open" in heard
    assert not any("#" in text for text in await person.texts())


async def test_a_number_that_changed_lately_proves_nothing_and_goes_to_a_person(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    person = await Person.comes(http, stack, "YS0004")
    heard = replies(await person.is_identified(await person.says(FORGOTTEN)))
    assert heard[:2] == ["utter_identity_elsewhere", "utter_handoff_open"]
    assert not any("#" in text for text in await person.texts())


async def test_an_unknown_number_hears_the_same_words(
    stack: Stack, http: aiohttp.ClientSession, person: Person
) -> None:
    other = await Person.comes(http, stack, "YS0001")
    known = await person.gives_phone(await person.says(FORGOTTEN))
    unknown = await other.fills(await other.says(FORGOTTEN), phone="13900139000")
    blank = [re.sub(r"1\d{2}\*{4}\d{4}", "", m["text"]) for m in known]
    assert blank == [re.sub(r"1\d{2}\*{4}\d{4}", "", m["text"]) for m in unknown]
    assert fields_of(known) == fields_of(unknown) == ["otp"]


async def test_a_question_in_between_is_answered_and_the_step_returns(person: Person) -> None:
    await person.gives_phone(await person.says(FORGOTTEN))
    said = await person.says("为什么要验证码")
    assert replies(said)[0] == "utter_faq/identity_check"
    assert fields_of(said) == ["otp"]
    assert fields_of(await person.gives_code(said)) == ["name", "id_number"]


async def test_who_does_not_want_to_is_not_pressed(person: Person) -> None:
    said = await person.says(FORGOTTEN)
    said = await person.says("不想给手机号")
    assert open_form(said) is None
    assert said
    assert replies(await person.says("跨行转账要手续费吗")) == ["utter_faq/transfer_fee"]


async def test_cancelling_ends_the_form_and_a_late_answer_to_it_is_refused(person: Person) -> None:
    said = await person.says(FORGOTTEN)
    form = form_of(said)
    await person.says("算了不办了")
    status, body = await person.submit(form, phone=person.who.phone)
    assert (status, body["error"]["code"]) == (409, "form_over")
    assert replies(await person.says("跨行转账要手续费吗")) == ["utter_faq/transfer_fee"]


async def test_a_complaint_in_the_middle_is_heard_at_once(person: Person) -> None:
    await person.gives_phone(await person.says(FORGOTTEN))
    said = await person.says("我要投诉你们")
    assert replies(said)[0] == "utter_complaint_file"


async def test_a_person_in_the_middle_is_called_at_once(person: Person) -> None:
    await person.gives_phone(await person.says(FORGOTTEN))
    said = await person.says("转人工")
    assert replies(said)[0] == "utter_handoff_open"
    assert open_form(said) is None


async def test_another_flow_in_the_middle_and_back(person: Person) -> None:
    await person.gives_phone(await person.says(FORGOTTEN))
    said = await person.says("我的银行卡丢了，快挂失")
    assert replies(said)[0] == "utter_card_report_loss"
    said = await person.is_identified(said)
    said = await person.chooses(said, "马上挂失")
    assert "utter_loss_done" in replies(said)
    assert "utter_flow_back" in replies(said)
    said = await person.chooses([m for m in said if m["reply"] == "utter_flow_back"], "密码")
    assert "utter_reset_link_sent" in replies(await person.is_identified(said))


async def test_a_wrong_id_number_is_said_at_once_and_costs_no_try(person: Person) -> None:
    said = await person.gives_code(await person.gives_phone(await person.says(FORGOTTEN)))
    wrong = person.who.id_number[:-1] + ("1" if person.who.id_number[-1] != "1" else "2")
    for _ in range(5):
        status, body = await person.submit(form_of(said), name=person.who.name, id_number=wrong)
        assert status == 200
        assert set(body["errors"]) == {"id_number"}
    assert "utter_reset_link_sent" in replies(await person.gives_person(said))


async def test_full_width_digits_and_a_small_x_are_understood(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes_as(http, stack, "YS0009")
    wide = {ord(str(digit)): chr(ord("０") + digit) for digit in range(10)}
    said = await person.fills(await person.says(FORGOTTEN), phone=person.who.phone.translate(wide))
    said = await person.fills(said, otp=(await person.code()).translate(wide))
    number = person.who.id_number.lower().translate(wide)
    assert number.endswith("x")
    said = await person.fills(said, name=f" {person.who.name} ", id_number=number)
    assert "utter_reset_link_sent" in replies(said)


async def test_data_that_does_not_match_thrice_ends_the_check_with_a_person(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    person = await Person.comes(http, stack, "YS0008")
    said = await person.gives_code(await person.gives_phone(await person.says(FORGOTTEN)))
    heard: list[str] = []
    for _ in range(3):
        assert "utter_handoff_open" not in heard
        said = await person.fills(said, name="欧阳静", id_number=person.who.id_number)
        heard += replies(said)
    assert "utter_identity_failed" in heard
    assert "utter_handoff_open" in heard
    assert open_form(said) is None
    assert replies(await person.says("我要投诉"))[0] == "utter_complaint_file", "a lock blocks no complaint"


async def test_a_text_only_client_is_led_through_the_same_steps(person: Person) -> None:
    await person.says(FORGOTTEN)
    assert fields_of(await person.says(person.who.phone)) == ["otp"]
    code = await person.code()
    assert fields_of(await person.says(code)) == ["name", "id_number"]
    said = await person.says(f"{person.who.name} {person.who.id_number}")
    assert "utter_reset_link_sent" in replies(said)
    history = str(await person.history())
    for secret in (code, person.who.id_number, person.who.phone, person.who.name):
        assert secret not in history


async def test_the_form_is_there_after_a_reload(person: Person) -> None:
    said = await person.gives_phone(await person.says(FORGOTTEN))
    history = await person.history()
    assert fields_of(history) == ["otp"]
    assert form_of(history) == form_of(said)
    assert fields_of(await person.gives_code(history)) == ["name", "id_number"]
