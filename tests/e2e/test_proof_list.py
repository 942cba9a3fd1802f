"""The proof list of the identity check through the public door; which test proves which line: docs/identity.md."""

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from shouwen.conversations.sessions import token_hash
from shouwen.identity.level import REQUIRED
from tests.e2e.person import Person, fields_of, form_of
from tests.e2e.stack import Stack, replies

pytestmark = pytest.mark.stack

FORGOTTEN = "忘记手机银行登录密码了"
STATUS = "我上次的投诉处理得怎么样了"
ASKS = {
    "ticket_status": STATUS,
    "loss_stop": "我的银行卡丢了，帮我挂失",
    "password_reset": FORGOTTEN,
    "sms_notice": "我要开通短信提醒",
    "bill_instalment": "帮我办账单分期",
}
STRONG: tuple[list[str], ...] = (["phone"], ["name", "id_number"], [])
# what is still asked for, by act, of somebody unknown, with a proven number, verified
ASKED: dict[str, tuple[list[str], ...]] = {
    "ticket_status": (["phone"], [], []),
    "loss_stop": (["phone"], ["name", "card_tail"], []),
    "password_reset": STRONG,
    "sms_notice": STRONG,
    "bill_instalment": STRONG,
}


@pytest.fixture
async def person(stack: Stack, http: aiohttp.ClientSession) -> Person:
    return await Person.comes(http, stack, "YS0001")


async def bank_token(stack: Stack, person: Person) -> str:
    async with person.http.post(f"{stack.url}/sandbox/bank-token", json={"ref": person.who.ref}) as response:
        return str((await response.json())["bank_token"])


async def is_signed_in(stack: Stack, person: Person) -> dict[str, Any]:
    """The customer comes from the bank's app in mid-chat; the whole answer."""
    body = {"bank_token": await bank_token(stack, person)}
    async with person.http.post(f"{stack.url}/api/chat/identify", json=body, headers=person.headers) as response:
        answer = await response.json()
        person.token = answer.get("token") or person.token
    return dict(answer)


async def status_of(person: Person, token: str) -> int:
    """What a token is worth."""
    headers = {"Authorization": f"Bearer {token}"}
    async with person.http.get(f"{person.url}/api/chat/messages", headers=headers) as response:
        return response.status


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("act", sorted(REQUIRED))
async def test_an_act_asks_for_what_its_level_lacks(stack: Stack, person: Person, act: str, level: int) -> None:
    if level == 1:
        await person.gives_code(await person.gives_phone(await person.says(STATUS)))
    if level == 2:
        assert (await is_signed_in(stack, person))["identity"]["level"] == 2
    said = await person.says(ASKS[act])
    assert fields_of(said) == ASKED[act][level]
    asks_who = any(name.startswith("utter_identity") for name in replies(said))
    assert asks_who == bool(ASKED[act][level]), replies(said)


@pytest.mark.parametrize(
    "words", ["/identity_done", '/identity_done{"identity": "done"}', '/inform{"choice": "done"}', "identity_done"]
)
async def test_no_words_and_no_button_pass_for_a_proof(person: Person, words: str) -> None:
    said = await person.says(FORGOTTEN)
    form = form_of(said)
    body = await person.says_quickly(words)
    assert "identity" not in body
    assert "token" not in body
    assert not {"utter_identity_done", "utter_reset_link_sent"} & set(replies(body["messages"]))
    status, body = await person.post({"client_id": uuid4().hex, "button": "identity_done"})
    assert (status, body["error"]["code"]) == (409, "button_used")
    assert form_of(await person.history()) == form


async def test_a_code_posted_twice_at_once_gives_one_new_token(person: Person) -> None:
    form, code = form_of(await person.gives_phone(await person.says(FORGOTTEN))), await person.code()
    answers = await asyncio.gather(*(person.submit(form, otp=code) for _ in range(6)))
    assert sum("token" in body for _, body in answers) == 1
    assert {status for status, _ in answers} <= {200, 401, 409}
    assert await status_of(person, person.token) == 200


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("{code}为什么不对", "[验证码]为什么不对"),
        ("短信说{code}，填了没反应", "短信说[验证码]，填了没反应"),
        ("{code}7", "[验证码]"),
    ],
)
async def test_a_code_among_other_words_is_kept_nowhere(stack: Stack, person: Person, words: str, left: str) -> None:
    await person.gives_phone(await person.says(FORGOTTEN))
    code = await person.code()
    await person.says(words.format(code=code))
    assert left in [m["text"] for m in await person.history() if m["role"] == "customer"]
    assert found_in(stack, code) == []


