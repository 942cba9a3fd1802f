"""No error escapes an action, and nothing of a failed one stays."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from sqlalchemy import select
from sqlalchemy.engine import Connection

from actions import base
from actions.base import Ask, BankAction, Call, Result, Step, read_call
from actions.handoff import HandoffOpen
from shouwen import errors
from shouwen.content.render import error_reply
from shouwen.conversations import requests, tables
from shouwen.db import Database
from shouwen.vault.keyring import Keyring
from shouwen.wiring import Backstage
from tests.actions.conftest import RULES, Customer, backstage_with, call, tracker
from tests.conftest import NOON, Clock


def breaking(error: Exception) -> type[BankAction]:
    """An action that opens a request and then breaks. Made anew, so that no other test's executor registers it."""

    class Breaking(BankAction):
        def name(self) -> str:
            return "action_breaking"

        def handle(self, tx: Connection, call: Call) -> Result:
            requests.wish_for_human(tx, call.conversation_id, call.episode, call.message_id, "human", call.now)
            raise error

    return Breaking


@pytest.mark.parametrize(
    "error",
    [
        errors.Unavailable("corebank", "no answer"),
        errors.NotFound("card", "1"),
        errors.TooManyRequests(3),
        ValueError("13800000000"),
        KeyError("phone"),
        RuntimeError("boom"),
    ],
)
async def test_an_error_becomes_a_reply_and_the_transaction_is_taken_back(
    backstage: Backstage, customer: Customer, error: Exception
) -> None:
    said = await customer.hears(breaking(error)(backstage), customer.writes())
    expected = error_reply(error) if isinstance(error, errors.ShouwenError) else "utter_unavailable"
    assert (said.names, said.slots) == ([expected], {})
    kept = backstage.database.read_now(lambda tx: tx.execute(select(tables.open_request)).all())
    assert kept == []


async def test_a_failing_database_becomes_an_apology(tmp_path: Path, keyring: Keyring, clock: Clock) -> None:
    without_tables = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    said = await call(HandoffOpen(backstage_with(without_tables, keyring, clock)), tracker("c.1", "m"))
    without_tables.close()
    assert said.names == ["utter_unavailable"]


async def test_parts_that_cannot_be_opened_become_an_apology_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_keys() -> Backstage:
        raise errors.Misconfigured(["the key file is gone"])

    monkeypatch.setattr(base, "backstage_of_process", no_keys)
    assert (await call(HandoffOpen(), tracker("c.1", "m"))).names == ["utter_unavailable"]


@pytest.mark.parametrize(
    "state",
    [
        {"sender_id": "without-an-episode", "latest_message": {"metadata": {"message_id": "m"}}},
        {"sender_id": "c.1", "latest_message": {}},
        {"sender_id": "c.1", "latest_message": {"metadata": None}},
        {"sender_id": "c.1", "latest_message": None},
    ],
)
async def test_a_tracker_that_is_none_of_ours_becomes_an_apology(backstage: Backstage, state: Any) -> None:
    assert (await call(HandoffOpen(backstage), Tracker.from_dict(state))).names == ["utter_unavailable"]


class _Bank:
    """Answers `cards` with what it is given, an exception by raising it."""

    def __init__(self, answer: Any, seen: Callable[[], None] = lambda: None) -> None:
        self.answer = answer
        self.seen = seen
        self.asked: list[str] = []

    async def cards(self, ref: str) -> Any:
        self.asked.append(ref)
        self.seen()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def asking(conclude: Callable[[Connection, Any], Step]) -> type[BankAction]:
    """An action that opens a request, then asks the bank."""

    class Asking(BankAction):
        def name(self) -> str:
            return "action_asking"

        def handle(self, tx: Connection, call: Call) -> Step:
            requests.wish_for_human(tx, call.conversation_id, call.episode, call.message_id, "human", call.now)
            return Ask(lambda backstage: backstage.bank.cards("c-1"), conclude)

    return Asking


def told(_tx: Connection, answer: Any) -> Result:
    return Result([("utter_told", {"answer": str(answer)})])


def count_requests(backstage: Backstage) -> int:
    return len(backstage.database.read_now(lambda tx: tx.execute(select(tables.open_request)).all()))


async def test_the_bank_is_asked_while_no_transaction_is_open(
    database: Database, keyring: Keyring, clock: Clock, customer: Customer
) -> None:
    # a writer beside it gets through, and sees what was decided before
    seen: list[int] = []
    bank = _Bank(["a card"], lambda: seen.append(database.write_now(count)))
    backstage = backstage_with(database, keyring, clock, bank)
    said = await customer.hears(asking(told)(backstage), customer.writes())
    assert (said.names, said.values) == (["utter_told"], [{"answer": "['a card']"}])
    assert (seen, bank.asked) == ([1], ["c-1"])


def count(tx: Connection) -> int:
    return len(tx.execute(select(tables.open_request)).all())


