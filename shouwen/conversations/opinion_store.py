"""Feedback and ratings in SQL. Every function works inside the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.engine import Connection

from shouwen.conversations import tables as t


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
