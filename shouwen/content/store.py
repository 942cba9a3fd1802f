"""Publications in SQL: every version that was ever shown stays."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Integer, String, Table, func, insert, select
from sqlalchemy.engine import Connection

from shouwen.db import UTCDateTime, metadata

publication = Table(
    "publication",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("version", String(16), nullable=False, index=True),
    Column("body", JSON, nullable=False),
    Column("at", UTCDateTime, nullable=False),
)


def add(tx: Connection, version: str, body: dict[str, Any], now: datetime) -> None:
    """Publish: the newest row is what customers get."""
    tx.execute(insert(publication), [{"version": version, "body": body, "at": now}])


def newest_number(tx: Connection) -> int | None:
    """The number of the publication in service."""
    return tx.execute(select(func.max(publication.c.number))).scalar_one_or_none()


def newest(tx: Connection) -> tuple[int, str, dict[str, Any]] | None:
    """Number, version and body of the publication in service."""
    row = tx.execute(select(publication).order_by(publication.c.number.desc()).limit(1)).one_or_none()
    return (row.number, row.version, row.body) if row else None
