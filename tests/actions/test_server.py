"""The action server over HTTP: who may call it, and what an error looks like from outside."""

import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

import actions.base
from actions.__main__ import SECRET_HEADER, make_app
from shouwen.conversations.sessions import new_id
from shouwen.wiring import Backstage
from tests.actions.conftest import SECRET, Customer

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # HTTP is the subject, not SQL

TELLTALE = "the-customer's-own-words"


@pytest.fixture
async def server(backstage: Backstage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[aiohttp.ClientSession]:
    """The server on a free port of loopback, working with the test's own parts."""
    monkeypatch.setattr(actions.base, "backstage_of_process", lambda: backstage)
    app = make_app(SECRET, f"actions-{new_id()}")
    app.config.TOUCHUP = False  # Sanic rewrites its own methods for the first application of a process only
    listening = socket.create_server(("127.0.0.1", 0))
    running = await app.create_server(sock=listening, return_asyncio_server=True)
    assert running is not None
    await running.startup()
    port = listening.getsockname()[1]
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        yield http
    running.close()
    await running.wait_closed()


def body(action: str, customer: Customer) -> dict[str, Any]:
    latest = {
        "text": TELLTALE,
        "intent": {"name": "handoff_request"},
        "metadata": {"message_id": customer.writes(), "reason": "human"},
    }
    return {
        "next_action": action,
        "sender_id": customer.id,
        "tracker": {"sender_id": f"{customer.id}.1", "latest_message": latest},
    }


async def post(http: aiohttp.ClientSession, json: Any, secret: str = SECRET) -> tuple[int, Any]:
    async with http.post("/webhook", json=json, headers={SECRET_HEADER: secret}) as response:
        return response.status, await response.json()


async def test_an_action_runs_and_names_its_replies(server: aiohttp.ClientSession, customer: Customer) -> None:
    status, answer = await post(server, body("action_handoff_open", customer))
    assert status == 200
    assert [said["response"] for said in answer["responses"]] == ["utter_handoff_open"]
    assert [(event["name"], event["value"]) for event in answer["events"]] == [("callback_wanted", True)]


async def test_every_action_of_the_domain_is_served(server: aiohttp.ClientSession, customer: Customer) -> None:
    import yaml

    from shouwen.settings import ROOT

    named = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["actions"]
    ours = [action for action in named if action.startswith(("action_", "validate_"))]
    assert ours
    for action in ours:
        assert (await post(server, body(action, customer)))[0] == 200, action


@pytest.mark.parametrize("secret", ["", "wrong", SECRET.upper(), SECRET + "x"])
async def test_a_wrong_secret_is_refused(server: aiohttp.ClientSession, customer: Customer, secret: str) -> None:
    assert await post(server, body("action_handoff_open", customer), secret) == (403, {"error": "not allowed"})


async def test_no_secret_at_all_is_refused(server: aiohttp.ClientSession, customer: Customer) -> None:
    async with server.post("/webhook", json=body("action_handoff_open", customer)) as response:
        assert response.status == 403


async def test_an_unknown_action_is_not_found(server: aiohttp.ClientSession, customer: Customer) -> None:
    status, answer = await post(server, body("action_no_such_thing", customer))
    assert (status, answer["action_name"]) == (404, "action_no_such_thing")


async def test_a_rejection_is_handed_to_rasa_as_one(
    server: aiohttp.ClientSession, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def reject(*_: Any) -> None:
        raise ActionExecutionRejection("action_handoff_open")

    monkeypatch.setattr(ActionExecutor, "run", reject)
    status, answer = await post(server, body("action_handoff_open", customer))
    assert (status, answer["action_name"]) == (400, "action_handoff_open")


async def test_an_exception_answers_500_without_the_tracker(
    server: aiohttp.ClientSession, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError(TELLTALE)

    monkeypatch.setattr(ActionExecutor, "run", fail)
    status, answer = await post(server, body("action_handoff_open", customer))
    assert status == 500
    assert answer.keys() == {"error", "reference"}
    assert TELLTALE not in str(answer)


@pytest.mark.parametrize("nonsense", [b"", b"[]", b"not json", b'{"next_action": "action_miss"}'])
async def test_nonsense_gets_an_error_that_says_nothing_about_the_inside(
    server: aiohttp.ClientSession, nonsense: bytes
) -> None:
    async with server.post("/webhook", data=nonsense, headers={SECRET_HEADER: SECRET}) as response:
        assert response.status == 500
        assert (await response.json()).keys() == {"error", "reference"}


async def test_health_needs_no_secret(server: aiohttp.ClientSession) -> None:
    async with server.get("/health") as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})
