"""A dialogue that answers from a script, and a runner over real SQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from shouwen.content.publication import Publication
from shouwen.conversations import sessions
from shouwen.conversations.turns import Pace, TurnRunner
from shouwen.db import Database
from shouwen.errors import Unavailable
from shouwen.outside.bus import LocalBus
from shouwen.outside.rasa_server import Turn, Utterance
from shouwen.vault.keyring import Keyring
from tests.conftest import Clock

Answer = Callable[[Utterance], Awaitable[Turn]]


def turn(*names: str, label: str = "faq/transfer_fee", decision: str = "answer") -> Turn:
    return Turn([{"name": n, "values": {}} for n in names], label, decision, 0.9, [], [], None, "model-1")


class ScriptedDialogue:
    """Stands where Rasa stands; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Utterance] = []
        self.answer: Answer = self.fee

    async def fee(self, _utterance: Utterance) -> Turn:
        return turn("utter_faq/transfer_fee")

    async def turn(self, utterance: Utterance, deadline: float) -> Turn:
        self.asked.append(utterance)
        try:
            return await asyncio.wait_for(self.answer(utterance), deadline)
        except TimeoutError:
            raise Unavailable("rasa", "no answer") from None

    async def is_ready(self) -> bool:
        return True


def untouched(*_: object) -> None:
    """Nobody was identified in these conversations."""


@pytest.fixture
def dialogue() -> ScriptedDialogue:
    return ScriptedDialogue()


@pytest.fixture
def make_runner(
    database: Database, dialogue: ScriptedDialogue, keyring: Keyring, publication: Publication, clock: Clock
) -> Callable[..., TurnRunner]:
    def make(**pace: float) -> TurnRunner:
        times = {"still_working_after": 0.2, "turn_timeout": 1.0, "lease": 10.0, "episode_idle": 4 * 3600.0} | pace
        return TurnRunner(database, dialogue, LocalBus(), keyring, lambda: publication, Pace(**times), clock, untouched)

    return make


@pytest.fixture
async def runner(make_runner: Callable[..., TurnRunner]) -> AsyncIterator[TurnRunner]:
    runner = make_runner()
    yield runner
    await runner.close()


@pytest.fixture
def conversation_id(database: Database, clock: Clock) -> str:
    from datetime import timedelta

    day = sessions.Lifetime(timedelta(days=1), timedelta(days=7))
    return database.write_now(lambda tx: sessions.open_conversation(tx, "web", None, day, clock())[0].id)
