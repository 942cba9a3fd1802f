"""What all tests share: a clock that stands still, databases, the shipped content, one running stack."""

import os
import secrets
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from shouwen.content.publication import Publication, read_folder
from shouwen.db import Database
from shouwen.migrating import configuration
from shouwen.settings import ROOT
from shouwen.vault.keyring import Keyring, read_or_make
from tests.e2e import stack as stacks
from tests.e2e.stack import Stack
from tests.sandbox.running import RunningBank, running_bank

POSTGRES = os.environ.get("SHOUWEN_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("SHOUWEN_TEST_REDIS", "redis://127.0.0.1:6379/15")
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Monday


class Clock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def publication() -> Publication:
    return read_folder(ROOT / "data")


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return read_or_make(tmp_path / "keys" / "vault.json")


def postgres_answers() -> bool:
    try:
        engine = sa.create_engine(POSTGRES, connect_args={"connect_timeout": 2})
        with engine.connect():
            return True
    except sa.exc.OperationalError as error:
        warnings.warn(f"PostgreSQL does not answer, its tests are skipped: {error.orig}", stacklevel=1)
        return False


def redis_answers() -> bool:
    import redis

    try:
        return bool(redis.Redis.from_url(REDIS, socket_connect_timeout=2).ping())
    except redis.RedisError as error:
        warnings.warn(f"Redis does not answer, its tests are skipped: {error}", stacklevel=1)
        return False


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a fresh PostgreSQL database."""
    if not postgres_answers():
        pytest.skip(f"PostgreSQL does not answer at {POSTGRES}")
    name = f"shouwen_test_{secrets.token_hex(6)}"
    server = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database of each kind; PostgreSQL's is emptied before each test."""
    sqlite = f"sqlite:///{tmp_path / 'test.db'}"
    address = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres")
    from alembic import command

    command.upgrade(configuration(address), "head")
    database = Database(address)
    if not database.is_sqlite:
        from shouwen.schema import metadata

        tables = ", ".join(table.name for table in metadata.sorted_tables)
        database.write_now(lambda tx: tx.exec_driver_sql(f"TRUNCATE {tables}"))
    yield database
    database.close()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[RunningBank]:
    """A sandbox bank on a free port, and the adapters that talk with it."""
    async with running_bank(clock) as running:
        yield running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One real stack for all tests that leave it whole."""
    stacks.train_if_needed()
    var = tmp_path_factory.mktemp("stack") / "var"
    with stacks.running(var, SHOUWEN_RATE_LIMIT="off", SHOUWEN_OTP_PER_ADDRESS_HOUR="1000") as running:
        yield running