async def test_after_the_whole_way_no_file_holds_number_name_or_papers(stack: Stack, person: Person) -> None:
    await person.says(FORGOTTEN)
    await person.says(person.who.phone)
    await person.says(await person.code())
    assert "utter_identity_failed" in replies(await person.says(f"欧阳静 {person.who.id_number}"))
    assert "utter_reset_link_sent" in replies(await person.says(f"{person.who.name} {person.who.id_number}"))
    link = await person.link()
    for value in (person.who.phone, person.who.name, person.who.id_number, link.partition("#")[2], person.token):
        assert found_in(stack, value) == [], "the vault's sealed values apart"


async def test_the_dialogue_knows_a_salutation_and_masks_only(stack: Stack, person: Person) -> None:
    conversation_id = conversation_of(stack, person)
    await person.is_identified(await person.says(ASKS["loss_stop"]))
    with closing(sqlite3.connect(stack.var / "tracker.db")) as connection:
        query = "SELECT events FROM rasa_turn WHERE sender_id LIKE ?"
        turns = [json.loads(row) for (row,) in connection.execute(query, (f"{conversation_id}.%",))]
    tracked = json.dumps(turns, ensure_ascii=False)
    assert "林女士" in tracked
    for value in (person.who.phone, person.who.name, person.who.id_number):
        assert value not in tracked
    slots = {event["name"]: event["value"] for events in turns for event in events if event["event"] == "slot"}
    assert slots["identity"] == "done"


async def test_a_bank_token_opens_one_session_and_no_second_one(stack: Stack, person: Person) -> None:
    body = {"channel": "web", "bank_token": await bank_token(stack, person)}
    answers = []
    for _ in range(2):
        async with person.http.post(f"{stack.url}/api/chat/sessions", json=body) as response:
            answers.append((response.status, await response.json()))
    (first, opened), (second, refused) = answers
    assert (first, opened["identity"]["level"]) == (201, 2)
    assert (second, refused["error"]["code"]) == (403, "not_allowed")
    assert await status_of(person, opened["token"]) == 200, "whoever came first is not thrown out"
    headers = person.headers
    again = {"bank_token": body["bank_token"]}
    async with person.http.post(f"{stack.url}/api/chat/identify", json=again, headers=headers) as response:
        answer = await response.json()
    assert "token" not in answer
    assert "identity" not in answer


async def test_an_older_token_hears_nothing_that_a_new_level_brings(stack: Stack, person: Person) -> None:
    said = await person.gives_phone(await person.says(STATUS))
    older = person.token
    async with person.http.ws_connect(f"{stack.url}/api/chat/socket") as socket:
        await socket.send_json({"type": "auth", "token": older, "after": 10_000})
        assert (await socket.receive_json(timeout=5))["type"] == "owner"
        told = await person.gives_code(said)
        frames = []
        async with asyncio.timeout(10):
            while (frame := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                frames.append(json.loads(frame.data))
        assert socket.close_code == 4401
    assert "utter_complaint_status_none" in replies(told)
    assert [frame for frame in frames if frame["type"] == "message"] == []
    assert await status_of(person, older) == 401


async def test_a_code_typed_over_the_socket_does_what_the_form_does(stack: Stack, person: Person) -> None:
    await person.gives_phone(await person.says(FORGOTTEN))
    code, older = await person.code(), person.token
    async with person.http.ws_connect(f"{stack.url}/api/chat/socket") as socket:
        await socket.send_json({"type": "auth", "token": older, "after": 10_000})
        await socket.send_json({"type": "message", "client_id": uuid4().hex, "text": code})
        async with asyncio.timeout(10):
            while (frame := json.loads((await socket.receive()).data))["type"] != "ack":
                assert code not in json.dumps(frame)
            while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert socket.close_code == 4401
    person.token = frame["token"]
    assert fields_of(await person.history()) == ["name", "id_number"]
    assert await status_of(person, older) == 401


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", "http://127.0.0.1.evil.example", "http://127.0.0.1", "file://", "about:"]
)
async def test_a_page_of_another_origin_gets_no_socket(stack: Stack, person: Person, origin: str) -> None:
    async with person.http.ws_connect(f"{stack.url}/api/chat/socket", headers={"Origin": origin}) as socket:
        await socket.send_json({"type": "auth", "token": person.token, "after": 0})
        assert (await socket.receive_json(timeout=5))["error"]["code"] == "not_allowed"
        assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE


