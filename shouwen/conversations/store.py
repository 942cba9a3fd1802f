"""Conversations in SQL. Every function works inside the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.engine import Connection

from shouwen.conversations import tables as t
from shouwen.conversations.conversation import Consent, Conversation, Session
from shouwen.conversations.message import Button, Message, Offer

_MESSAGE_FIELDS = (
    "id", "conversation_id", "seq", "role", "text", "at", "client_id", "name", "card", "reply", "content_version",
    "reply_to", "answered_at", "payload",
)  # fmt: skip


# Statements of every turn are built once: building costs more than running them on SQLite.
_id: Any = bindparam("id_")
_conversation_id: Any = bindparam("conversation_id_")
_seq: Any = bindparam("seq_")
_now: Any = bindparam("now_")
_FIND = select(t.conversation).where(t.conversation.c.id == _id)
_LOCK = _FIND.with_for_update()
_SESSION = (
    select(
        t.session.c.conversation_id, t.session.c.expires_at, t.session.c.idle_until, t.session.c.revoked,
        t.session.c.device, t.conversation.c.secure_form,
    )
    .join(t.conversation, t.conversation.c.id == t.session.c.conversation_id)
    .where(t.session.c.token_hash == _id)
)  # fmt: skip
_RESERVE = (
    update(t.conversation)
    .where(t.conversation.c.id == _id)
    .values(last_seq=t.conversation.c.last_seq + bindparam("count_"))
    .returning(t.conversation.c.last_seq)
)
_OF_CLIENT = select(t.message).where(
    t.message.c.conversation_id == _conversation_id, t.message.c.client_id == bindparam("client_id_")
)
_REPLIES = select(t.message).where(t.message.c.reply_to == _id).order_by(t.message.c.seq)
_TRAIL = (
    select(t.message)
    .where(t.message.c.conversation_id == _conversation_id, t.message.c.seq < _seq, t.message.c.role == "customer")
    .order_by(t.message.c.seq.desc())
    .limit(bindparam("limit_"))
)
_UNANSWERED = (
    select(t.message)
    .where(t.message.c.conversation_id == _conversation_id, t.message.c.role == "customer")
    .where(t.message.c.answered_at.is_(None))
    .order_by(t.message.c.seq)
    .limit(1)
)
_ANSWERED = update(t.message).where(t.message.c.id == _id, t.message.c.answered_at.is_(None)).values(answered_at=_now)
_LEASE = (
    update(t.conversation)
    .where(t.conversation.c.id == _id)
    .where(
        t.conversation.c.lease_until.is_(None)
        | (t.conversation.c.lease_until <= _now)
        | (t.conversation.c.lease_holder == bindparam("holder_"))
    )
    .values(lease_holder=bindparam("holder_"), lease_until=bindparam("until_"))
    .returning(t.conversation)
)
_RELEASE = (
    update(t.conversation)
    .where(t.conversation.c.id == _id, t.conversation.c.lease_holder == bindparam("holder_"))
    .values(lease_holder=None, lease_until=None)
)
_NOTE_CUSTOMER = update(t.conversation).where(t.conversation.c.id == _id).values(last_customer_at=_now)
_ADD_MESSAGE, _ADD_BUTTON, _ADD_TURN = insert(t.message), insert(t.button), insert(t.turn)


def add_conversation(tx: Connection, conversation: Conversation) -> None:
    """Store a new conversation."""
    tx.execute(insert(t.conversation), [conversation.__dict__])


def conversation(tx: Connection, conversation_id: str) -> Conversation | None:
    """The conversation, if there is one."""
    return _conversation(tx, _FIND, conversation_id)


def lock_conversation(tx: Connection, conversation_id: str) -> Conversation | None:
    """The conversation, held until the transaction ends: what is decided on it stays true (SQLite has one writer)."""
    return _conversation(tx, _LOCK, conversation_id)


def prefer_simple(tx: Connection, conversation_id: str, simple: bool) -> None:
    """Ask one question a turn and confirm twice, or no longer (R75, R77)."""
    tx.execute(update(t.conversation).where(t.conversation.c.id == conversation_id).values(simple=simple))


def start_episode(tx: Connection, conversation_id: str, episode: int) -> None:
    """Count the episodes on; the tracker of the old one is left behind."""
    tx.execute(update(t.conversation).where(t.conversation.c.id == conversation_id).values(episode=episode))


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
    row = tx.execute(_SESSION, {"id_": token_hash}).mappings().one_or_none()
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


def next_seqs(tx: Connection, conversation_id: str, count: int) -> range:
    """Reserve `count` places at the end of the transcript."""
    last: int = tx.execute(_RESERVE, {"id_": conversation_id, "count_": count}).scalar_one()
    return range(last - count + 1, last + 1)


def add_messages(tx: Connection, messages: Sequence[Message], episode: int) -> None:
    """Store messages whose places were reserved."""
    if not messages:
        return
    rows = [
        {name: getattr(m, name) for name in _MESSAGE_FIELDS}
        | {"episode": episode, "buttons": [{"title": b.title, "token": b.token} for b in m.buttons]}
        for m in messages
    ]
    tx.execute(_ADD_MESSAGE, rows)


def note_customer(tx: Connection, conversation_id: str, now: datetime) -> None:
    """Remember when the customer last wrote."""
    tx.execute(_NOTE_CUSTOMER, {"id_": conversation_id, "now_": now})


def message_of_client(tx: Connection, conversation_id: str, client_id: str) -> Message | None:
    """The message the client sent under this id."""
    found = _all(tx, _OF_CLIENT, {"conversation_id_": conversation_id, "client_id_": client_id})
    return found[0] if found else None


def message(tx: Connection, message_id: str) -> Message | None:
    """The message with this id."""
    return _one(tx, t.message.c.id == message_id)


def replies_to(tx: Connection, message_id: str) -> list[Message]:
    """What was said in answer to a message, in order."""
    return _all(tx, _REPLIES, {"id_": message_id})


def messages_after(tx: Connection, conversation_id: str, seq: int, limit: int) -> list[Message]:
    """Up to `limit` messages that follow place `seq`."""
    return _many(tx, and_(t.message.c.conversation_id == conversation_id, t.message.c.seq > seq), limit)


def messages_before(tx: Connection, conversation_id: str, seq: int, limit: int) -> list[Message]:
    """The last `limit` messages ahead of place `seq`, oldest first."""
    where = and_(t.message.c.conversation_id == conversation_id, t.message.c.seq < seq)
    newest = select(t.message.c.seq).where(where).order_by(t.message.c.seq.desc()).limit(limit)
    return _many(tx, and_(t.message.c.conversation_id == conversation_id, t.message.c.seq.in_(newest)))


def customer_trail(tx: Connection, conversation_id: str, before_seq: int, limit: int) -> list[Message]:
    """The customer's last few messages ahead of a place, oldest first."""
    place = {"conversation_id_": conversation_id, "seq_": before_seq, "limit_": limit}
    return _all(tx, _TRAIL, place)[::-1]


