"""What happens when parts die or hang: the customer is told, nothing is lost, everything comes back."""

import asyncio
import os
import signal
import sqlite3
import time
from uuid import uuid4

import aiohttp
import pytest

from tests.e2e import stack as stacks
from tests.e2e.stack import Customer, Stack, replies

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A stack of its own, to be hurt."""
    stacks.train_if_needed()
    with stacks.running(tmp_path_factory.mktemp("fragile") / "var", SHOUWEN_RATE_LIMIT="off") as running:
        yield running


async def until_answered(customer: Customer, client_id: str, seconds: float) -> list[dict[str, object]]:
    """The replies to a message, however long they take."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            history = await customer.history()
        except aiohttp.ClientError:
            await asyncio.sleep(0.2)
            continue
        mine = [m["id"] for m in history if m.get("client_id") == client_id]
        answers = [m for m in history if mine and m.get("reply_to") == mine[0] and m["reply"] != "utter_still_working"]
        if answers:
            return answers
        await asyncio.sleep(0.2)
    raise AssertionError("no answer in time")


@pytest.mark.parametrize("part", ["rasa", "actions", "web"])
async def test_a_killed_process_comes_back(fragile: Stack, http: aiohttp.ClientSession, part: str) -> None:
    before = fragile.pids()
    os.kill(before[part], signal.SIGKILL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        await asyncio.sleep(0.2)
        try:
            async with http.get(f"{fragile.url}/readyz") as response:
                if response.status == 200 and fragile.pids().get(part) not in (None, before[part]):
                    break
        except aiohttp.ClientError:
            continue
    customer = await Customer.arrives(http, fragile.url)
    assert replies(await customer.says("转人工"))[0] == "utter_handoff_open"


async def test_a_message_accepted_before_a_crash_is_answered_exactly_once(
    fragile: Stack, http: aiohttp.ClientSession
) -> None:
    customer = await Customer.arrives(http, fragile.url)
    os.kill(fragile.pids()["rasa"], signal.SIGSTOP)
    client_id = uuid4().hex
    asking = asyncio.create_task(customer.post({"client_id": client_id, "text": "跨行转账要手续费吗"}))
    await asyncio.sleep(1)
    pids = fragile.pids()
    os.kill(pids["web"], signal.SIGKILL)
    os.kill(pids["rasa"], signal.SIGCONT)
    with pytest.raises(aiohttp.ClientError):
        await asking
    answers = await until_answered(customer, client_id, 30)
    assert [a["reply"] for a in answers] == ["utter_faq/transfer_fee"]
    await asyncio.sleep(3)
    assert len(await until_answered(customer, client_id, 1)) == 1


async def test_a_silent_rasa_is_announced_within_five_seconds_and_the_answer_follows(
    fragile: Stack, http: aiohttp.ClientSession
) -> None:
    customer = await Customer.arrives(http, fragile.url)
    rasa = fragile.pids()["rasa"]
    os.kill(rasa, signal.SIGSTOP)
    started, client_id = time.monotonic(), uuid4().hex
    status, body = await customer.post({"client_id": client_id, "text": "跨行转账要手续费吗"})
    waited = time.monotonic() - started
    os.kill(rasa, signal.SIGCONT)
    assert status == 200
    assert replies(body["messages"]) == ["utter_still_working"]
    assert waited < 6
    answers = await until_answered(customer, client_id, 20)
    assert [a["reply"] for a in answers] == ["utter_faq/transfer_fee"]


async def test_a_locked_tracker_in_mid_form_is_told_and_the_form_goes_on_afterwards(
    fragile: Stack, http: aiohttp.ClientSession
) -> None:
    customer = await Customer.arrives(http, fragile.url)
    assert replies(await customer.says("转人工"))[0] == "utter_handoff_open"
    lock = sqlite3.connect(fragile.var / "tracker.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    client_id = uuid4().hex
    status, body = await customer.post({"client_id": client_id, "text": "跨行转账要手续费吗"})
    assert status == 200
    assert replies(body["messages"]) == ["utter_still_working"]
    lock.execute("ROLLBACK")
    lock.close()
    answers = await until_answered(customer, client_id, 25)
    assert [a["reply"] for a in answers] == ["utter_faq/transfer_fee", "utter_ask_callback_phone"]
    assert replies(await customer.says("打13800138000找我")) == ["utter_callback_noted"]
