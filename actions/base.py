"""Where Rasa meets `shouwen/`: decide in a transaction, ask the bank outside of any, conclude in another.

No error ever escapes an action: it would carry the tracker.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.engine import Connection

from shouwen.content.render import error_reply
from shouwen.conversations import sessions, store
from shouwen.conversations.message import Message
from shouwen.conversations.sessions import Lifetime, new_id
from shouwen.errors import BankRefused, ShouwenError, Unavailable
from shouwen.identity.rules import Rules
from shouwen.settings import Settings
from shouwen.web_errors import new_reference
from shouwen.wiring import Backstage, open_backstage

log = logging.getLogger(__name__)

Event = dict[str, Any]

ASKING_TAKES = 6.5  # seconds for all questions of one action together: the engine waits 8 for the whole of it


@dataclass(frozen=True)
class Call:
    """What an action may know of the turn. `message_id` is the key under which a repeat finds its first result.

    `kept` lists what of the message went into the vault: its `kind` and its `mask`; `text` is masked. `came_back` is
    true when the open form asks again since something else was answered in this turn. `said` holds the bot's replies in
    the turn before, by name, with their values.
    """

    conversation_id: str
    episode: int
    message_id: str
    reason: str | None
    intent: str | None
    kept: Sequence[Mapping[str, str]]
    now: datetime
    rules: Rules
    text: str = ""
    entities: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, Any] = field(default_factory=dict)
    active_form: str | None = None
    requested_slot: str | None = None
    came_back: bool = False
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    simple: bool = False


@dataclass(frozen=True)
class Result:
    """Names of replies with their values, and events for the tracker."""

    replies: Sequence[tuple[str, Mapping[str, Any]]] = ()
    events: Sequence[Event] = field(default_factory=tuple)


@dataclass(frozen=True)
class Ask:
    """A question to a system outside, put while no transaction is open; `conclude` goes on in a new one.

    Instead of an answer `conclude` gets the Unavailable or BankRefused that was raised.
    """

    question: Callable[[Backstage], Awaitable[Any]]
    conclude: Callable[[Connection, Any], "Step"]


Step = Result | Ask


class _TakeBack(Exception):
    """Ends a transaction whose effect must not stay."""


@cache
def backstage_of_process() -> Backstage:
    """The parts this process works with, opened when the first action runs."""
    return open_backstage(Settings.read())


class BankAction(Action, ABC):
    """Base of all actions. Rasa builds them without arguments; tests pass their own parts."""

    def __init__(self, backstage: Backstage | None = None) -> None:
        self._given = backstage

    @abstractmethod
    def name(self) -> str:
        """The action's name in domain.yml."""

    @abstractmethod
    def handle(self, tx: Connection, call: Call) -> Step:
        """One service call inside the transaction, and what to say, or what to ask the bank first."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],  # noqa: ARG002
    ) -> list[Event]:
        """Run `handle` off the event loop and name its replies after the last commit."""
        try:
            result = await self._result(self._given or backstage_of_process(), tracker)
        except ShouwenError as error:
            log.warning("%s: %s", self.name(), error)
            dispatcher.utter_message(response=error_reply(error))
            return []
        except Exception:
            log.exception("%s failed, reference %s", self.name(), new_reference())
            dispatcher.utter_message(response="utter_unavailable")
            return []
        for reply, values in result.replies:
            dispatcher.utter_message(response=reply, **values)
        return list(result.events)

    async def _result(self, backstage: Backstage, tracker: Tracker) -> Result:
        call = read_call(tracker, backstage.now(), backstage.rules)
        if (tracker.latest_message.get("metadata") or {}).get("ephemeral"):
            return await asyncio.to_thread(self._try_out, backstage, call)
        until = asyncio.get_running_loop().time() + ASKING_TAKES
        step = await _in_transaction(backstage, lambda tx: self.handle(tx, call))
        while isinstance(step, Ask):
            step = await _put(backstage, step, until)
        return step

    def _try_out(self, backstage: Backstage, call: Call) -> Result:
        """What a customer nobody knows would be told. Nothing stays, and nobody outside is asked."""
        kept: list[Result] = []

        def work(tx: Connection) -> None:
            step = self.handle(tx, _throwaway(tx, call))
            while isinstance(step, Ask):
                step = step.conclude(tx, Unavailable("bank", "nobody is asked for a turn that leaves nothing"))
            kept.append(step)
            raise _TakeBack

        with suppress(_TakeBack):
            backstage.database.write_now(work)
        return kept[0]


async def _put(backstage: Backstage, ask: Ask, until: float) -> Step:
    try:
        async with asyncio.timeout_at(until):
            answer = await ask.question(backstage)
    except TimeoutError:
        answer = Unavailable("bank", "its answers took too long together")
    except (Unavailable, BankRefused) as error:
        log.warning("%s", error)
        answer = error
    return await _in_transaction(backstage, lambda tx: ask.conclude(tx, answer))


async def _in_transaction(backstage: Backstage, work: Callable[[Connection], Step]) -> Step:
    return await asyncio.to_thread(backstage.database.write_now, work)


def read_call(tracker: Tracker, now: datetime, rules: Rules) -> Call:
    """The call that a tracker carries. The sender is `{conversation}.{episode}` (design.md 9)."""
    conversation_id, _, episode = tracker.sender_id.rpartition(".")
    latest = tracker.latest_message
    metadata = latest.get("metadata") or {}
    active_form = (tracker.active_loop or {}).get("name")
    before, since = _turns(tracker.events)
    return Call(
        conversation_id=conversation_id,
        episode=int(episode),
        message_id=str(metadata["message_id"]),
        reason=metadata.get("reason"),
        intent=(latest.get("intent") or {}).get("name"),
        kept=metadata.get("vault") or (),
        now=now,
        rules=rules,
        text=latest.get("text") or "",
        entities={one["entity"]: str(one["value"]) for one in reversed(latest.get("entities") or ())},
        slots=dict(tracker.slots),
        active_form=active_form,
        requested_slot=tracker.slots.get("requested_slot"),
        came_back=any(
            event["event"] == "action_execution_rejected" and event["name"] == active_form for event in since
        ),
        said={
            str(event["metadata"].get("name")): event["metadata"].get("values") or {}
            for event in before
            if event["event"] == "bot"
        },
        simple=bool(metadata.get("simple")),
    )


def _turns(events: Sequence[Event]) -> tuple[Sequence[Event], Sequence[Event]]:
    """The events of the turn before this one, and of this one."""
    starts = [place for place, event in enumerate(events) if event["event"] == "user"]
    this = starts[-1] if starts else len(events)
    before = starts[-2] if len(starts) > 1 else 0
    return events[before:this], events[this:]


def _throwaway(tx: Connection, call: Call) -> Call:
    # `make say` leaves nothing behind: its turn runs on a conversation that is taken back with the transaction
    day = Lifetime(timedelta(days=1), timedelta(days=1))
    conversation, _token = sessions.open_conversation(tx, "web", None, day, call.now)
    message = Message(new_id(), conversation.id, 1, "customer", "", call.now, client_id="say")
    store.add_messages(tx, [message], conversation.episode)
    return replace(call, conversation_id=conversation.id, episode=conversation.episode, message_id=message.id)
