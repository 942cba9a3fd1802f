"""What somebody who is not the customer can find out or reach: nothing (identity §3.5)."""

import asyncio
import itertools
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e import stack as stacks
from tests.e2e.person import Person, fields_of, form_of, open_form
from tests.e2e.stack import Stack, replies

pytestmark = pytest.mark.stack

FORGOTTEN = "忘记手机银行登录密码了"
LOST = "我的银行卡丢了，帮我挂失"
TRIES, SESSIONS, PAIRS = 1000, 25, 200
PAIRS_WITH_CODE = 60  # more wrong codes would slow this address down


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own: an attack locks what others use. Its limits are those of every day, but for addresses,
    since here attacker and victim share one."""
    stacks.train_if_needed()
    var: Path = tmp_path_factory.mktemp("attacked") / "var"
    settings = {"SHOUWEN_RATE_LIMIT": "off", "SHOUWEN_OTP_PER_ADDRESS_HOUR": "1000", "SHOUWEN_ADDRESS_FACTOR": "100"}
    settings["SHOUWEN_FAILED_CHECKS"] = "3"  # with 5 a second code is needed to be locked, and that takes a minute
    with stacks.running(var, **settings) as running:
        yield running


@pytest.fixture
async def victim(attacked: Stack, http: aiohttp.ClientSession) -> Person:
    return await Person.comes(http, attacked, "YS0001")


async def attack(http: aiohttp.ClientSession, stack: Stack, victim: Person, tries: "Iterator[int]") -> Counter[str]:
    """One session that guesses codes as long as anything can be guessed; what it heard."""
    heard: Counter[str] = Counter()
    while True:
        attacker = await Person.arrives(http, stack.url)
        said = await attacker.says(FORGOTTEN)
        guess: dict[str, str] = {"phone": victim.who.phone}
        while open_form(said):
            number = next(tries, None)
            if number is None:
                return heard
            status, body = await attacker.submit(form_of(said), **guess)
            heard[f"{status}"] += 1
            heard["levels"] += "identity" in body or "token" in body
            said = body.get("messages", [])
            heard.update(replies(said))
            guess = {"otp": f"{number * 997 % 10**6:06}"}
        if next(tries, None) is None:
            return heard


async def test_a_thousand_guesses_reach_no_level_and_lock_only_the_check(
    attacked: Stack, http: aiohttp.ClientSession, victim: Person
) -> None:
    tries = iter(range(TRIES))
    heard = sum(await asyncio.gather(*(attack(http, attacked, victim, tries) for _ in range(SESSIONS))), Counter[str]())
    assert heard["levels"] == 0
    assert heard["utter_identity_locked"] > 0
    assert {key for key in heard if key.isdecimal()} <= {"200", "409", "429"}
    locked = replies(await victim.gives_phone(await victim.says(FORGOTTEN)))
    assert "utter_identity_locked" in locked
    assert replies(await victim.says("我要投诉"))[0] == "utter_complaint_file"
    other = await Person.arrives(http, attacked.url)
    assert replies(await other.says("转人工"))[0] == "utter_handoff_open"
    assert replies(await other.says("我被骗了，刚转了五万"))[0] == "utter_fraud_report"


async def test_a_victim_who_is_locked_out_can_still_stop_the_card(
    attacked: Stack, http: aiohttp.ClientSession, victim: Person
) -> None:
    await asyncio.gather(*(attack(http, attacked, victim, iter(range(10))) for _ in range(3)))
    again = await Person.arrives(http, attacked.url)
    assert "utter_identity_locked" in replies(await again.fills(await again.says(FORGOTTEN), phone=victim.who.phone))
    said = await victim.gives_phone(await victim.says(LOST))
    said = await victim.fills(await victim.gives_code(said), name=victim.who.name, card_tail=victim.who.tails[0])
    assert "utter_loss_done" in replies(await victim.chooses(said, "马上挂失"))


async def test_a_known_number_sounds_and_lasts_like_an_unknown_one(
    attacked: Stack, http: aiohttp.ClientSession
) -> None:
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    words: dict[str, Counter[tuple[str, ...]]] = {"known": Counter(), "unknown": Counter()}
    for number in range(PAIRS):
        known = await Person.comes(http, attacked, "YS0001")
        unknown = await Person.arrives(http, attacked.url)
        pair = [("known", known, known.who.phone), ("unknown", unknown, f"1470000{number:04}")]
        for kind, person, phone in pair if number % 2 else reversed(pair):
            seconds, said = await timed(person, await person.says(FORGOTTEN), phone=phone)
            took["phone", kind].append(seconds)
            heard = [(m["reply"], m["text"].replace(f"{phone[:3]}****{phone[-4:]}", "")) for m in said]
            if number < PAIRS_WITH_CODE:
                seconds, said = await timed(person, said, otp="000000")
                took["otp", kind].append(seconds)
                heard += [(m["reply"], m["text"]) for m in said]
            words[kind][tuple(itertools.chain.from_iterable(heard))] += 1
    assert words["known"] == words["unknown"]
    medians = {kind: statistics.median(seconds) for kind, seconds in took.items()}
    for step in ("phone", "otp"):
        assert abs(medians[step, "known"] - medians[step, "unknown"]) < 0.020, medians


async def timed(person: Person, messages: list[dict[str, Any]], **values: str) -> tuple[float, list[dict[str, Any]]]:
    form = form_of(messages)
    started = time.perf_counter()
    status, body = await person.submit(form, **values)
    took = time.perf_counter() - started
    assert status == 200, body
    return took, list(body["messages"])


async def test_a_form_belongs_to_its_conversation_and_step(
    attacked: Stack, http: aiohttp.ClientSession, victim: Person
) -> None:
    said = await victim.gives_phone(await victim.says(FORGOTTEN))
    thief = await Person.arrives(http, attacked.url)
    await thief.says(FORGOTTEN)
    code = await victim.code()
    status, body = await thief.submit(form_of(said), otp=code)
    assert (status, body["error"]["code"]) == (409, "form_over")
    elsewhere = await thief.fills(await thief.history(), phone="14700009999")
    status, body = await thief.submit(form_of(elsewhere), otp=code)
    assert "token" not in body, "a code is good for the number and the check it was sent for"
    assert fields_of(await victim.fills(said, otp=code)) == ["name", "id_number"]


async def test_the_old_token_is_dead_once_the_level_has_changed(
    attacked: Stack, http: aiohttp.ClientSession, victim: Person
) -> None:
    said = await victim.gives_phone(await victim.says(FORGOTTEN))
    old = victim.token
    async with http.ws_connect(f"{attacked.url}/api/chat/socket") as socket:
        await socket.send_json({"type": "auth", "token": old, "after": 0})
        await victim.gives_code(said)
        async with asyncio.timeout(10):
            while (frame := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert socket.close_code == 4401, frame
    headers = {"Authorization": f"Bearer {old}"}
    async with http.get(f"{attacked.url}/api/chat/messages", headers=headers) as response:
        assert response.status == 401


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=50)) as session:
        yield session
