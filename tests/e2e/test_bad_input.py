"""Whatever is sent, the customer gets the error object of api.md and the conversation goes on."""

import asyncio
import json
from uuid import uuid4

import aiohttp
import pytest

from tests.e2e import stack as stacks
from tests.e2e.stack import Customer, Stack, replies

pytestmark = pytest.mark.stack


def say(text: object) -> dict[str, object]:
    return {"client_id": uuid4().hex, "text": text}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (say(""), 400, "empty_message"),
        (say(" \n\t\u200b"), 400, "empty_message"),
        (say(None), 400, "invalid_input"),
        (say(12), 400, "invalid_input"),
        (say("好" * 2001), 413, "message_too_long"),
        (say("好" * 1_000_000), 413, "message_too_long"),
        ({"text": "你好"}, 400, "invalid_input"),
        ({"client_id": "c" * 65, "text": "你好"}, 400, "invalid_input"),
        ({"client_id": "c", "button": 5}, 400, "invalid_input"),
        ({"client_id": "d", "button": "never-issued"}, 409, "button_used"),
        ([], 400, "invalid_input"),
        ("text", 400, "invalid_input"),
        (None, 400, "invalid_input"),
    ],
)
async def test_a_bad_message_gets_its_error_and_the_talk_goes_on(
    customer: Customer, body: object, status: int, code: str
) -> None:
    headers = {"Authorization": f"Bearer {customer.token}"}
    url = f"{customer.url}/api/chat/messages"
    async with customer.http.post(url, json=body, headers=headers) as response:
        answer = await response.json()
        assert (response.status, answer["error"]["code"]) == (status, code)
    assert any("\u4e00" <= c <= "\u9fff" for c in answer["error"]["message"])
    assert answer["error"]["reference"].startswith("r-")
    assert replies(await customer.says("跨行转账要手续费吗")) == ["utter_faq/transfer_fee"]


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe\x00", b"\x00" * 100, b'{"client_id": "c", "text": "\\ud800"}', b""])
async def test_bytes_that_are_no_message_are_refused(customer: Customer, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {customer.token}", "Content-Type": "application/json"}
    url = f"{customer.url}/api/chat/messages"
    async with customer.http.post(url, data=raw, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["error"]["code"] == "invalid_input"
    assert replies(await customer.says("跨行转账要手续费吗")) == ["utter_faq/transfer_fee"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic x"}])
async def test_an_unknown_token_is_told_so(stack: Stack, http: aiohttp.ClientSession, headers: dict[str, str]) -> None:
    async with http.post(f"{stack.url}/api/chat/messages", json=say("你好"), headers=headers) as response:
        assert response.status == 401
        assert (await response.json())["error"]["code"] == "unknown_token"


async def test_an_unknown_path_is_told_so(stack: Stack, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{stack.url}/api/chat/nowhere") as response:
        assert response.status == 404
        assert (await response.json())["error"]["code"] == "not_found"


async def test_two_tabs_at_once_share_one_transcript_without_doubles_or_gaps(customer: Customer) -> None:
    async def tab(name: str) -> None:
        for number in range(5):
            said = {"client_id": f"{name}-{number}", "text": f"跨行转账要手续费吗{name}{number}"}
            status, _ = await customer.post(said)
            assert status == 200

    await asyncio.gather(tab("a"), tab("b"))
    history = await customer.history()
    assert [m["seq"] for m in history] == list(range(1, len(history) + 1))
    assert len([m for m in history if m["role"] == "customer"]) == 10
    asked = [m["id"] for m in history if m["role"] == "customer"]
    assert [m["reply_to"] for m in history if m["role"] == "bot" and "reply_to" in m] == asked


async def test_a_hundred_messages_in_a_second_are_slowed_down_and_none_is_lost(
    http: aiohttp.ClientSession, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stacks.train_if_needed()
    with stacks.running(tmp_path_factory.mktemp("flood") / "var", SHOUWEN_SESSION_IDLE="60") as stack:
        customer = await Customer.arrives(http, stack.url)
        answers = await asyncio.gather(*(customer.post(say(f"跨行转账要手续费吗{n}")) for n in range(100)))
        accepted = [body for status, body in answers if status == 200]
        refused = [body for status, body in answers if status == 429]
        assert len(accepted) + len(refused) == 100
        assert accepted and refused
        assert refused[0]["error"]["code"] == "too_many_requests"
        await asyncio.sleep(6)
        history = await customer.history()
        said = [m for m in history if m["role"] == "customer"]
        assert len(said) == len(accepted)
        answered = {m["reply_to"] for m in history if m["role"] == "bot" and "reply_to" in m}
        assert answered == {m["id"] for m in said}


async def test_the_socket_survives_nonsense(customer: Customer) -> None:
    async with customer.http.ws_connect(f"{customer.url}/api/chat/socket") as socket:
        await socket.send_json({"type": "auth", "token": customer.token, "after": 0})
        assert (await socket.receive_json(timeout=5))["type"] == "owner"
        await socket.receive_json(timeout=5)
        for nonsense in ("{", "[]", '{"type": "fly"}', '{"type": "message"}', '{"type": "message", "client_id": "x"}'):
            await socket.send_str(nonsense)
            frame = await socket.receive_json(timeout=5)
            assert frame["type"] == "error", nonsense
        await socket.send_str(json.dumps({"type": "message", "client_id": "ok", "text": "跨行转账要手续费吗"}))
        frames = [await socket.receive_json(timeout=5) for _ in range(3)]
        assert "message" in [f["type"] for f in frames]


async def test_a_socket_from_a_foreign_page_is_refused(customer: Customer) -> None:
    origin = {"Origin": "https://evil.example"}
    async with customer.http.ws_connect(f"{customer.url}/api/chat/socket", headers=origin) as socket:
        frame = await socket.receive_json(timeout=5)
        assert frame["error"]["code"] == "not_allowed"
        assert (await socket.receive(timeout=5)).type == aiohttp.WSMsgType.CLOSE


async def test_a_socket_without_a_valid_token_is_refused(customer: Customer) -> None:
    async with customer.http.ws_connect(f"{customer.url}/api/chat/socket") as socket:
        await socket.send_json({"type": "auth", "token": "nobody"})
        assert (await socket.receive_json(timeout=5))["error"]["code"] == "unknown_token"
