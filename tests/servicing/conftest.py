"""A conversation with messages in it, a sandbox bank, and the jobs that work for both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import sessions, store
from shouwen.conversations.message import Message
from shouwen.db import Database
from shouwen.identity.level import Act
from shouwen.outside.bus import LocalBus
from shouwen.servicing import service
from shouwen.servicing.jobs import ServicingJobs
from shouwen.servicing.request import ServiceRequest
from tests.conftest import Clock
from tests.sandbox.running import RunningBank

T = TypeVar("T")
DAY = sessions.Lifetime(timedelta(days=1), timedelta(days=7))


@dataclass
class Chat:
    """One conversation on real SQL."""

    database: Database
    clock: Clock
    id: str = ""

    def __post_init__(self) -> None:
        self.id = self.write(lambda tx: sessions.open_conversation(tx, "web", None, DAY, self.clock()))[0].id

    def write(self, work: Callable[[Connection], T]) -> T:
        return self.database.write_now(work)

    def says(self, text: str = "您好") -> str:
        def work(tx: Connection) -> str:
            [seq] = store.next_seqs(tx, self.id, 1)
            message = Message(sessions.new_id(), self.id, seq, "customer", text, self.clock())
            store.add_messages(tx, [message], 1)
            return message.id

        return self.write(work)

    def wants(self, act: Act, ref: str, message_id: str | None = None, **details: Any) -> ServiceRequest:
        message_id = message_id or self.says()
        return self.write(lambda tx: service.want(tx, self.id, message_id, act, ref, details, self.clock()))

    def record(self, request: ServiceRequest, answer: Any) -> service.Recorded:
        return self.write(lambda tx: service.record(tx, request, answer, self.clock()))

    def heard(self) -> list[Message]:
        messages = self.database.read_now(lambda tx: store.messages_after(tx, self.id, 0, 100))
        return [message for message in messages if message.role == "bot"]

    def rows(self, table: Any) -> list[Any]:
        return self.database.read_now(lambda tx: list(tx.execute(select(table).order_by(table.c.at)).mappings()))


@pytest.fixture
def chat(database: Database, clock: Clock) -> Chat:
    return Chat(database, clock)


@pytest.fixture
def bus() -> LocalBus:
    return LocalBus()


@pytest.fixture
def jobs(
    database: Database, sandbox: RunningBank, bus: LocalBus, publication: Publication, clock: Clock
) -> ServicingJobs:
    return ServicingJobs(database, sandbox.bank, sandbox.messenger, bus, lambda: publication, clock)
