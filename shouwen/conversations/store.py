"""Conversations, their messages, turns and requests in SQL. Every function works inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, insert, or_, select, update
from sqlalchemy.engine import Connection

from shouwen.conversations import tables as t
from shouwen.conversations.conversation import Conversation
from shouwen.conversations.message import Button, Message

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
_ADD_MESSAGE, _ADD_TURN = insert(t.message), insert(t.turn)


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


def open_contacts(tx: Connection) -> list[str]:
    """Where customers of open requests are to be called: references into the vault."""
    contact = t.open_request.c.contact
    return list(tx.execute(select(contact).where(t.open_request.c.state == "open", contact.is_not(None))).scalars())


def set_contact(tx: Connection, request_id: str, reference: str, mask: str) -> None:
    """Say where the customer is to be called: a reference into the vault, and the mask."""
    tx.execute(
        update(t.open_request).where(t.open_request.c.id == request_id).values(contact=reference, contact_mask=mask)
    )


def set_reason(tx: Connection, request_id: str, reason: str) -> None:
    """A request that turned out graver."""
    tx.execute(update(t.open_request).where(t.open_request.c.id == request_id).values(reason=reason))


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
