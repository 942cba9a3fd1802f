"""What stands behind buttons, in SQL. Every function works inside the caller's transaction."""

from collections.abc import Iterable

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from shouwen.conversations import tables as t
from shouwen.conversations.message import Button, Offer

_ADD = insert(t.button)  # built once: building costs more than running it on SQLite


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
        tx.execute(_ADD, rows)


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