def mask_again(tx: Connection, message_id: str, text: str) -> None:
    """Replace a text by a stricter mask, when later digits show what it was part of."""
    tx.execute(update(t.message).where(t.message.c.id == message_id).values(text=text))


def oldest_unanswered(tx: Connection, conversation_id: str) -> Message | None:
    """The customer's next message that waits for an answer."""
    found = _all(tx, _UNANSWERED, {"conversation_id_": conversation_id})
    return found[0] if found else None


def mark_answered(tx: Connection, message_id: str, now: datetime) -> bool:
    """Mark a message answered. False when it was answered before: nobody may answer it twice."""
    return tx.execute(_ANSWERED, {"id_": message_id, "now_": now}).rowcount == 1


def take_lease(
    tx: Connection, conversation_id: str, holder: str, now: datetime, until: datetime
) -> Conversation | None:
    """Become, or stay, the one who answers this conversation. Atomic: of two takers one gets None."""
    lease = {"id_": conversation_id, "holder_": holder, "now_": now, "until_": until}
    row = tx.execute(_LEASE, lease).mappings().one_or_none()
    return Conversation(**row) if row else None


def drop_lease(tx: Connection, conversation_id: str, holder: str) -> None:
    """Give the conversation free for the next runner."""
    tx.execute(_RELEASE, {"id_": conversation_id, "holder_": holder})


def stranded(tx: Connection, now: datetime, limit: int) -> list[str]:
    """Conversations with an unanswered message and no runner at work: a process died there."""
    waiting = (
        select(t.message.c.conversation_id)
        .join(t.conversation, t.conversation.c.id == t.message.c.conversation_id)
        .where(t.message.c.role == "customer", t.message.c.answered_at.is_(None))
        .where(or_(t.conversation.c.lease_until.is_(None), t.conversation.c.lease_until <= now))
        .distinct()
        .limit(limit)
    )
    return list(tx.execute(waiting).scalars())


def add_buttons(tx: Connection, conversation_id: str, episode: int, offers: Iterable[tuple[Button, Offer]]) -> None:
    """Remember what stands behind each button's token."""
    rows = [
        {
            "token": b.token, "title": b.title, "label": offer.label, "entities": dict(offer.entities) or None,
            "conversation_id": conversation_id, "episode": episode,
        }
        for b, offer in offers
    ]  # fmt: skip
    if rows:
        tx.execute(_ADD_BUTTON, rows)


def use_button(tx: Connection, conversation_id: str, token: str, message_id: str) -> Offer | None:
    """Use up a button: what stands behind it, or None when it is unknown here or used."""
    statement = (
        update(t.button)
        .where(t.button.c.token == token, t.button.c.conversation_id == conversation_id, t.button.c.used_by.is_(None))
        .values(used_by=message_id)
        .returning(t.button.c.title, t.button.c.label, t.button.c.entities)
    )
    row = tx.execute(statement).one_or_none()
    return Offer(row.title, row.label, tuple((row.entities or {}).items())) if row else None


