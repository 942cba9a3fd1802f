"""The database: SQLite (WAL) by default, PostgreSQL by address. A transaction per unit of work, off the event loop."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.engine import Connection, make_url

T = TypeVar("T")

metadata = MetaData()

_POSTGRES_THREADS = 8
_SQLITE_READERS = 2


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant. Stored as UTC, given back as UTC: SQLite forgets zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Put the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """Runs units of work, each a function of a connection, each in a transaction of its own.

    SQLite has one writer: one thread writes, so writers queue here rather than fail with "locked".
    """

    def __init__(self, address: str) -> None:
        self.url = make_url(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = (
            _sqlite_engine(address)
            if self.is_sqlite
            else create_engine(address, pool_size=_POSTGRES_THREADS, max_overflow=2, pool_pre_ping=True)
        )
        self._writers = ThreadPoolExecutor(1 if self.is_sqlite else _POSTGRES_THREADS, "db-write")
        self._readers = ThreadPoolExecutor(_SQLITE_READERS, "db-read") if self.is_sqlite else self._writers

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction and commit it; on an exception nothing of it stays."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, self.write_now, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a consistent snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """`write` for code that has no event loop."""
        with self._begin(write=True) as tx:
            return work(tx)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """`read` for code that has no event loop."""
        with self._begin(write=False) as tx:
            return work(tx)

    @contextmanager
    def _begin(self, *, write: bool) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.info["begin"] = "BEGIN IMMEDIATE" if write else "BEGIN"
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Wait for running work, then give all connections back."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


def _sqlite_engine(address: str) -> Engine:
    path = make_url(address).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": 10, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, with the right kind of lock
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.info.get("begin", "BEGIN IMMEDIATE"))

    return engine