@pytest.mark.parametrize("error", [errors.Unavailable("bank", "no answer"), errors.BankRefused("card_closed")])
async def test_an_error_of_the_bank_is_an_answer_too(
    database: Database, keyring: Keyring, clock: Clock, customer: Customer, error: Exception
) -> None:
    backstage = backstage_with(database, keyring, clock, _Bank(error))
    said = await customer.hears(asking(told)(backstage), customer.writes())
    assert said.values == [{"answer": str(error)}]


async def test_one_question_may_follow_from_another(
    database: Database, keyring: Keyring, clock: Clock, customer: Customer
) -> None:
    bank = _Bank(1)

    def ask_on(_tx: Connection, answer: Any) -> Step:
        bank.answer = answer + 1
        return Ask(lambda backstage: backstage.bank.cards("c-2"), told)

    said = await customer.hears(asking(ask_on)(backstage_with(database, keyring, clock, bank)), customer.writes())
    assert said.values == [{"answer": "2"}]
    assert bank.asked == ["c-1", "c-2"]


async def test_questions_that_take_too_long_together_end_as_no_answer(
    database: Database, keyring: Keyring, clock: Clock, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_ref: str) -> None:
        await asyncio.Event().wait()

    bank = _Bank([])
    monkeypatch.setattr(bank, "cards", never)
    monkeypatch.setattr(base, "ASKING_TAKES", 0.05)
    said = await customer.hears(asking(told)(backstage_with(database, keyring, clock, bank)), customer.writes())
    assert said.values == [{"answer": "bank: its answers took too long together"}]


async def test_what_was_decided_before_a_question_stays_when_the_conclusion_breaks(
    database: Database, keyring: Keyring, clock: Clock, customer: Customer
) -> None:
    def breaks(tx: Connection, _answer: Any) -> Step:
        tx.execute(tables.open_request.delete())
        raise RuntimeError("boom")

    backstage = backstage_with(database, keyring, clock, _Bank([]))
    said = await customer.hears(asking(breaks)(backstage), customer.writes())
    assert said.names == ["utter_unavailable"]
    assert count_requests(backstage) == 1


async def test_an_ephemeral_turn_asks_no_bank_and_leaves_nothing(
    database: Database, keyring: Keyring, clock: Clock, customer: Customer
) -> None:
    bank = _Bank([])
    backstage = backstage_with(database, keyring, clock, bank)
    said = await customer.hears(asking(told)(backstage), "never-stored", ephemeral=True)
    assert said.names == ["utter_told"]
    assert bank.asked == []
    assert count_requests(backstage) == 0


def user(message_id: str = "m") -> dict[str, Any]:
    return {"event": "user", "message_id": message_id}


def bot(name: str, **values: Any) -> dict[str, Any]:
    return {"event": "bot", "metadata": {"name": name, "values": values}}


REJECTED = {"event": "action_execution_rejected", "name": "loss_form"}


@pytest.mark.parametrize(
    ("events", "form", "came_back", "said"),
    [
        ([], None, False, {}),
        ([user()], "loss_form", False, {}),
        ([user(), REJECTED], "loss_form", True, {}),
        ([user(), REJECTED], "sms_notice_form", False, {}),
        ([user(), REJECTED, user()], "loss_form", False, {}),
        ([user(), bot("utter_a", tail="1"), user(), bot("utter_b")], None, False, {"utter_a": {"tail": "1"}}),
        ([user(), bot("utter_old"), user(), bot("utter_a"), user()], None, False, {"utter_a": {}}),
    ],
)
def test_a_call_knows_of_the_turn_before_and_of_what_was_answered_in_between(
    events: list[Any], form: str | None, came_back: bool, said: dict[str, Any]
) -> None:
    latest = {"metadata": {"message_id": "m"}}
    state = {"sender_id": "c.1", "latest_message": latest, "events": events, "active_loop": {"name": form}}
    found = read_call(Tracker.from_dict(state), NOON, RULES)
    assert (found.active_form, found.came_back, dict(found.said)) == (form, came_back, said)


def test_a_call_carries_words_entities_and_slots() -> None:
    latest = {
        "text": "尾号1024",
        "entities": [{"entity": "card_tail", "value": "1024"}, {"entity": "card_tail", "value": "2048"}],
        "metadata": {"message_id": "m", "simple": True},
    }
    slots = {"requested_slot": "loss_card", "loss_card": None}
    state = {"sender_id": "c.1", "latest_message": latest, "slots": slots}
    found = read_call(Tracker.from_dict(state), NOON, RULES)
    assert (found.text, found.entities, found.slots) == ("尾号1024", {"card_tail": "1024"}, slots)
    assert (found.requested_slot, found.simple, found.active_form) == ("loss_card", True, None)


def test_a_call_carries_what_the_gateway_sent_along() -> None:
    kept = [{"kind": "phone", "mask": "138****0000"}]
    found = read_call(tracker("a.b.12", "m-1", "fraud_report", reason="legal", vault=kept), NOON, RULES)
    assert (found.conversation_id, found.episode, found.message_id) == ("a.b", 12, "m-1")
    assert (found.reason, found.intent, found.kept, found.now) == ("legal", "fraud_report", kept, NOON)