def used_tokens(tx: Connection, tokens: Iterable[str]) -> set[str]:
    """Those of the tokens that were pressed."""
    wanted = list(tokens)
    if not wanted:
        return set()
    statement = select(t.button.c.token).where(t.button.c.token.in_(wanted), t.button.c.used_by.is_not(None))
    return set(tx.execute(statement).scalars())


def add_turn(tx: Connection, values: dict[str, Any]) -> None:
    """Store what was understood in a turn, and with which model."""
    tx.execute(_ADD_TURN, [values])


def decisions(tx: Connection, conversation_id: str, episode: int, before_seq: int) -> list[str]:
    """The decisions of the episode's turns ahead of a place, oldest first."""
    statement = select(t.turn.c.decision).where(
        t.turn.c.conversation_id == conversation_id, t.turn.c.episode == episode, t.turn.c.seq < before_seq
    )
    return list(tx.execute(statement.order_by(t.turn.c.seq)).scalars())


def add_request(tx: Connection, values: dict[str, Any]) -> None:
    """Open a request that people must see to."""
    tx.execute(insert(t.open_request), [values])


def request_of_message(tx: Connection, message_id: str) -> RowMapping | None:
    """The request opened by a message: a repeat finds the first result."""
    statement = select(t.open_request).where(t.open_request.c.message_id == message_id)
    return tx.execute(statement).mappings().one_or_none()


def open_request_of(tx: Connection, conversation_id: str, kind: str) -> RowMapping | None:
    """The newest request of a kind that is still open."""
    statement = (
        select(t.open_request)
        .where(t.open_request.c.conversation_id == conversation_id, t.open_request.c.kind == kind)
        .where(t.open_request.c.state == "open")
        .order_by(t.open_request.c.at.desc())
        .limit(1)
    )
    return tx.execute(statement).mappings().one_or_none()


def set_contact(tx: Connection, request_id: str, reference: str, mask: str) -> None:
    """Say where the customer is to be called: a reference into the vault, and the mask."""
    tx.execute(
        update(t.open_request).where(t.open_request.c.id == request_id).values(contact=reference, contact_mask=mask)
    )


def set_reason(tx: Connection, request_id: str, reason: str) -> None:
    """A request that turned out graver."""
    tx.execute(update(t.open_request).where(t.open_request.c.id == request_id).values(reason=reason))


def put_feedback(tx: Connection, message_id: str, conversation_id: str, helpful: bool, now: datetime) -> None:
    """Keep the last word of the customer on an answer."""
    values = {"conversation_id": conversation_id, "helpful": helpful, "at": now}
    if not tx.execute(update(t.feedback).where(t.feedback.c.message_id == message_id).values(**values)).rowcount:
        tx.execute(insert(t.feedback), [{"message_id": message_id, **values}])


def opinions_on(tx: Connection, message_ids: Iterable[str]) -> set[str]:
    """Those of the messages on which the customer has said whether they helped."""
    wanted = list(message_ids)
    if not wanted:
        return set()
    statement = select(t.feedback.c.message_id).where(t.feedback.c.message_id.in_(wanted))
    return set(tx.execute(statement).scalars())


def add_rating(tx: Connection, values: dict[str, Any]) -> None:
    """Store the rating of an episode."""
    tx.execute(insert(t.rating), [values])


def has_rating(tx: Connection, conversation_id: str, episode: int) -> bool:
    """True when this episode was rated."""
    where = and_(t.rating.c.conversation_id == conversation_id, t.rating.c.episode == episode)
    return bool(tx.execute(select(func.count()).select_from(t.rating).where(where)).scalar_one())


def _conversation(tx: Connection, statement: Any, conversation_id: str) -> Conversation | None:
    row = tx.execute(statement, {"id_": conversation_id}).mappings().one_or_none()
    return Conversation(**row) if row else None


def _all(tx: Connection, statement: Any, values: dict[str, Any]) -> list[Message]:
    return [_message(row) for row in tx.execute(statement, values).mappings()]


def _one(tx: Connection, where: Any) -> Message | None:
    row = tx.execute(select(t.message).where(where)).mappings().one_or_none()
    return _message(row) if row else None


def _many(tx: Connection, where: Any, limit: int | None = None) -> list[Message]:
    rows = tx.execute(select(t.message).where(where).order_by(t.message.c.seq).limit(limit)).mappings()
    return [_message(row) for row in rows]


def _message(row: RowMapping) -> Message:
    buttons = tuple(Button(b["title"], b["token"]) for b in row["buttons"])
    return Message(buttons=buttons, **{name: row[name] for name in _MESSAGE_FIELDS})
