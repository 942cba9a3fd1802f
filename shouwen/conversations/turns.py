"""The runner: one message after the other, one turn at a time per conversation, wherever the customer is connected.

An edge: it owns the transactions. Two a turn: one that stores the message and takes the lease, one that stores the
replies and takes the next message or gives the lease back.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import answering, frames, store
from shouwen.conversations.answering import Recorded, Work
from shouwen.conversations.intake import Accepted, Intake, accept
from shouwen.conversations.message import Message
from shouwen.conversations.sessions import new_id
from shouwen.db import Database
from shouwen.errors import NotFound, Unavailable
from shouwen.outside.bus import Bus
from shouwen.outside.rasa_server import Dialogue, Turn, Utterance
from shouwen.text.fragments import without_loose_digits
from shouwen.vault.keyring import Keyring

log = logging.getLogger(__name__)

_TELLING_TAKES = 3.0  # seconds; what a loaded machine may need to write the word that it takes longer


@dataclass(frozen=True)
class Pace:
    """Times of a turn, in seconds (design.md, a message's way)."""

    still_working_after: float
    turn_timeout: float
    lease: float
    episode_idle: float


@dataclass(frozen=True)
class Outcome:
    """What a customer's message led to within the time a caller waits."""

    accepted: Message
    messages: Sequence[Message]
    owner: str
    secure_form: str | None = None
    level: int = 0


class TurnRunner:
    """Accepts messages and has them answered in order. One a process; a lease in the database keeps several apart."""

    def __init__(
        self,
        database: Database,
        dialogue: Dialogue,
        bus: Bus,
        keyring: Keyring,
        publication: Callable[[], Publication],
        pace: Pace,
        now: Callable[[], datetime],
        touch: Callable[[Connection, str, datetime], None],
    ) -> None:
        self._database = database
        self._dialogue = dialogue
        self._bus = bus
        self._keyring = keyring
        self._publication = publication
        self._pace = pace
        self._now = now
        self._touch = touch
        self._running: set[asyncio.Task[None]] = set()
        self._arrivals: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def submit(self, conversation_id: str, client_id: str, text: str | None, button: str | None) -> Outcome:
        """Store a message and wait for its answer, or for the word that it takes longer.

        Raises ButtonUsed, NotFound.
        """
        now = self._now()
        return await self.take(
            conversation_id, lambda tx, intake: accept(tx, intake, conversation_id, client_id, text, button, now)
        )

    async def take(self, conversation_id: str, intake: Callable[[Connection, Intake], Accepted]) -> Outcome:
        """The same for whatever an intake stores. A caller that goes away does not stop the turn."""
        async with self._bus.subscribe(conversation_id) as pushed:
            holder = new_id()
            async with self._arrivals.setdefault(conversation_id, asyncio.Lock()):  # stored in the order they came
                accepted = await self._database.write(lambda tx: intake(tx, self._surroundings(holder)))
            message = accepted.message
            if accepted.renewed:
                await self._bus.publish(conversation_id, frames.RENEWED)
            await self._push(conversation_id, [message, *accepted.notices] if accepted.is_new else [])
            if accepted.work:
                self._start(self._drain(accepted.work, holder))
            if message.answered_at is None:
                await frames.wait_until_told(pushed, message.id, self._pace.still_working_after + _TELLING_TAKES)
        return await self._outcome(accepted)

    async def repair(self) -> int:
        """Answer what a dead process left unanswered; returns how many conversations were taken up."""
        now = self._now()
        waiting = await self._database.read(lambda tx: store.stranded(tx, now, 100))
        for conversation_id in waiting:
            self._start(self._take_up(conversation_id, new_id()))
        return len(waiting)

    async def close(self) -> None:
        """Wait for running turns; what cannot end in time is taken up by the next process."""
        if self._running:
            await asyncio.wait(self._running, timeout=self._pace.still_working_after)
        for task in self._running:
            task.cancel()

    def _surroundings(self, holder: str) -> Intake:
        lease, episode_idle = timedelta(seconds=self._pace.lease), timedelta(seconds=self._pace.episode_idle)
        return Intake(self._keyring, self._publication(), holder, lease, episode_idle, self._touch)

    async def _outcome(self, accepted: Accepted) -> Outcome:
        message = accepted.message

        def read(tx: Connection) -> Outcome:
            conversation = store.conversation(tx, message.conversation_id)
            if conversation is None:
                raise NotFound("conversation", message.conversation_id)
            messages = store.replies_to(tx, message.id)
            return Outcome(message, messages, conversation.owner, conversation.secure_form, conversation.level)

        return await self._database.read(read)

    def _start(self, run: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(run)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(_log_failure)

    async def _take_up(self, conversation_id: str, holder: str) -> None:
        lease = timedelta(seconds=self._pace.lease)
        now = self._now()
        work = await self._database.write(lambda tx: answering.next_work(tx, conversation_id, holder, now, lease))
        if work:
            await self._drain(work, holder)

    async def _drain(self, first: Work, holder: str) -> None:
        conversation_id = first.conversation.id
        work: Work | None = first
        while work is not None:
            recorded = await self._answer(work, holder)
            await self._push(conversation_id, recorded.messages)
            await self._bus.publish(conversation_id, frames.answered(work.message.id))
            work = recorded.next_work

    async def _answer(self, work: Work, holder: str) -> Recorded:
        started = time.monotonic()
        turn = asyncio.create_task(self._ask(work))
        told = False
        while not turn.done():
            waited = time.monotonic() - started
            tick = min(self._pace.lease / 3, self._pace.still_working_after - waited if not told else self._pace.lease)
            await asyncio.wait({turn}, timeout=max(tick, 0.01))
            if turn.done():
                break
            await self._renew(work, holder)
            if not told and time.monotonic() - started >= self._pace.still_working_after:
                told = True
                await self._tell_still_working(work, holder)
        milliseconds = round((time.monotonic() - started) * 1000)
        return await self._record(work, turn, holder, milliseconds)

    async def _ask(self, work: Work) -> Turn:
        payload = work.message.payload
        metadata: dict[str, Any] = {"conversation_id": work.conversation.id, "message_id": work.message.id}
        metadata |= {key: payload[key] for key in ("reason", "vault") if key in payload}
        if work.conversation.simple:
            metadata["simple"] = True
        label = payload.get("label")
        text = without_loose_digits(work.message.text) if label is None else None
        entities = payload.get("entities", ())
        utterance = Utterance(work.conversation.sender, work.message.id, text, label, metadata, entities=entities)
        return await self._dialogue.turn(utterance, self._pace.turn_timeout)

    async def _record(self, work: Work, turn: "asyncio.Task[Turn]", holder: str, milliseconds: int) -> Recorded:
        publication, now, lease = self._publication(), self._now(), timedelta(seconds=self._pace.lease)
        conversation_id = work.conversation.id

        def write(tx: Connection) -> Recorded:
            try:
                messages = answering.record_turn(tx, publication, work, turn.result(), holder, milliseconds, now)
            except Unavailable as failure:
                messages = answering.record_failure(tx, publication, work, failure, holder, milliseconds, now)
            return Recorded(messages, answering.next_work(tx, conversation_id, holder, now, lease))

        return await self._database.write(write)

    async def _renew(self, work: Work, holder: str) -> None:
        now = self._now()
        until = now + timedelta(seconds=self._pace.lease)
        await self._database.write(lambda tx: store.take_lease(tx, work.conversation.id, holder, now, until))

    async def _tell_still_working(self, work: Work, holder: str) -> None:
        publication, now = self._publication(), self._now()
        told = await self._database.write(lambda tx: answering.tell_still_working(tx, publication, work, holder, now))
        await self._push(work.conversation.id, told)

    async def _push(self, conversation_id: str, messages: Sequence[Message]) -> None:
        for message in messages:
            await self._bus.publish(conversation_id, frames.message(message))


def _log_failure(task: "asyncio.Task[None]") -> None:
    # the sweep takes the conversation up again once the lease has run out
    if not task.cancelled() and (error := task.exception()):
        log.error("a turn broke off", exc_info=error)
