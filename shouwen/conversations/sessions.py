"""Opening a conversation, and knowing whose it is. A service: it decides and never commits."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from shouwen.conversations import session_store, store
from shouwen.conversations.conversation import BOT, Channel, Consent, Conversation, Session
from shouwen.errors import NotSignedIn, SessionExpired

_TOKEN_BYTES = 32  # 256 bit; ASVS 7.2.3 asks for 128
IDLE_STEP = timedelta(minutes=5)  # the idle end is moved on at most this often: not a write a message


@dataclass(frozen=True)
class Lifetime:
    """How long a session may idle, and live at all."""

    idle: timedelta
    absolute: timedelta


def new_id() -> str:
    """An identifier nobody can guess."""
    return secrets.token_hex(16)


def token_hash(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def open_conversation(
    tx: Connection,
    channel: Channel,
    consent: Consent | None,
    lifetime: Lifetime,
    now: datetime,
    *,
    simple: bool = False,
    device: str | None = None,
) -> tuple[Conversation, str]:
    """A new conversation, owned by the bot, and the token of its first session. `device` is a hash."""
    conversation = Conversation(
        id=new_id(), channel=channel, owner=BOT, fence=1, episode=1, last_seq=0, created_at=now,
        last_customer_at=None, lease_holder=None, lease_until=None, simple=simple,
    )  # fmt: skip
    store.add_conversation(tx, conversation)
    if consent:
        session_store.add_consent(tx, conversation.id, consent, now)
    return conversation, open_session(tx, conversation.id, device, lifetime, now)


def open_session(tx: Connection, conversation_id: str, device: str | None, lifetime: Lifetime, now: datetime) -> str:
    """The token of one more session of a conversation."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session = Session(conversation_id, now + lifetime.absolute, now + lifetime.idle, revoked=False, device=device)
    session_store.add_session(tx, token_hash(token), session, now)
    return token


def renew_session(tx: Connection, conversation_id: str, device: str | None, lifetime: Lifetime, now: datetime) -> str:
    """A new token for a conversation whose identity level changed; every older one dies (ASVS 7.2.4)."""
    session_store.revoke_sessions(tx, conversation_id)
    return open_session(tx, conversation_id, device, lifetime, now)


def find(tx: Connection, hashed: str, now: datetime) -> Session:
    """The session behind a token's hash. Raises NotSignedIn or SessionExpired."""
    session = session_store.session(tx, hashed)
    if session is None:
        raise NotSignedIn("unknown token")
    if session.is_over(now):
        raise SessionExpired("session is over")
    return session


def keep_alive(tx: Connection, hashed: str, session: Session, lifetime: Lifetime, now: datetime) -> Session:
    """Move the idle end on when the customer does something."""
    idle_until = now + lifetime.idle
    if idle_until - session.idle_until < IDLE_STEP:
        return session
    session_store.keep_session(tx, hashed, idle_until)
    return replace(session, idle_until=idle_until)


def change_consent(tx: Connection, conversation_id: str, consent: Consent, now: datetime) -> None:
    """Write down a new word of the customer on training; the older ones stay on record."""
    session_store.add_consent(tx, conversation_id, consent, now)
