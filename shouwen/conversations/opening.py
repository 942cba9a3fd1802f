"""A customer arrives: a new conversation with the bot's greeting, or the one that was left open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import answers, session_store, sessions, store, writing
from shouwen.conversations.conversation import Channel, Consent
from shouwen.conversations.message import Message
from shouwen.conversations.sessions import Lifetime

_SHOWN = 50  # messages of a conversation that goes on


@dataclass(frozen=True)
class Arrival:
    """How a customer comes. `device` is the hash of what the page calls itself; `simple` as of a conversation."""

    channel: Channel
    consent: Consent | None
    device: str | None
    simple: bool


@dataclass(frozen=True)
class Opened:
    """The conversation, the token of its session, and the messages to show."""

    conversation_id: str
    token: str
    messages: Sequence[Message]


def begin(tx: Connection, publication: Publication, arrival: Arrival, lifetime: Lifetime, now: datetime) -> Opened:
    """A new conversation with the bot's greeting."""
    conversation, token = sessions.open_conversation(
        tx, arrival.channel, arrival.consent, lifetime, now, simple=arrival.simple, device=arrival.device
    )
    greeting = answers.compose(publication, [{"name": "utter_greet"}], None, now)
    return Opened(conversation.id, token, writing.add_drafts(tx, publication, conversation, greeting, None, now))


def resume(tx: Connection, conversation_id: str, arrival: Arrival, lifetime: Lifetime, now: datetime) -> Opened:
    """A conversation goes on under a new session; the older ones die."""
    conversation = store.lock_conversation(tx, conversation_id)  # first, as everywhere: no two wait for each other
    if arrival.consent:
        session_store.add_consent(tx, conversation_id, arrival.consent, now)
    token = sessions.renew_session(tx, conversation_id, arrival.device, lifetime, now)
    before = conversation.last_seq + 1 if conversation else 0
    return Opened(conversation_id, token, store.messages_before(tx, conversation_id, before, _SHOWN))
