"""The bank, its text messages or a part of ours fails in the middle of a flow: said plainly, kept, done later (R61)."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.e2e import stack as stacks
from tests.e2e.flow_cases import (
    INSTALMENT,
    LOSS,
    RESET,
    SMS,
    Case,
    at_the_code,
    at_the_last_question,
    conversation_of,
    in_database,
    requests_of,
    to_the_last_question,
)
from tests.e2e.person import Person, fields_of, form_of, open_form, secret_of
from tests.e2e.stack import Stack, replies

pytestmark = pytest.mark.stack

PAST = "2026-01-01 00:00:00.000000"


@pytest.fixture(scope="module")
def hurt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, to be hurt."""
    stacks.train_if_needed()
    var = tmp_path_factory.mktemp("hurt") / "var"
    with stacks.running(var, SHOUWEN_RATE_LIMIT="off", SHOUWEN_OTP_PER_ADDRESS_HOUR="1000") as running:
        yield running


@pytest.fixture(autouse=True)
async def fine_afterwards(hurt: Stack, http: aiohttp.ClientSession) -> AsyncIterator[None]:
    yield
    await all_ready(http, hurt)
    for system in ("bank", "sms"):
        await weather(http, hurt, "fine", system)


async def weather(http: aiohttp.ClientSession, stack: Stack, mode: str, system: str = "bank") -> None:
    order = {"system": system, "mode": mode, "seconds": 20}
    async with http.post(f"{stack.sandbox}/sandbox/weather", json=order, headers=secret_of(stack)) as response:
        assert response.status == 200, await response.text()


async def all_ready(http: aiohttp.ClientSession, stack: Stack, killed: dict[str, int] | None = None) -> None:
    """Wait until every part answers, and none of the killed ones is still the old one."""
    async with asyncio.timeout(90):
        while True:
            await asyncio.sleep(0.2)
            now = stack.pids()
            if len(now) < 4 or any(now[name] == pid for name, pid in (killed or {}).items()):
                continue
            try:
                async with http.get(f"{stack.url}/readyz") as ours, http.get(f"{stack.url}/sandbox/customers") as bank:
                    if ours.status == 200 and bank.status == 200:
                        return
            except aiohttp.ClientError:
                continue


def kill(stack: Stack, part: str) -> dict[str, int]:
    pid = stack.pids()[part]
    os.kill(pid, signal.SIGKILL)
    return {part: pid}


async def hears(person: Person, reply: str, within: float = 30.0) -> dict[str, Any]:
    """Wait until the bot says something by itself, or late."""
    deadline, history = time.monotonic() + within, []
    while time.monotonic() < deadline:
        history = await person.history()
        found = [m for m in history if m.get("reply") == reply]
        if found:
            return found[-1]
        await asyncio.sleep(0.3)
    raise AssertionError(f"heard only {[m.get('reply') for m in history[-6:]]}")


def wanted(stack: Stack, person: Person) -> list[tuple[Any, ...]]:
    """What is still to be done at the bank for a person."""
    statement = "SELECT act, state FROM service_request WHERE conversation_id = ? AND state <> 'offered'"
    return in_database(stack, statement, conversation_of(stack, person))


def try_again_now(stack: Stack) -> None:
    in_database(stack, "UPDATE service_request SET next_try_at = ? WHERE state = 'wanted'", PAST)


@pytest.mark.parametrize("mode", ["slow", "down", "nonsense"])
async def test_a_bank_in_bad_weather_is_said_and_the_form_stays(
    hurt: Stack, http: aiohttp.ClientSession, mode: str
) -> None:
    person = await Person.comes(http, hurt, RESET.like)
    asked = await person.says(RESET.begins)
    await weather(http, hurt, mode)
    status, body = await person.submit(form_of(asked), phone=person.who.phone)
    assert (status, replies(body["messages"])) == (200, ["utter_identity_unavailable"])
    assert "转人工" in str(body["messages"][0]["buttons"])
    assert ("question", "bank_unavailable", None, None) in requests_of(hurt, person)
    await weather(http, hurt, "fine")
    assert fields_of(await person.gives_phone(asked)) == ["otp"], "the same form works now, and nothing was lost"


@pytest.mark.parametrize("mode", ["slow", "down", "nonsense"])
@pytest.mark.parametrize("case", [SMS, INSTALMENT], ids=lambda case: case.topic)
async def test_no_answer_to_the_last_word_is_said_and_the_request_is_kept(
    hurt: Stack, http: aiohttp.ClientSession, case: Case, mode: str
) -> None:
    person, _ = await at_the_last_question(http, hurt, case)
    await weather(http, hurt, mode)
    await person.says("确认")
    told = await hears(person, "utter_bank_unavailable")
    assert "转人工" in str(told["buttons"])
    assert wanted(hurt, person) == [(case.topic, "wanted")]
    assert requests_of(hurt, person)[0][:2] == ("question", "bank_unavailable")
    await weather(http, hurt, "fine")
    try_again_now(hurt)
    await hears(person, case.ends)
    assert wanted(hurt, person) == [(case.topic, "done")]
    told_of = [m.get("reply") for m in await person.history()]
    assert told_of.count(case.ends) == 1


