"""Whose conversation it is, and for how long."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from shouwen.conversations import session_store, sessions, store, tables
from shouwen.conversations.conversation import BOT, Consent, Session
from shouwen.conversations.sessions import IDLE_STEP, Lifetime, keep_alive, token_hash
from shouwen.db import Database
from shouwen.errors import NotSignedIn, SessionExpired
from tests.conftest import Clock

LIFE = Lifetime(idle=timedelta(hours=1), absolute=timedelta(hours=3))


@pytest.fixture
def token(database: Database, clock: Clock) -> str:
    return database.write_now(lambda tx: sessions.open_conversation(tx, "web", None, LIFE, clock())[1])


def find(database: Database, token: str, clock: Clock) -> Session:
    return database.read_now(lambda tx: sessions.find(tx, token_hash(token), clock()))


def act(database: Database, token: str, clock: Clock) -> Session:
    """What the customer does at any request: his session is found and kept alive."""
    session = find(database, token, clock)
    return database.write_now(lambda tx: keep_alive(tx, token_hash(token), session, LIFE, clock()))


def test_a_new_conversation_belongs_to_the_bot_and_to_its_token(database: Database, clock: Clock, token: str) -> None:
    session = find(database, token, clock)
    conversation = database.read_now(lambda tx: store.conversation(tx, session.conversation_id))
    assert conversation is not None
    assert (conversation.owner, conversation.fence, conversation.episode) == (BOT, 1, 1)


def test_only_a_hash_of_the_token_is_kept(database: Database, token: str) -> None:
    [row] = database.read_now(lambda tx: tx.execute(select(tables.session)).all())
    assert token not in str(row)
    assert row.token_hash == token_hash(token)


@pytest.mark.parametrize("unknown", ["", "x", "令牌", "\ud800", "x" * 10_000])
def test_an_unknown_token_is_nobody_s(database: Database, clock: Clock, token: str, unknown: str) -> None:
    with pytest.raises(NotSignedIn) as error:
        find(database, unknown, clock)
    assert not isinstance(error.value, SessionExpired)


def test_a_session_ends_when_it_idles_too_long(database: Database, clock: Clock, token: str) -> None:
    clock.forward(minutes=59, seconds=59)
    find(database, token, clock)
    clock.forward(seconds=1)
    with pytest.raises(SessionExpired):
        find(database, token, clock)


def test_who_goes_on_talking_stays_signed_in(database: Database, clock: Clock, token: str) -> None:
    for _ in range(4):
        clock.forward(minutes=40)
        act(database, token, clock)
    assert find(database, token, clock)


def test_nobody_stays_signed_in_past_the_absolute_end(database: Database, clock: Clock, token: str) -> None:
    for _ in range(5):
        clock.forward(minutes=35)
        act(database, token, clock)
    clock.forward(minutes=4, seconds=59)
    act(database, token, clock)
    clock.forward(seconds=1)
    with pytest.raises(SessionExpired):
        find(database, token, clock)


def test_an_ended_session_does_not_come_back(database: Database, clock: Clock, token: str) -> None:
    clock.forward(hours=2)
    with pytest.raises(SessionExpired):
        act(database, token, clock)
    clock.forward(hours=-2, minutes=59)
    assert find(database, token, clock).idle_until == clock() + timedelta(minutes=1), "nothing moved its end on"


def test_a_busy_customer_costs_a_write_every_five_minutes_at_most(database: Database, clock: Clock, token: str) -> None:
    writes: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("UPDATE CHAT_SESSION"):
            writes.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    for _ in range(30):
        clock.forward(minutes=1)
        session = act(database, token, clock)
        assert clock() + LIFE.idle - session.idle_until < IDLE_STEP
    event.remove(database.engine, "before_cursor_execute", note)
    assert len(writes) == 6


def test_what_was_consented_to_stays_on_record_and_the_last_word_counts(database: Database, clock: Clock) -> None:
    first, second = Consent("2026-10-01", training=True), Consent("2026-10-01", training=False)
    opened, _ = database.write_now(lambda tx: sessions.open_conversation(tx, "app", first, LIFE, clock()))
    database.write_now(lambda tx: sessions.change_consent(tx, opened.id, second, clock()))
    assert database.read_now(lambda tx: session_store.consent(tx, opened.id)) == second
    rows = database.read_now(lambda tx: tx.execute(select(func.count()).select_from(tables.consent)).scalar_one())
    assert rows == 2


def test_tokens_and_ids_do_not_repeat(database: Database, clock: Clock) -> None:
    opened = [
        database.write_now(lambda tx: sessions.open_conversation(tx, "web", None, LIFE, clock())) for _ in range(5)
    ]
    assert len({conversation.id for conversation, _ in opened} | {token for _, token in opened}) == 10
