"""Whatever is said: the bank is asked for a verified customer only, and does nothing without a yes."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.flow import ALL, Flow
from shouwen.content.live import publish_folder
from shouwen.content.publication import Publication
from shouwen.conversations import sessions
from shouwen.db import Database
from shouwen.outside.corebank import Application, Bill, Card, Customer, LossStop, Quote, SmsNotice
from shouwen.vault.keyring import Keyring
from tests.actions.conftest import DAY, backstage_with
from tests.actions.conftest import Customer as Writer
from tests.actions.dialogue import Dialogue
from tests.conftest import NOON, Clock

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the flows are the subject, not SQL

DAY_LATER = NOON + timedelta(days=1)
INTENTS = (
    "affirm",
    "deny",
    "inform",
    "faq",
    "thanks",
    "nlu_fallback",
    "identity_done",
    "identity_failed",
    "sms_notice",
)
ENTITIES: tuple[dict[str, str], ...] = (
    {}, {"choice": "on"}, {"choice": "off"}, {"choice": "c-1"}, {"choice": "12"}, {"choice": "b-1"},
    {"card_tail": "1024"}, {"count": "6"}, {"choice": "somebody-else's"},
)  # fmt: skip
TEXTS = ("", "开通", "取消", "马上挂失", "不对，是另一张卡", "换个期数", "随便说说")
MESSAGES = st.tuples(st.sampled_from(INTENTS), st.sampled_from(TEXTS), st.sampled_from(ENTITIES))


@dataclass
class MemoryBank:
    """A bank that remembers who asked what. `effects` are the calls that change something."""

    asked: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)

    async def customer(self, ref: str) -> Customer:
        self.asked.append(ref)
        day = NOON.date() - timedelta(days=900)
        return Customer(ref, "王女士", "active", False, "13800138001", day, day)

    async def cards(self, ref: str) -> list[Card]:
        self.asked.append(ref)
        return [Card("c-1", "1024", "debit", "normal", None), Card("c-2", "6601", "credit", "normal", None)]

    async def stop_card(self, card_id: str, _key: str) -> LossStop:
        self.effects.append(card_id)
        return LossStop(Card(card_id, "1024", "debit", "stopped", DAY_LATER), DAY_LATER, "LS-1", False)

    async def start_password_reset(self, _ref: str, _key: str) -> str:
        return "https://bank.example/reset"

    async def sms_notice(self, ref: str) -> SmsNotice:
        self.asked.append(ref)
        return SmsNotice(True, Decimal("2.00"), None, None)

    async def set_sms_notice(self, _ref: str, on: bool, _key: str) -> SmsNotice:
        self.effects.append(f"sms {on}")
        return SmsNotice(on, Decimal("2.00"), NOON, "SN-1")

    async def bills(self, ref: str) -> list[Bill]:
        self.asked.append(ref)
        return [Bill("b-1", "6601", Decimal("600.00"), DAY_LATER.date(), "11月账单", True)]

    async def quote_instalment(self, bill_id: str, terms: int, _key: str) -> Quote:
        hundred = Decimal("100.00")
        return Quote(f"{bill_id}-{terms}", hundred, hundred, hundred, hundred, terms, hundred, hundred, DAY_LATER)

    async def apply_instalment(self, quote_id: str, _key: str) -> Application:
        self.effects.append(quote_id)
        return Application("IN-1", DAY_LATER.date())

    async def send(self, to: str, *_: Any) -> None:
        self.effects.append(to)


@dataclass
class Place:
    """Where conversations happen, made once a test."""

    database: Database
    keyring: Keyring
    clock: Clock
    publication: Publication

    def talk(self, bank: MemoryBank, *, simple: bool) -> Dialogue:
        backstage = backstage_with(self.database, self.keyring, self.clock, bank, bank)
        [conversation, _] = self.database.write_now(
            lambda tx: sessions.open_conversation(tx, "web", None, DAY, self.clock())
        )
        return Dialogue(backstage, Writer(backstage, conversation.id), self.publication, simple)


@pytest.fixture
def place(database: Database, keyring: Keyring, clock: Clock, publication: Publication) -> Place:
    publish_folder(database, publication, clock())
    return Place(database, keyring, clock, publication)


async def hold(dialogue: Dialogue, flow: Flow, messages: list[Any], verified_at: int | None) -> list[str]:
    """Talk; the intents that were said at a last question, in order."""
    yeses = []
    await dialogue.start(flow.form)
    for number, (intent, text, entities) in enumerate(messages):
        if number == verified_at:
            dialogue.verified("YS0001")
        if dialogue.form is None:
            await dialogue.start(flow.form)
        if dialogue.form is None:
            continue
        asked = str(dialogue.slots.get("requested_slot"))
        said = await dialogue.turn(intent, text, **entities)
        assert said, f"silence after {intent} at {asked}"
        if asked.endswith("_confirmed") and (intent == "affirm" or text == "马上挂失"):
            yeses.append(asked)
    return yeses


@pytest.mark.parametrize("flow", ALL, ids=lambda flow: flow.topic)
@given(messages=st.lists(MESSAGES, max_size=8), simple=st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_is_answered_from_the_bank_before_being_verified(
    place: Place, flow: Flow, messages: list[Any], simple: bool
) -> None:
    bank = MemoryBank()
    asyncio.run(hold(place.talk(bank, simple=simple), flow, messages, None))
    assert (bank.asked, bank.effects) == ([], [])


@pytest.mark.parametrize("flow", [flow for flow in ALL if len(flow.slots) > 1], ids=lambda flow: flow.topic)
@given(messages=st.lists(MESSAGES, min_size=2, max_size=10), simple=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_done_without_a_yes_to_the_last_question(
    place: Place, flow: Flow, messages: list[Any], simple: bool
) -> None:
    bank = MemoryBank()
    yeses = asyncio.run(hold(place.talk(bank, simple=simple), flow, messages, 0))
    assert len(bank.effects) <= len(yeses) // (2 if simple else 1)
    assert set(bank.asked) <= {"YS0001"}
    assert "somebody-else's" not in bank.effects
