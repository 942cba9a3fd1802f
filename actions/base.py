"""Where Rasa meets `shouwen/`: one transaction an action, no error ever escapes (it would carry the tracker)."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
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
from shouwen.errors import ShouwenError
from shouwen.settings import Settings
from shouwen.web_errors import new_reference
from shouwen.wiring import Backstage, open_backstage

log = logging.getLogger(__name__)

Event = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """What an action may know of the turn. `message_id` is the key under which a repeat finds its first result.

    `kept` lists what of the message went into the vault: its `kind` and its `mask`.
    """

    conversation_id: str
    episode: int
    message_id: str
    reason: str | None
    intent: str | None
    kept: Sequence[Mapping[str, str]]
    now: datetime


@dataclass(frozen=True)
class Result:
    """Names of replies with their values, and events for the tracker."""

    replies: Sequence[tuple[str, Mapping[str, Any]]] = ()
    events: Sequence[Event] = field(default_factory=tuple)


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
    def handle(self, tx: Connection, call: Call) -> Result:
        """One service call inside the transaction, and what to say."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],  # noqa: ARG002
    ) -> list[Event]:
        """Run `handle` off the event loop and name its replies after the commit."""
        try:
            backstage = self._given or backstage_of_process()
            result = await asyncio.to_thread(self._transact, backstage, tracker)
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

    def _transact(self, backstage: Backstage, tracker: Tracker) -> Result:
        call = read_call(tracker, backstage.now())
        if not (tracker.latest_message.get("metadata") or {}).get("ephemeral"):
            return backstage.database.write_now(lambda tx: self.handle(tx, call))
        kept: list[Result] = []

        def try_out(tx: Connection) -> None:
            kept.append(self.handle(tx, _throwaway(tx, call)))
            raise _TakeBack

        with suppress(_TakeBack):
            backstage.database.write_now(try_out)
        return kept[0]


def read_call(tracker: Tracker, now: datetime) -> Call:
    """The call that a tracker carries. The sender is `{conversation}.{episode}` (design.md 9)."""
    conversation_id, _, episode = tracker.sender_id.rpartition(".")
    latest = tracker.latest_message
    metadata = latest.get("metadata") or {}
    return Call(
        conversation_id=conversation_id,
        episode=int(episode),
        message_id=str(metadata["message_id"]),
        reason=metadata.get("reason"),
        intent=(latest.get("intent") or {}).get("name"),
        kept=metadata.get("vault") or (),
        now=now,
    )


def _throwaway(tx: Connection, call: Call) -> Call:
    # `make say` leaves nothing behind: its turn runs on a conversation that is taken back with the transaction
    day = Lifetime(timedelta(days=1), timedelta(days=1))
    conversation, _token = sessions.open_conversation(tx, "web", None, day, call.now)
    message = Message(new_id(), conversation.id, 1, "customer", "", call.now, client_id="say")
    store.add_messages(tx, [message], conversation.episode)
    return Call(conversation.id, conversation.episode, message.id, call.reason, call.intent, call.kept, call.now)