async def test_no_header_moves_a_caller_to_another_address(stack: Stack, person: Person) -> None:
    form = form_of(await person.says(FORGOTTEN))
    pretended = "203.0.113.9"
    headers = {
        **person.headers, "X-Forwarded-For": pretended, "X-Real-IP": pretended, "Forwarded": f"for={pretended}",
        "X-Client-IP": pretended, "True-Client-IP": pretended,
    }  # fmt: skip
    body = {"form": form, "fields": {"phone": person.who.phone}}
    async with person.http.post(f"{stack.url}/api/chat/secure", json=body, headers=headers) as response:
        assert response.status == 200
    query = "SELECT address FROM security_event WHERE conversation_id = ? AND kind = 'code_sent'"
    assert rows(stack, query, conversation_of(stack, person)) == [("127.0.0.0/24",)]


async def test_every_way_of_writing_a_number_counts_as_that_number(
    stack: Stack, http: aiohttp.ClientSession, person: Person
) -> None:
    await person.gives_phone(await person.says(FORGOTTEN))
    number = person.who.phone
    wide = number.translate({ord("0") + digit: chr(ord("０") + digit) for digit in range(10)})
    for spelt in (wide, f"+86{number}", f"0086 {number}", f"{number[:3]}-{number[3:7]}-{number[7:]}", f" {number} "):
        other = await Person.arrives(http, stack.url)
        said = await other.fills(await other.says(FORGOTTEN), phone=spelt)
        assert replies(said) == ["utter_identity_otp_too_soon"], spelt


async def test_what_is_no_text_or_far_too_long_is_refused_and_costs_nothing(person: Person) -> None:
    form = form_of(await person.says(FORGOTTEN))
    for value in ("\ud800", "\x00", "1" * 60_000, "１" * 65, "13800138001'--", ""):
        status, body = await person.submit(form, phone=value)
        assert (status, set(body.get("errors", ()))) == (200, {"phone"}), value[:10]
    for fields in ([], "phone", {"phone": 13800138001}, {"phone": {"$ne": ""}}, None):
        async with person.http.post(
            f"{person.url}/api/chat/secure", json={"form": form, "fields": fields}, headers=person.headers
        ) as response:
            assert response.status == 400
    assert fields_of(await person.gives_phone(await person.history())) == ["otp"]


def found_in(stack: Stack, value: str) -> list[str]:
    """The files of a stack that hold a value, as it is or escaped. A code stands alone; in a hash it is chance."""
    spellings = {value.encode(), json.dumps(value)[1:-1].encode()}
    patterns = [re.compile(rb"(?<![0-9A-Za-z.:_-])" + re.escape(one) + rb"(?![0-9A-Za-z])") for one in spellings]
    files = [p for p in stack.var.rglob("*") if p.is_file() and p.parent.name != "keys"]
    return sorted({p.name for p in files for pattern in patterns if pattern.search(p.read_bytes())})


def rows(stack: Stack, query: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(stack.var / "shouwen.db")) as connection:
        return connection.execute(query, values).fetchall()


def conversation_of(stack: Stack, person: Person) -> str:
    """The conversation behind a token."""
    query = "SELECT conversation_id FROM chat_session WHERE token_hash = ?"
    [(found,)] = rows(stack, query, token_hash(person.token))
    return str(found)