@pytest.mark.parametrize("mode", ["slow", "down", "nonsense"])
async def test_a_loss_stop_is_tried_until_it_works_and_the_customer_is_told(
    hurt: Stack, http: aiohttp.ClientSession, mode: str
) -> None:
    person, _ = await at_the_last_question(http, hurt, LOSS)
    await weather(http, hurt, mode)
    await person.says("马上挂失")
    told = await hears(person, "utter_loss_kept")
    assert "24小时" in told["text"], "another way that works now"
    [(kind, reason, contact, _)] = requests_of(hurt, person)
    assert (kind, reason, contact) == ("call_back", "loss", f"customer:{person.who.ref}")
    try_again_now(hurt)
    await asyncio.sleep(0.5)
    assert wanted(hurt, person) == [("loss_stop", "wanted")]
    await weather(http, hurt, "fine")
    try_again_now(hurt)
    done = await hears(person, "utter_loss_worked_later")
    assert person.who.tails[0] in done["text"]
    assert wanted(hurt, person) == [("loss_stop", "done")]
    await person.is_told(person.who.tails[0])


async def test_a_code_that_never_arrived_can_be_asked_for_again(hurt: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, hurt, RESET.like)
    asked = await person.says(RESET.begins)
    await weather(http, hurt, "down", "sms")
    said = await person.gives_phone(asked)
    assert fields_of(said) == ["otp"]
    assert "重新获取" in said[-1]["text"]
    await asyncio.sleep(1)
    assert await person.texts() == []
    await weather(http, hurt, "fine", "sms")
    in_database(hurt, "UPDATE identity_otp SET sent_at = ?", PAST)
    in_database(hurt, "UPDATE identity_attempt SET at = ?", PAST)
    status, body = await person.submit(form_of(said), resend="sms")
    assert status == 200, body
    assert replies(body["messages"]) == ["utter_identity_otp_again"]
    assert fields_of(await person.gives_code(body["messages"])) == ["name", "id_number"]


async def test_a_link_that_cannot_be_sent_is_said_and_kept_for_a_person(
    hurt: Stack, http: aiohttp.ClientSession
) -> None:
    person, said = await at_the_code(http, hurt, RESET)
    said = await person.gives_code(said)
    await weather(http, hurt, "down", "sms")
    said = await person.gives_person(said)
    assert "utter_bank_unavailable" in replies(said)
    assert "utter_reset_link_sent" not in replies(said)
    assert requests_of(hurt, person)[0][:2] == ("question", "bank_unavailable")


@pytest.mark.parametrize("part", ["web", "rasa", "actions"])
async def test_a_killed_part_leaves_form_and_flow_as_they_were(
    hurt: Stack, http: aiohttp.ClientSession, part: str
) -> None:
    person, said = await at_the_code(http, hurt, SMS)
    await all_ready(http, hurt, kill(hurt, part))
    history = await person.history()
    assert form_of(history) == form_of(said)
    said = await person.is_identified(history)
    assert replies(said)[-1] == SMS.last, "what the first sentence said is not forgotten"
    await all_ready(http, hurt, kill(hurt, part))
    assert replies(await person.says("确认"))[-1] == SMS.ends
    assert open_form(await person.history()) is None


async def test_a_locked_tracker_before_the_last_word_is_said_and_it_is_done_once(
    hurt: Stack, http: aiohttp.ClientSession
) -> None:
    person, _ = await at_the_last_question(http, hurt, SMS)
    lock = sqlite3.connect(hurt.var / "tracker.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    try:
        _, body = await person.post({"client_id": uuid4().hex, "text": "确认"})
        waited = time.monotonic() - started
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    assert replies(body["messages"]) == ["utter_still_working"]
    assert waited < 6
    await hears(person, SMS.ends)
    assert wanted(hurt, person) == [("sms_notice", "done")]


# last: a sandbox that was killed gives the numbers of its made-up customers out anew, and limits count by number
async def test_a_bank_that_dies_before_the_code_is_said_and_the_check_goes_on_afterwards(
    hurt: Stack, http: aiohttp.ClientSession
) -> None:
    person = await Person.comes_as(http, hurt, "YS0009")
    asked = await person.says(RESET.begins)
    killed = kill(hurt, "sandbox")
    status, body = await person.submit(form_of(asked), phone=person.who.phone)
    assert (status, replies(body["messages"])) == (200, ["utter_identity_unavailable"])
    await all_ready(http, hurt, killed)
    said = await person.is_identified(await person.gives_phone(asked))
    assert "utter_reset_link_sent" in replies(said)


async def test_a_bank_that_dies_before_the_last_word_stops_the_card_when_it_is_back(
    hurt: Stack, http: aiohttp.ClientSession
) -> None:
    person = await Person.comes_as(http, hurt, "YS0001")
    said = await to_the_last_question(person, LOSS, await person.says(LOSS.begins))
    assert LOSS.last in replies(said)
    killed = kill(hurt, "sandbox")
    assert "utter_loss_kept" in replies(await person.says("马上挂失"))
    await all_ready(http, hurt, killed)
    try_again_now(hurt)
    await hears(person, "utter_loss_worked_later")
    await person.is_told(person.who.tails[0])
