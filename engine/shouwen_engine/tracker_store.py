"""Trackers in SQL: a row a turn, appended in one transaction, off the event loop; errors are never swallowed."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Optional, TypeVar

import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from shouwen_engine.errors import TrackerUnavailable, TurnConflict
from shouwen_engine.turn_tracker import WINDOW, TurnTracker, new_tracker, restored

T = TypeVar("T")

BUSY_TIMEOUT = 2  # seconds a writer waits for another; then the turn fails and is asked again
_CACHED_TURNS = 4096

_metadata = sa.MetaData()
turns = sa.Table(
    "rasa_turn",
    _metadata,
    sa.Column("sender_id", sa.String(128), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("message_id", sa.String(128), nullable=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.UniqueConstraint("sender_id", "message_id"),
    sa.Index("rasa_turn_at", "at"),
)

# built once: two of them run in every turn
_of_sender = turns.c.sender_id == sa.bindparam("sender")
_NEWEST = sa.select(turns.c.number, turns.c.state, turns.c.events).where(_of_sender)
_NEWEST = _NEWEST.order_by(turns.c.number.desc()).limit(WINDOW + 1)
_EVERY = sa.select(turns.c.number, turns.c.events).where(_of_sender).order_by(turns.c.number)
_BY_MESSAGE = sa.select(turns.c.number, turns.c.events)
_BY_MESSAGE = _BY_MESSAGE.where(_of_sender, turns.c.message_id == sa.bindparam("message"))
_ADD = turns.insert()


class TurnTrackerStore(TrackerStore):
    """Append-only. The number of a turn is the version: two writers cannot both append turn 8."""

    def __init__(self, domain: Optional[Domain], url: str, **_: Any) -> None:
        super().__init__(domain)
        self._engine = open_engine(url)
        self._executor = ThreadPoolExecutor(max_workers=4, thread_name_prefix="tracker")
        self._cache: OrderedDict[tuple[str, int], list[Event]] = OrderedDict()
        self._has_table = False

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The conversation as far back as needed, None when nothing is stored. Raises TrackerUnavailable."""
        rows = await self._run(lambda tx: tx.execute(_NEWEST, {"sender": sender_id}).all())
        if not rows:
            return None
        rows.reverse()
        # one row more than the window was asked for: the state after it is the state before the window
        before, window = (json.loads(rows[0].state), rows[1:]) if len(rows) > WINDOW else (None, rows)
        events = [self._events(sender_id, row) for row in window]
        return restored(sender_id, self.domain, rows[-1].number, before, events)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """Every turn there ever was. Raises TrackerUnavailable."""
        rows = await self._run(lambda tx: tx.execute(_EVERY, {"sender": conversation_id}).all())
        if not rows:
            return None
        events = [self._events(conversation_id, row) for row in rows]
        return restored(conversation_id, self.domain, rows[-1].number, None, events)

    async def turn_of(self, sender_id: str, message_id: str) -> Optional[list[Event]]:
        """The events of the turn that a message led to, None if there was none. Raises TrackerUnavailable."""
        said = {"sender": sender_id, "message": message_id}
        row = await self._run(lambda tx: tx.execute(_BY_MESSAGE, said).first())
        return self._events(sender_id, row) if row else None

    async def get_or_create_tracker(
        self,
        sender_id: str,
        max_event_history: Optional[int] = None,  # noqa: ARG002
        append_action_listen: bool = True,  # noqa: ARG002
    ) -> DialogueStateTracker:
        """The stored conversation or an empty one, which is not stored before it has a turn."""
        return await self.retrieve(sender_id) or new_tracker(sender_id, self.domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new as one turn. Raises TurnConflict when that turn exists, or TrackerUnavailable."""
        if not isinstance(tracker, TurnTracker):
            raise TypeError("only trackers that this store handed out can be saved")
        new = tracker.new_events()
        if not new:
            return
        values = {
            "sender_id": tracker.sender_id,
            "number": tracker.version + 1,
            "message_id": _message_id(new),
            "state": json.dumps(tracker.state(), ensure_ascii=False),
            "events": json.dumps([event.as_dict() for event in new], ensure_ascii=False, separators=(",", ":")),
        }
        await self._run(lambda tx: tx.execute(_ADD, [values]))
        tracker.version += 1
        tracker.known = len(tracker.events)
        self._keep((tracker.sender_id, tracker.version), new)

    async def keys(self) -> Iterable[str]:
        """All conversations. Raises TrackerUnavailable."""
        found: list[str] = await self._run(
            lambda tx: tx.execute(sa.select(turns.c.sender_id).distinct()).scalars().all()
        )
        return found

    async def forget(self, before: datetime) -> int:
        """Delete the turns older than an instant; returns how many. Raises TrackerUnavailable."""
        instant = before.astimezone(timezone.utc)
        if self._engine.dialect.name == "sqlite":
            instant = instant.replace(tzinfo=None)  # its now() is UTC and says so nowhere
        gone: int = await self._run(lambda tx: tx.execute(turns.delete().where(turns.c.at < instant)).rowcount)
        return gone

    def close(self) -> None:
        """Give connections and threads back."""
        self._executor.shutdown(wait=True)
        self._engine.dispose()

    async def _run(self, work: Callable[[Any], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._in_transaction, work)

    def _in_transaction(self, work: Callable[[Any], T]) -> T:
        try:
            if not self._has_table:
                _create_table(self._engine)
                self._has_table = True
            with self._engine.begin() as tx:
                return work(tx)
        except sa.exc.IntegrityError as error:
            raise TurnConflict("another turn was stored first") from error
        except sa.exc.SQLAlchemyError as error:
            # the statement's parameters are the conversation: only the driver's own words may be kept
            raise TrackerUnavailable(str(getattr(error, "orig", None) or type(error).__name__)) from None

    def _events(self, sender_id: str, row: Any) -> list[Event]:
        # a turn never changes once it is stored, so what was read once stays right
        key = (sender_id, row.number)
        if key not in self._cache:
            self._keep(key, deserialise_events(json.loads(row.events)))
        self._cache.move_to_end(key)
        return self._cache[key]

    def _keep(self, key: tuple[str, int], events: list[Event]) -> None:
        self._cache[key] = events
        if len(self._cache) > _CACHED_TURNS:
            self._cache.popitem(last=False)


def open_engine(url: str) -> sa.engine.Engine:
    """A pool for the address; durable WAL on SQLite, short waits on both."""
    if url.startswith("sqlite"):
        if database := sa.engine.make_url(url).database:
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        arguments: dict[str, Any] = {"timeout": BUSY_TIMEOUT, "check_same_thread": False}
        engine = sa.create_engine(url, future=True, connect_args=arguments, poolclass=sa.pool.QueuePool, pool_size=4)
        sa.event.listen(engine, "connect", _durable)
        return engine
    limits = {"connect_timeout": BUSY_TIMEOUT, "options": f"-c statement_timeout={BUSY_TIMEOUT}s"}
    return sa.create_engine(
        url, future=True, connect_args=limits, pool_size=4, pool_timeout=BUSY_TIMEOUT, pool_pre_ping=True
    )


def _durable(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _create_table(engine: sa.engine.Engine) -> None:
    try:
        _metadata.create_all(engine)
    except sa.exc.DBAPIError:
        # several engine processes start at once: one of them creates it
        if not sa.inspect(engine).has_table(turns.name):
            raise


def _message_id(events: Iterable[Event]) -> Optional[str]:
    return next((event.message_id for event in events if isinstance(event, UserUttered)), None)
