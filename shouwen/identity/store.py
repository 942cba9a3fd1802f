"""Identity in SQL. Every function works inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, text, update
from sqlalchemy.engine import Connection

from shouwen.conversations import tables as conversations
from shouwen.identity import tables as t
from shouwen.identity.attempts import Lock
from shouwen.identity.check import Check
from shouwen.identity.records import Otp, Verification

_LAST_SEEN = (conversations.conversation.c.last_customer_at, conversations.conversation.c.created_at)


def hold(tx: Connection, key: str) -> None:
    """Let nobody else count on this key until the transaction ends. SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": int(key[:15], 16)})


def add_check(tx: Connection, check: Check) -> None:
    """Store a new check."""
    tx.execute(insert(t.check), [asdict(check)])


def save_check(tx: Connection, check: Check) -> None:
    """Store what has become of a check."""
    values = asdict(check)
    tx.execute(update(t.check).where(t.check.c.id == values.pop("id")).values(**values))


def open_check(tx: Connection, conversation_id: str) -> Check | None:
    """The check of a conversation that is open, its clocks not asked; held until the transaction ends."""
    statement = select(t.check).where(t.check.c.conversation_id == conversation_id, t.check.c.state == "open")
    return _check(tx, statement.order_by(t.check.c.created_at.desc()).limit(1).with_for_update())


def last_subject(tx: Connection, conversation_id: str) -> str | None:
    """The number checked last in a conversation."""
    statement = select(t.check.c.subject).where(
        t.check.c.conversation_id == conversation_id, t.check.c.subject.is_not(None)
    )
    return tx.execute(statement.order_by(t.check.c.created_at.desc()).limit(1)).scalar_one_or_none()


def check_of_form(tx: Connection, conversation_id: str, form_id: str, *, hold: bool = False) -> Check | None:
    """The check whose newest form this is; with `hold` nobody else gets it until the transaction ends."""
    statement = select(t.check).where(t.check.c.form_id == form_id, t.check.c.conversation_id == conversation_id)
    return _check(tx, statement.with_for_update() if hold else statement)


def put_otp(tx: Connection, otp: Otp) -> None:
    """Store a code; the one before it is dead."""
    drop_otp(tx, otp.check_id)
    tx.execute(insert(t.otp), [asdict(otp)])


def otp(tx: Connection, check_id: str) -> Otp | None:
    """The code that waits for a check."""
    row = tx.execute(select(t.otp).where(t.otp.c.check_id == check_id)).mappings().one_or_none()
    return Otp(**row) if row else None


def count_try(tx: Connection, check_id: str) -> None:
    """One more wrong try on a code."""
    tx.execute(update(t.otp).where(t.otp.c.check_id == check_id).values(tries=t.otp.c.tries + 1))


def drop_otp(tx: Connection, check_id: str) -> None:
    """No code waits any longer."""
    tx.execute(delete(t.otp).where(t.otp.c.check_id == check_id))


def forget(tx: Connection, now: datetime, attempts_before: datetime) -> None:
    """Delete codes that are over, and counts nothing asks for any more."""
    tx.execute(delete(t.otp).where(t.otp.c.expires_at <= now))
    tx.execute(delete(t.attempt).where(t.attempt.c.at < attempts_before))


def verification(tx: Connection, conversation_id: str) -> Verification | None:
    """The level a conversation reached last, over or not."""
    statement = select(t.verification).where(t.verification.c.conversation_id == conversation_id)
    row = tx.execute(statement).mappings().one_or_none()
    return Verification(**row) if row else None


def put_verification(tx: Connection, verification: Verification) -> None:
    """Store a level reached, in place of the one before, and show it on the conversation."""
    conversation_id = verification.conversation_id
    tx.execute(delete(t.verification).where(t.verification.c.conversation_id == conversation_id))
    tx.execute(insert(t.verification), [asdict(verification)])
    _set_conversation(tx, conversation_id, level=int(verification.level))


def conversation_of(tx: Connection, customer_ref: str, since: datetime) -> str | None:
    """The conversation this customer was last verified in, if anything was said there since."""
    statement = (
        select(t.verification.c.conversation_id)
        .join(conversations.conversation, conversations.conversation.c.id == t.verification.c.conversation_id)
        .where(t.verification.c.customer_ref == customer_ref)
        .where(func.coalesce(*_LAST_SEEN) >= since)
        .order_by(t.verification.c.verified_at.desc())
        .limit(1)
    )
    return tx.execute(statement).scalar_one_or_none()


def keep_verification(tx: Connection, conversation_id: str, idle_until: datetime) -> None:
    """Move the end of idleness on."""
    where = t.verification.c.conversation_id == conversation_id
    tx.execute(update(t.verification).where(where).values(idle_until=idle_until))


def end_verifications(tx: Connection, customer_ref: str) -> list[str]:
    """End every level a customer reached; the conversations it was reached in."""
    where = t.verification.c.customer_ref == customer_ref
    reached_in = select(t.verification.c.conversation_id).where(where)
    held = select(conversations.conversation.c.id).where(conversations.conversation.c.id.in_(reached_in))
    tx.execute(held.order_by(conversations.conversation.c.id).with_for_update())  # first, as everywhere
    statement = delete(t.verification).where(where)
    ended = list(tx.execute(statement.returning(t.verification.c.conversation_id)).scalars())
    for conversation_id in ended:
        _set_conversation(tx, conversation_id, level=0)
    return ended


def add_attempts(tx: Connection, keys: Sequence[str], lane: str, kind: str, now: datetime) -> None:
    """Count one attempt on each key."""
    rows = [{"key": key, "lane": lane, "kind": kind, "at": now} for key in keys]
    tx.execute(insert(t.attempt), rows)


