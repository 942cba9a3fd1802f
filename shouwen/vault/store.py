"""The vault in SQL."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, Integer, LargeBinary, String, Table, cast, delete, insert, select
from sqlalchemy.engine import Connection

from shouwen.db import UTCDateTime, metadata

vault = Table(
    "vault",
    metadata,
    Column("message_id", String(32), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("mask", String(128), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", UTCDateTime, nullable=False),
)


def add(
    tx: Connection, message_id: str, start: int, kind: str, mask: str, key_id: str, sealed: bytes, now: datetime
) -> None:
    """Store one sealed value."""
    row = {"message_id": message_id, "start": start, "kind": kind, "mask": mask, "key_id": key_id}
    tx.execute(insert(vault), [row | {"sealed": sealed, "at": now}])


def entry(tx: Connection, message_id: str, start: int) -> tuple[str, str, bytes] | None:
    """Kind, key id and sealed value behind a reference."""
    where = (vault.c.message_id == message_id, vault.c.start == start)
    row = tx.execute(select(vault.c.kind, vault.c.key_id, vault.c.sealed).where(*where)).one_or_none()
    return (row.kind, row.key_id, row.sealed) if row else None


def forget(tx: Connection, before: datetime, kept: Collection[str]) -> int:
    """Delete what was sealed before an instant, but for the references that are still needed; how many went."""
    reference = vault.c.message_id + ":" + cast(vault.c.start, String)
    return tx.execute(delete(vault).where(vault.c.at < before, reference.not_in(kept))).rowcount


def entries(tx: Connection, message_id: str) -> list[tuple[int, str, str]]:
    """Start, kind and mask of all a message held, in order."""
    statement = select(vault.c.start, vault.c.kind, vault.c.mask).where(vault.c.message_id == message_id)
    return [(row.start, row.kind, row.mask) for row in tx.execute(statement.order_by(vault.c.start))]
