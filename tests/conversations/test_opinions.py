"""What customers think of answers and episodes, on real SQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import opinions, sessions, tables
from shouwen.conversations.message import Message
from shouwen.conversations.turns import TurnRunner
from shouwen.db import Database
from shouwen.errors import Conflict, NotFound
from tests.conftest import Clock


def helpful(tx: Connection, message_id: str) -> bool | None:
    statement = select(tables.feedback.c.helpful).where(tables.feedback.c.message_id == message_id)
    return tx.execute(statement).scalar_one_or_none()


@pytest.fixture
async def answer(runner: TurnRunner, conversation_id: str) -> Message:
    return (await runner.submit(conversation_id, "c1", "跨行转账要手续费吗", None)).messages[0]


def say(
    database: Database, publication: Publication, conversation_id: str, message_id: str, helpful: bool, clock: Clock
) -> list[Message]:
    return database.write_now(
        lambda tx: opinions.say_helpful(tx, publication, conversation_id, message_id, helpful, clock())
    )


async def test_a_helpful_answer_is_noted_without_a_word(
    database: Database, publication: Publication, conversation_id: str, answer: Message, clock: Clock
) -> None:
    assert say(database, publication, conversation_id, answer.id, True, clock) == []
    assert database.read_now(lambda tx: helpful(tx, answer.id)) is True


async def test_an_answer_that_did_not_help_is_met_with_an_apology_and_a_person(
    database: Database, publication: Publication, conversation_id: str, answer: Message, clock: Clock
) -> None:
    [apology] = say(database, publication, conversation_id, answer.id, False, clock)
    assert (apology.reply, apology.reply_to, apology.seq) == ("utter_feedback_sorry", answer.id, answer.seq + 1)
    assert "转人工" in [button.title for button in apology.buttons]
    assert database.read_now(lambda tx: helpful(tx, answer.id)) is False


async def test_the_apology_comes_once_however_often_the_customer_changes_his_mind(
    database: Database, publication: Publication, conversation_id: str, answer: Message, clock: Clock
) -> None:
    said = [say(database, publication, conversation_id, answer.id, h, clock) for h in (True, False, False, True, False)]
    assert [len(messages) for messages in said] == [0, 1, 0, 0, 0]
    assert database.read_now(lambda tx: helpful(tx, answer.id)) is False, "the last word is kept"


async def test_only_what_was_said_to_this_customer_can_be_judged(
    database: Database, publication: Publication, conversation_id: str, answer: Message, clock: Clock
) -> None:
    day = sessions.Lifetime(timedelta(days=1), timedelta(days=7))
    other = database.write_now(lambda tx: sessions.open_conversation(tx, "web", None, day, clock())[0].id)
    own_words = answer.reply_to
    assert own_words is not None
    for conversation, message in [(other, answer.id), (conversation_id, "nothing"), (conversation_id, own_words)]:
        with pytest.raises(NotFound):
            say(database, publication, conversation, message, False, clock)
    assert database.read_now(lambda tx: tx.execute(select(tables.feedback)).all()) == []


def test_an_episode_is_rated_once_with_its_owner(database: Database, conversation_id: str, clock: Clock) -> None:
    database.write_now(lambda tx: opinions.rate(tx, conversation_id, 1, 4, "不错", clock()))
    with pytest.raises(Conflict):
        database.write_now(lambda tx: opinions.rate(tx, conversation_id, 1, 1, None, clock()))
    [row] = database.read_now(lambda tx: tx.execute(select(tables.rating)).all())
    assert (row.score, row.comment, row.owner, row.episode) == (4, "不错", "bot", 1)


@pytest.mark.parametrize(("conversation", "episode"), [(None, 2), ("nobody", 1)])
def test_an_episode_that_was_not_is_not_rated(
    database: Database, conversation_id: str, clock: Clock, conversation: str | None, episode: int
) -> None:
    with pytest.raises(NotFound):
        database.write_now(lambda tx: opinions.rate(tx, conversation or conversation_id, episode, 5, None, clock()))
