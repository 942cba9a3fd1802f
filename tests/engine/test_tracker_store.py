"""Trackers in SQL, on SQLite always and on PostgreSQL when SHOUWEN_TEST_POSTGRES answers."""

import asyncio
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from shouwen_engine.errors import TrackerUnavailable, TurnConflict
from shouwen_engine.settings import ROOT, tracker_address
from shouwen_engine.tracker_store import TurnTrackerStore, turns
from shouwen_engine.turn_tracker import WINDOW, TurnTracker, new_tracker

DOMAIN = Domain.load(str(ROOT / "domain.yml"))


POSTGRES = os.environ.get("SHOUWEN_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TurnTrackerStore]:
    service = POSTGRES if request.param == "postgres" else f"sqlite:///{tmp_path / 'shouwen.db'}"
    opened = TurnTrackerStore(DOMAIN, tracker_address(service, tmp_path))
    if request.param == "postgres":
        try:
            asyncio.run(opened.keys())
        except TrackerUnavailable:
            pytest.skip("no PostgreSQL answers at SHOUWEN_TEST_POSTGRES")
    yield opened
    turns.drop(opened._engine, checkfirst=True)
    opened.close()


@pytest.fixture
def sender() -> str:
    return f"{uuid.uuid4().hex}.1"


def say(tracker: TurnTracker, number: int) -> None:
    """A turn's events."""
    tracker.update(UserUttered(f"第{number}句", {"name": "greet"}, message_id=f"m{number}"), DOMAIN)
    tracker.update(ActionExecuted("utter_greet"), DOMAIN)
    tracker.update(BotUttered("utter_greet", metadata={"name": "utter_greet", "values": {}}), DOMAIN)
    tracker.update(ActionExecuted("action_listen"), DOMAIN)


async def talk(store: TurnTrackerStore, sender: str, *numbers: int) -> None:
    for number in numbers:
        tracker = await store.get_or_create_tracker(sender)
        say(tracker, number)
        await store.save(tracker)


def test_what_is_saved_is_read_back(store: TurnTrackerStore, sender: str) -> None:
    asyncio.run(talk(store, sender, 1, 2))
    tracker = asyncio.run(store.retrieve(sender))
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["第1句", "第2句"]
    assert tracker.version == 2
    assert tracker.new_events() == []


def test_nobody_is_stored_by_being_asked_for(store: TurnTrackerStore, sender: str) -> None:
    asyncio.run(store.get_or_create_tracker(sender))
    assert asyncio.run(store.retrieve(sender)) is None


def test_a_turn_is_found_by_its_message(store: TurnTrackerStore, sender: str) -> None:
    asyncio.run(talk(store, sender, 1, 2, 3))
    events = asyncio.run(store.turn_of(sender, "m2"))
    assert [e.text for e in events if isinstance(e, UserUttered)] == ["第2句"]
    assert asyncio.run(store.turn_of(sender, "m9")) is None


def test_of_two_writers_of_the_same_turn_one_is_told(store: TurnTrackerStore, sender: str) -> None:
    async def race() -> None:
        await talk(store, sender, 1)
        first, second = await store.retrieve(sender), await store.retrieve(sender)
        say(first, 2)
        say(second, 3)
        await store.save(first)
        with pytest.raises(TurnConflict):
            await store.save(second)

    asyncio.run(race())
    tracker = asyncio.run(store.retrieve(sender))
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["第1句", "第2句"]


def test_a_message_is_stored_once(store: TurnTrackerStore, sender: str) -> None:
    async def twice() -> None:
        await talk(store, sender, 1)
        with pytest.raises(TurnConflict):
            await talk(store, sender, 1)

    asyncio.run(twice())


def test_a_long_conversation_is_loaded_as_its_last_turns(store: TurnTrackerStore, sender: str) -> None:
    asyncio.run(talk(store, sender, *range(1, 31)))
    tracker = asyncio.run(store.retrieve(sender))
    said = [e.text for e in tracker.events if isinstance(e, UserUttered)]
    assert said == [f"第{number}句" for number in range(31 - WINDOW, 31)]
    whole = asyncio.run(store.retrieve_full_tracker(sender))
    assert len([e for e in whole.events if isinstance(e, UserUttered)]) == 30


def test_slots_and_the_open_form_outlive_the_window(store: TurnTrackerStore, sender: str) -> None:
    async def form() -> TurnTracker:
        tracker = await store.get_or_create_tracker(sender)
        say(tracker, 1)
        for event in (
            SlotSet("callback_wanted", True),
            ActiveLoop("callback_form"),
            SlotSet("requested_slot", "callback_phone"),
        ):
            tracker.update(event, DOMAIN)
        await store.save(tracker)
        await talk(store, sender, *range(2, WINDOW * 3))
        return await store.retrieve(sender)

    tracker = asyncio.run(form())
    assert tracker.active_loop_name == "callback_form"
    assert tracker.get_slot("requested_slot") == "callback_phone"
    assert tracker.get_slot("callback_wanted") is True


def test_a_false_slot_is_not_forgotten_either(store: TurnTrackerStore, sender: str) -> None:
    async def decline() -> TurnTracker:
        tracker = await store.get_or_create_tracker(sender)
        say(tracker, 1)
        tracker.update(SlotSet("callback_wanted", False), DOMAIN)
        await store.save(tracker)
        await talk(store, sender, *range(2, WINDOW * 3))
        return await store.retrieve(sender)

    assert asyncio.run(decline()).get_slot("callback_wanted") is False


def test_a_locked_database_is_an_error_within_the_busy_timeout(tmp_path: Path, sender: str) -> None:
    store = TurnTrackerStore(DOMAIN, f"sqlite:///{tmp_path / 'tracker.db'}")
    asyncio.run(talk(store, sender, 1))
    with sqlite3.connect(tmp_path / "tracker.db", isolation_level=None) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(TrackerUnavailable):
            asyncio.run(talk(store, sender, 2))
        assert 1 < time.monotonic() - began < 4
        blocker.execute("ROLLBACK")
    asyncio.run(talk(store, sender, 3))
    tracker = asyncio.run(store.retrieve(sender))
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["第1句", "第3句"]


def test_an_error_does_not_repeat_what_was_said(tmp_path: Path) -> None:
    store = TurnTrackerStore(DOMAIN, f"sqlite:///{tmp_path / 'tracker.db'}")
    tracker = new_tracker("s.1", DOMAIN)
    say(tracker, 1)
    asyncio.run(store.save(tracker))
    with sqlite3.connect(tmp_path / "tracker.db") as vandal:
        vandal.execute("DROP TABLE rasa_turn")
    say(tracker, 2)
    with pytest.raises(TrackerUnavailable) as caught:
        asyncio.run(store.save(tracker))
    assert "第2句" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_sqlite_is_durable(tmp_path: Path) -> None:
    store = TurnTrackerStore(DOMAIN, f"sqlite:///{tmp_path / 'tracker.db'}")
    asyncio.run(talk(store, "s.1", 1))
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_old_turns_are_forgotten(store: TurnTrackerStore, sender: str) -> None:
    long_ago = datetime(2001, 2, 3, 4, 5, tzinfo=timezone.utc)
    first = turns.update().where(turns.c.sender_id == sender, turns.c.number == 1).values(at=long_ago)

    async def forget() -> int:
        await talk(store, sender, 1, 2)
        with store._engine.begin() as tx:
            tx.execute(first)
        return await store.forget(datetime(2001, 2, 4, tzinfo=timezone.utc))

    assert asyncio.run(forget()) == 1
    assert asyncio.run(store.turn_of(sender, "m1")) is None
    assert asyncio.run(store.turn_of(sender, "m2")) is not None
