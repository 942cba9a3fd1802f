"""A number the bank does not know takes exactly the same way as one it knows (§3.1, ASVS 6.3.8)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select

from shouwen.db import Database
from shouwen.identity.progress import Progress
from shouwen.outside.corebank import Customer
from shouwen.schema import metadata
from tests.conftest import Clock
from tests.identity.conftest import PHONE, WANG, Chat, said

Way = Callable[[Chat, Customer | None], list[Progress]]


def wrong_codes(chat: Chat, customer: Customer | None) -> list[Progress]:
    chat.begin()
    seen = [chat.phone(customer, PHONE)]
    seen += [chat.wrong_code() for _ in range(3)]
    chat.clock.forward(seconds=60)
    seen.append(chat.again())
    return [*seen, chat.wrong_code(), chat.wrong_code()]


def codes_asked_for(chat: Chat, customer: Customer | None) -> list[Progress]:
    chat.begin("loss_stop")
    seen = [chat.phone(customer, PHONE), chat.again()]
    for _ in range(5):
        chat.clock.forward(seconds=60)
        seen.append(chat.again("voice"))
    return seen


def a_day_of_failures(chat: Chat, customer: Customer | None) -> list[Progress]:
    seen = wrong_codes(chat, customer)
    chat.clock.forward(minutes=61)
    return seen + wrong_codes(chat, customer)


def told(progress: Progress) -> dict[str, Any]:
    """All a customer could see of it."""
    [(name, values)] = progress.replies
    form = dict(values.get("secure_form", {}))
    form.pop("form", None)
    return {
        "state": progress.state, "outcome": progress.outcome, "level_changed": progress.level_changed, "name": name,
        "values": {**values, "secure_form": form}, "sends": progress.otp is not None,
        "tells": progress.notice is not None,
    }  # fmt: skip


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement that is run, in order."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def rows(database: Database) -> dict[str, int]:
    def count(tx: Any) -> dict[str, int]:
        return {t.name: tx.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables}

    return database.read_now(count)


def walk(database: Database, way: Way, customer: Customer | None) -> tuple[list[Any], list[str], dict[str, int]]:
    """What was told, run and written along a way, on a database as empty as before it."""
    before = rows(database)
    chat = Chat(database, Clock())
    with statements(database) as run:
        seen = way(chat, customer)
    written = {name: count - before[name] for name, count in rows(database).items()}
    return [told(one) for one in seen], run, written


@pytest.mark.parametrize("way", [wrong_codes, codes_asked_for, a_day_of_failures])
def test_same_replies_same_statements_same_rows(way: Way, database: Database) -> None:
    known = walk(database, way, WANG)
    database.write_now(_forget_counts)
    unknown = walk(database, way, None)
    assert unknown == known


def test_the_right_code_of_an_unknown_number_costs_a_try_like_a_wrong_one(chat: Chat) -> None:
    chat.begin()
    chat.phone(None)
    assert said(chat.code()) == "utter_identity_otp_wrong"
    assert said(chat.code()) == "utter_identity_otp_wrong"
    assert said(chat.code()) == "utter_identity_otp_void"
    assert not chat.standing.level


def _forget_counts(tx: Any) -> None:
    from shouwen.identity import tables as t

    for table in (t.attempt, t.lock):
        tx.execute(table.delete())
