"""What is kept of a check, what cannot be rewritten, and who of two at once wins."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from shouwen.db import Database
from shouwen.errors import FormOver, TooManyRequests
from shouwen.identity import service
from shouwen.identity import tables as t
from shouwen.identity.progress import Progress
from shouwen.identity.security_log import record
from shouwen.schema import metadata
from tests.conftest import Clock
from tests.identity.conftest import PHONE, RULES, WANG, Chat, events

THREADS = 6


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """The outcomes of `work`, run by several threads at the same moment; an exception counts as an outcome."""
    start, outcomes = threading.Barrier(THREADS), []

    def run(number: int) -> None:
        start.wait()
        try:
            outcomes.append(work(number))
        except (FormOver, TooManyRequests) as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == THREADS
    return outcomes


def test_the_security_log_cannot_be_rewritten(chat: Chat) -> None:
    chat.begin()
    before = events(chat.database)
    for statement in (update(t.security_event).values(kind="x"), delete(t.security_event)):
        with pytest.raises(DBAPIError, match="append-only"):
            chat.write(lambda tx, statement=statement: tx.execute(statement))
    assert events(chat.database) == before == [("check_opened", "password_reset")]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL knows no REPLACE
def test_no_event_takes_the_place_of_another(chat: Chat) -> None:
    chat.begin()
    replacing = insert(t.security_event).prefix_with("OR REPLACE").values(id=1, at=chat.clock(), kind="unlocked")
    with pytest.raises(DBAPIError, match="append-only"):
        chat.write(lambda tx: tx.execute(replacing))
    assert events(chat.database) == [("check_opened", "password_reset")]


def test_the_log_keeps_networks_not_addresses(chat: Chat) -> None:
    chat.write(lambda tx: record(tx, "refused", chat.clock(), address="203.0.113.77"))
    assert (
        chat.database.read_now(lambda tx: tx.execute(select(t.security_event.c.address)).scalar()) == "203.0.113.0/24"
    )


def test_no_typed_value_stands_in_any_table(chat: Chat, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    chat.wrong_code()
    clock.forward(seconds=60)
    chat.again()
    chat.code()
    chat.details()
    tables = chat.database.read_now(
        lambda tx: {table.name: str(tx.execute(select(table)).all()) for table in metadata.sorted_tables}
    )
    secrets = [PHONE, chat.address, *chat.codes, *(f"{(int(code) + 1) % 10**6:06}" for code in chat.codes)]
    assert tables["identity_attempt"] != "[]"
    for name, content in tables.items():
        assert not [secret for secret in secrets if f"'{secret}'" in content or PHONE in content], name
    assert f"'{WANG.ref}'" in tables["identity_verification"]


def test_of_several_with_the_right_code_at_once_one_gets_in(chat: Chat, database: Database) -> None:
    chat.begin()
    chat.phone()
    step, code = chat.step(), chat.codes[-1]
    outcomes = at_once(
        lambda _: database.write_now(lambda tx: service.take_otp(tx, RULES, step, code, "a", chat.clock()))
    )
    assert sum(isinstance(one, Progress) and one.level_changed for one in outcomes) == 1
    assert sum(isinstance(one, FormOver) for one in outcomes) == THREADS - 1


def test_of_several_who_ask_for_a_code_at_once_one_gets_it(another: Callable[..., Chat], database: Database) -> None:
    chats = [another() for _ in range(THREADS)]
    for one in chats:
        one.begin()
    outcomes = at_once(lambda number: chats[number].phone())
    assert sum(one.otp is not None for one in outcomes) == 1


def test_guesses_in_parallel_conversations_are_all_counted(another: Callable[..., Chat], clock: Clock) -> None:
    rules = replace(RULES, otp_resend_gap=timedelta(seconds=10), otp_per_hour=THREADS)
    chats = [another(rules=rules) for _ in range(THREADS)]
    for one in chats:
        one.begin()
        one.phone()
        clock.forward(seconds=10)
    outcomes = at_once(lambda number: chats[number].wrong_code())
    assert [one.state for one in outcomes].count("again") == 4
    assert [one.state for one in outcomes].count("locked") == 2, "the fifth locks, the sixth finds it locked"
    locks = chats[0].database.read_now(lambda tx: tx.execute(select(t.lock.c.reason)).scalars().all())
    assert locks == ["failed_checks"]


def test_begun_twice_at_once_it_is_one_check(chat: Chat) -> None:
    at_once(lambda _: chat.begin())
    states = chat.database.read_now(lambda tx: tx.execute(select(t.check.c.state)).scalars().all())
    assert states == ["open"]
