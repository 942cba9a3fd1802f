"""Sessions and consent in SQL. Every function works inside the caller's transaction."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection

from shouwen.conversations import tables as t
from shouwen.conversations.conversation import Consent, Session

# built once: building costs more than running it on SQLite
_SESSION = (
    select(
        t.session.c.conversation_id, t.session.c.expires_at, t.session.c.idle_until, t.session.c.revoked,
        t.session.c.device, t.conversation.c.secure_form,
    )
    .join(t.conversation, t.conversation.c.id == t.session.c.conversation_id)
    .where(t.session.c.token_hash == bindparam("token_hash_"))
)  # fmt: skip


def add_session(tx: Connection, token_hash: str, session: Session, now: datetime) -> None:
    """Store a session under the hash of its token."""
    values = {**session.__dict__, "token_hash": token_hash, "created_at": now}
    del values["secure_form"]  # the conversation's own
    tx.execute(insert(t.session), [values])


def revoke_sessions(tx: Connection, conversation_id: str) -> None:
    """End every session of a conversation: their tokens are dead from here on."""
    tx.execute(update(t.session).where(t.session.c.conversation_id == conversation_id).values(revoked=True))


def session(tx: Connection, token_hash: str) -> Session | None:
    """The session behind a token's hash."""
    row = tx.execute(_SESSION, {"token_hash_": token_hash}).mappings().one_or_none()
    return Session(**row) if row else None


def keep_session(tx: Connection, token_hash: str, idle_until: datetime) -> None:
    """Move the end of idleness on."""
    tx.execute(update(t.session).where(t.session.c.token_hash == token_hash).values(idle_until=idle_until))


def add_consent(tx: Connection, conversation_id: str, consent: Consent, now: datetime) -> None:
    """Append what the customer agreed to; the last row counts, none is changed."""
    tx.execute(insert(t.consent), [{**consent.__dict__, "conversation_id": conversation_id, "at": now}])


def consent(tx: Connection, conversation_id: str) -> Consent | None:
    """What holds now."""
    row = tx.execute(
        select(t.consent.c.notice_version, t.consent.c.training, t.consent.c.sensitive)
        .where(t.consent.c.conversation_id == conversation_id)
        .order_by(t.consent.c.id.desc())
        .limit(1)
    ).one_or_none()
    return Consent(row.notice_version, row.training, row.sensitive) if row else None