def attempts(tx: Connection, key: str, lane: str, kind: str, since: datetime) -> list[datetime]:
    """When this was counted on a key."""
    statement = select(t.attempt.c.at).where(
        t.attempt.c.key == key, t.attempt.c.lane == lane, t.attempt.c.kind == kind, t.attempt.c.at > since
    )
    return list(tx.execute(statement.order_by(t.attempt.c.at)).scalars())


def add_lock(tx: Connection, key: str, lane: str, lock: Lock) -> None:
    """Lock a subject or a conversation."""
    tx.execute(insert(t.lock), [{**asdict(lock), "key": key, "lane": lane, "ended": False}])


def locks(tx: Connection, key: str, lane: str, since: datetime) -> list[Lock]:
    """The locks of a key that began after an instant, or still hold then."""
    statement = select(t.lock.c.at, t.lock.c.until, t.lock.c.reason).where(
        t.lock.c.key == key, t.lock.c.lane == lane, or_(t.lock.c.at > since, t.lock.c.until > since)
    )
    return [Lock(**row) for row in tx.execute(statement.order_by(t.lock.c.at)).mappings()]


def locks_of_any_lane(tx: Connection, key: str, since: datetime) -> int:
    """How many locks of a key held after an instant."""
    statement = select(func.count()).select_from(t.lock).where(t.lock.c.key == key, t.lock.c.until > since)
    return tx.execute(statement).scalar_one()


def end_locks(tx: Connection, key: str, lane: str, now: datetime) -> int:
    """Mark the locks that have run out; how many there were."""
    statement = update(t.lock).where(
        t.lock.c.key == key, t.lock.c.lane == lane, t.lock.c.until <= now, t.lock.c.ended.is_(False)
    )
    return tx.execute(statement.values(ended=True)).rowcount


def see_device(tx: Connection, customer_ref: str, device: str, now: datetime) -> None:
    """Remember that a customer was verified on a device; the first time counts."""
    if device not in devices_known(tx, customer_ref, now):
        tx.execute(insert(t.device), [{"customer_ref": customer_ref, "device": device, "first_seen": now}])


def devices_known(tx: Connection, customer_ref: str, before: datetime) -> set[str]:
    """The devices the customer had been verified on at an instant."""
    where = (t.device.c.customer_ref == customer_ref, t.device.c.first_seen <= before)
    return set(tx.execute(select(t.device.c.device).where(*where)).scalars())


def device_of(tx: Connection, conversation_id: str) -> str | None:
    """The keyed hash of the device that spoke last in a conversation."""
    session = conversations.session
    statement = select(session.c.device).where(session.c.conversation_id == conversation_id)
    return tx.execute(statement.order_by(session.c.created_at.desc()).limit(1)).scalar_one_or_none()


def labels_of(tx: Connection, conversation_id: str) -> set[str]:
    """What was understood in a conversation so far."""
    statement = select(conversations.turn.c.label).where(conversations.turn.c.conversation_id == conversation_id)
    return {label for label in tx.execute(statement).scalars() if label}


def words_of(tx: Connection, conversation_id: str) -> list[str]:
    """What the customer wrote, masked."""
    message = conversations.message
    statement = select(message.c.text).where(message.c.conversation_id == conversation_id, message.c.role == "customer")
    return list(tx.execute(statement).scalars())


def set_secure_form(tx: Connection, conversation_id: str, form_id: str | None) -> None:
    """Show on the conversation which form waits."""
    _set_conversation(tx, conversation_id, secure_form=form_id)


def add_event(tx: Connection, values: dict[str, Any]) -> None:
    """Append to the security log."""
    tx.execute(insert(t.security_event), [values])


def add_link(tx: Connection, values: dict[str, Any]) -> None:
    """Store a reset link under the hash of its token."""
    tx.execute(insert(t.reset_link), [values])


def void_links(tx: Connection, customer_ref: str, purpose: str, now: datetime) -> None:
    """No older link of this customer opens anything."""
    statement = update(t.reset_link).where(
        t.reset_link.c.customer_ref == customer_ref, t.reset_link.c.purpose == purpose,
        t.reset_link.c.used_at.is_(None), t.reset_link.c.void_at.is_(None),
    )  # fmt: skip
    tx.execute(statement.values(void_at=now))


def link(tx: Connection, token_hash: str, purpose: str, now: datetime) -> tuple[str, datetime] | None:
    """Customer and end of a link that can still be redeemed."""
    statement = select(t.reset_link.c.customer_ref, t.reset_link.c.expires_at).where(*_good(token_hash, purpose, now))
    row = tx.execute(statement).one_or_none()
    return (row.customer_ref, row.expires_at) if row else None


def use_link(tx: Connection, token_hash: str, purpose: str, now: datetime) -> tuple[str, str] | None:
    """Use a link up: its customer and conversation. Of two callers one gets None."""
    statement = update(t.reset_link).where(*_good(token_hash, purpose, now)).values(used_at=now)
    returning = statement.returning(t.reset_link.c.customer_ref, t.reset_link.c.conversation_id)
    row = tx.execute(returning).one_or_none()
    return (row.customer_ref, row.conversation_id) if row else None


def _good(token_hash: str, purpose: str, now: datetime) -> tuple[Any, ...]:
    link = t.reset_link.c
    return (
        link.token_hash == token_hash, link.purpose == purpose,
        link.used_at.is_(None), link.void_at.is_(None), link.expires_at > now,
    )  # fmt: skip


def _check(tx: Connection, statement: Any) -> Check | None:
    row = tx.execute(statement).mappings().one_or_none()
    return Check(**row) if row else None


def _set_conversation(tx: Connection, conversation_id: str, **values: Any) -> None:
    where = conversations.conversation.c.id == conversation_id
    tx.execute(update(conversations.conversation).where(where).values(**values))
