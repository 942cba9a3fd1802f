"""A customer in a real database, and actions called the way the executor calls them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import func, select

from actions.base import BankAction
from shouwen.content.publication import Publication
from shouwen.conversations import sessions, store
from shouwen.conversations.message import Message
from shouwen.db import Database
from shouwen.identity.rules import Rules
from shouwen.vault import service as vault
from shouwen.vault.keyring import Keyring
from shouwen.wiring import Backstage
from tests.conftest import Clock
from tests.sandbox.running import RunningBank

if TYPE_CHECKING:
    from tests.actions.dialogue import Dialogue

SECRET = "a-secret-of-tests"
RULES = Rules(key=b"k" * 32)
DAY = sessions.Lifetime(timedelta(days=1), timedelta(days=7))


@dataclass
class Said:
    """What an action gave back: names of replies, their values, slots it set."""

    names: list[str]
    values: list[dict[str, Any]]
    slots: dict[str, Any]


def tracker(sender: str, message_id: str, intent: str = "handoff_request", **metadata: Any) -> Tracker:
    latest = {"intent": {"name": intent}, "metadata": {"message_id": message_id, **metadata}}
    return Tracker.from_dict({"sender_id": sender, "latest_message": latest})


class _Nobody:
    """Stands where no call is to go."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was called")


def backstage_with(
    database: Database, keyring: Keyring, clock: Clock, bank: Any = None, messenger: Any = None
) -> Backstage:
    """The parts of the action server; without a bank none may be asked."""
    return Backstage(database, keyring, SECRET, clock, bank or _Nobody(), messenger or _Nobody(), RULES)


async def call(action: BankAction, tracker: Tracker) -> Said:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker, {})
    assert all(event["event"] == "slot" for event in events)
    built_in = {"text", "buttons", "elements", "custom", "template", "response", "image", "attachment"}
    return Said(
        [m["response"] for m in dispatcher.messages],
        [{key: m[key] for key in m.keys() - built_in} for m in dispatcher.messages],
        {event["name"]: event["value"] for event in events},
    )


@dataclass
class Customer:
    """A conversation with messages of the customer in it. `miss` notes that the bot did not understand one."""

    backstage: Backstage
    id: str
    written: list[str] = field(default_factory=list)

    def writes(self, text: str = "您好", phone: str | None = None) -> str:
        """Store a message, the phone number in the vault, and give its id."""

        def work(tx: Any) -> str:
            [seq] = store.next_seqs(tx, self.id, 1)
            message = Message(sessions.new_id(), self.id, seq, "customer", text, self.backstage.now())
            store.add_messages(tx, [message], 1)
            if phone:
                vault.keep(
                    tx, self.backstage.keyring, message_id=message.id, start=2, kind="phone",
                    mask=phone[:3] + "****" + phone[-4:], value=phone, now=self.backstage.now(),
                )  # fmt: skip
            return message.id

        self.written.append(self.backstage.database.write_now(work))
        return self.written[-1]

    def was_understood(self, message_id: str, decision: str) -> None:
        """Note how the turn of a message was decided."""

        def work(tx: Any) -> None:
            message = store.message(tx, message_id)
            assert message is not None
            store.add_turn(
                tx,
                {
                    "message_id": message_id, "conversation_id": self.id, "episode": 1, "seq": message.seq,
                    "label": None, "decision": decision, "confidence": "0.900", "ranking": [], "model_id": None,
                    "milliseconds": 1, "dropped": 0, "at": self.backstage.now(),
                },
            )  # fmt: skip

        self.backstage.database.write_now(work)

    async def hears(
        self, action: BankAction, message_id: str, intent: str = "handoff_request", **metadata: Any
    ) -> Said:
        """Run an action for one message."""
        return await call(action, tracker(f"{self.id}.1", message_id, intent, **metadata))


def rows(database: Database) -> dict[str, int]:
    """How many rows each table holds."""
    from shouwen.schema import metadata

    def count(tx: Any) -> dict[str, int]:
        return {t.name: tx.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables}

    return database.read_now(count)


@pytest.fixture
def backstage(database: Database, keyring: Keyring, clock: Clock) -> Backstage:
    return backstage_with(database, keyring, clock)


@pytest.fixture
def customer(backstage: Backstage) -> Customer:
    opened = backstage.database.write_now(lambda tx: sessions.open_conversation(tx, "web", None, DAY, backstage.now()))
    return Customer(backstage, opened[0].id)


@pytest.fixture
def dialogue(
    database: Database, keyring: Keyring, clock: Clock, sandbox: RunningBank, publication: Publication
) -> "Dialogue":
    """A customer in the flows, with the sandbox bank behind the actions."""
    from tests.actions.dialogue import Dialogue

    backstage = backstage_with(database, keyring, clock, sandbox.bank, sandbox.messenger)
    opened = database.write_now(lambda tx: sessions.open_conversation(tx, "web", None, DAY, clock()))
    return Dialogue(backstage, Customer(backstage, opened[0].id), publication)
