"""No error escapes an action, and nothing of a failed one stays."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from actions import base
from actions.base import BankAction, Call, Result, read_call
from actions.handoff import HandoffOpen
from shouwen import errors
from shouwen.content.render import error_reply
from shouwen.conversations import requests, tables
from shouwen.db import Database
from shouwen.vault.keyring import Keyring
from shouwen.wiring import Backstage
from tests.actions.conftest import SECRET, Customer, call, tracker
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
    said = await call(HandoffOpen(Backstage(without_tables, keyring, SECRET, clock)), tracker("c.1", "m"))
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
    from rasa_sdk import Tracker

    assert (await call(HandoffOpen(backstage), Tracker.from_dict(state))).names == ["utter_unavailable"]


def test_a_call_carries_what_the_gateway_sent_along() -> None:
    kept = [{"kind": "phone", "mask": "138****0000"}]
    found = read_call(tracker("a.b.12", "m-1", "fraud_report", reason="legal", vault=kept), NOON)
    assert (found.conversation_id, found.episode, found.message_id) == ("a.b", 12, "m-1")
    assert (found.reason, found.intent, found.kept, found.now) == ("legal", "fraud_report", kept, NOON)
