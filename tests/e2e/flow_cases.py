"""The flows as a table, for tests whose way is the same in each."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.e2e.person import Person, fields_of
from tests.e2e.stack import Stack


@dataclass(frozen=True)
class Case:
    """A flow: the sentence that begins it, its first reply, what it asks a checked customer, and how it ends.

    `like` is a seeded customer for whom it works, `fields` what the check asks after the code, `answers` what brings
    it to its last question, `last` is that question.
    """

    topic: str
    begins: str
    like: str
    fields: tuple[str, ...]
    answers: tuple[str, ...]
    last: str | None
    ends: str
    again: str | None = None

    @property
    def opening(self) -> str:
        return f"utter_{self.topic}"


PERSON = ("name", "id_number")
RESET = Case(
    "password_reset_login", "忘记手机银行登录密码了", "YS0008", PERSON, (), None, "utter_reset_link_sent"
)  # fmt: skip
LOSS = Case(
    "card_report_loss", "我的银行卡丢了，帮我挂失", "YS0001", ("name", "card_tail"), (),
    "utter_loss_confirm", "utter_loss_done", "utter_loss_confirm_again",
)  # fmt: skip
SMS = Case(
    "sms_notice", "我要开通短信提醒", "YS0008", PERSON, (),
    "utter_sms_confirm", "utter_sms_done", "utter_sms_confirm_again",
)  # fmt: skip
INSTALMENT = Case(
    "bill_instalment", "帮我办账单分期", "YS0001", PERSON, ("12期",),
    "utter_instalment_quote", "utter_instalment_done", "utter_instalment_confirm_again",
)  # fmt: skip
STATUS = Case(
    "complaint_status", "我上次的投诉处理得怎么样了", "YS0001", (), (), None, "utter_complaint_status_none"
)  # fmt: skip
ALL = (RESET, LOSS, SMS, INSTALMENT, STATUS)
CONFIRMED = (LOSS, SMS, INSTALMENT)

each_flow = pytest.mark.parametrize("case", ALL, ids=lambda case: case.topic)
each_confirmed_flow = pytest.mark.parametrize("case", CONFIRMED, ids=lambda case: case.topic)

Messages = list[dict[str, Any]]


async def at_the_code(http: aiohttp.ClientSession, stack: Stack, case: Case) -> tuple[Person, Messages]:
    """A new customer in the flow, who is asked for the code."""
    person = await Person.comes(http, stack, case.like)
    said = await person.gives_phone(await person.says(case.begins))
    assert fields_of(said) == ["otp"]
    return person, said


async def to_the_last_question(person: Person, case: Case, said: Messages) -> Messages:
    """Through the check and all answers."""
    said = await person.is_identified(said)
    for answer in case.answers:
        said = await person.says(answer)
    return said


async def at_the_last_question(http: aiohttp.ClientSession, stack: Stack, case: Case) -> tuple[Person, Messages]:
    """A new customer who needs only say yes."""
    person = await Person.comes(http, stack, case.like)
    said = await to_the_last_question(person, case, await person.says(case.begins))
    assert case.last in [m["reply"] for m in said]
    return person, said


async def prefers_large_type(person: Person) -> None:
    """As the page's button for large type does."""
    address = f"{person.url}/api/chat/preferences"
    async with person.http.put(address, json={"large_type": True}, headers=person.headers) as response:
        assert response.status == 200


def in_database(stack: Stack, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Read or change rows of the stack's own file; that is how time passes in these tests."""
    with closing(sqlite3.connect(stack.var / "shouwen.db", timeout=10, isolation_level=None)) as connection:
        return connection.execute(statement, values).fetchall()


def requests_of(stack: Stack, person: Person) -> list[tuple[Any, ...]]:
    """Kind, reason and contact of what people are to do for a customer, oldest first."""
    return in_database(
        stack,
        "SELECT kind, reason, contact, contact_mask FROM open_request WHERE conversation_id = ? ORDER BY at",
        conversation_of(stack, person),
    )


def conversation_of(stack: Stack, person: Person) -> str:
    """The id of a person's conversation."""
    [(found,)] = in_database(stack, "SELECT conversation_id FROM message WHERE id = ?", person.greeting[0]["id"])
    return str(found)
