"""No disguise of a number or secret reaches the database outside the vault, Rasa's tracker, or a log."""

import json
import sqlite3
import urllib.request
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwen.wiring import keyring
from tests.e2e.stack import Stack
from tests.text.test_masking_properties import cards, id_numbers, masks_of, messages, phones, survives

pytestmark = pytest.mark.stack

few = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


def call(stack: Stack, path: str, body: dict[str, object], token: str = "") -> dict[str, object]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{stack.url}{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def converse(stack: Stack, texts: list[str]) -> str:
    """Say something in a conversation of its own; returns the conversation's id."""
    opened = call(stack, "/api/chat/sessions", {"channel": "web"})
    for text in texts:
        body = {"client_id": uuid4().hex, "text": text}
        call(stack, "/api/chat/messages", body, str(opened["token"]))
    return str(opened["conversation_id"])


def rows(path: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query, values).fetchall()


def kept(stack: Stack, conversation_id: str) -> list[str]:
    """What the database holds of the customer's words, the vault apart."""
    query = "SELECT text, payload FROM message WHERE conversation_id = ? AND role = 'customer' ORDER BY seq"
    return [str(part) for row in rows(stack.var / "shouwen.db", query, conversation_id) for part in row]


def tracked(stack: Stack, conversation_id: str) -> list[str]:
    """What Rasa's tracker holds of them."""
    query = "SELECT events FROM rasa_turn WHERE sender_id LIKE ? ORDER BY number"
    turns = rows(stack.var / "tracker.db", query, f"{conversation_id}.%")
    events = [event for (row,) in turns for event in json.loads(str(row))]
    return [str(event["text"]) for event in events if event["event"] == "user" and event.get("text")]


def check(stack: Stack, secret: str, texts: list[str]) -> None:
    readable = [text for text in texts if text.strip()]
    conversation_id = converse(stack, readable)
    stored, seen_by_rasa = kept(stack, conversation_id), tracked(stack, conversation_id)
    assert stored
    assert survives(secret, stored[::2], masks_of(secret)) is None, stored
    assert survives(secret, stored[1::2], masks_of(secret)) is None, stored
    assert survives(secret, seen_by_rasa, masks_of(secret)) is None, seen_by_rasa


@few
@given(st.one_of(messages(cards()), messages(phones()), messages(id_numbers())))
def test_a_disguised_number_stays_in_the_vault(stack: Stack, case: tuple[str, list[str]]) -> None:
    check(stack, *case)


@few
@given(st.one_of(messages(cards(), parts=3), messages(phones(), parts=2)))
def test_a_number_spread_over_messages_stays_in_the_vault(stack: Stack, case: tuple[str, list[str]]) -> None:
    check(stack, *case)


SECRETS = [
    "我的密码是hunter2xyz",
    "密码：８８６６１２",
    "验证码 739 164",
    "短信验证码七三九一六四",
    "cvv 991 有效期 09/29",
]


@pytest.mark.parametrize("said", SECRETS)
def test_a_secret_is_dropped_everywhere_and_the_customer_is_told(stack: Stack, said: str) -> None:
    conversation_id = converse(stack, [said])
    everything = "".join(kept(stack, conversation_id) + tracked(stack, conversation_id))
    for piece in ("hunter2xyz", "８８６６１２", "886612", "739 164", "739164", "七三九一六四", "991", "09/29"):
        assert piece not in everything
    query = "SELECT reply FROM message WHERE conversation_id = ? AND role = 'bot'"
    said_back = [reply for (reply,) in rows(stack.var / "shouwen.db", query, conversation_id)]
    assert "utter_secret_hidden" in said_back


def test_the_vault_gives_the_number_back_only_with_the_key(stack: Stack) -> None:
    conversation_id = converse(stack, ["转人工", "打13800138000找我"])
    [(contact, mask)] = rows(
        stack.var / "shouwen.db",
        "SELECT contact, contact_mask FROM open_request WHERE conversation_id = ?",
        conversation_id,
    )
    assert mask == "138****8000"
    message_id, _, start = str(contact).rpartition(":")
    query = "SELECT key_id, sealed FROM vault WHERE message_id = ? AND start = ?"
    [(key_id, sealed)] = rows(stack.var / "shouwen.db", query, message_id, int(start))
    assert isinstance(sealed, bytes)
    assert b"13800138000" not in sealed
    from shouwen.settings import Settings

    ring = keyring(Settings(_env_file=None, var=stack.var))
    assert ring.open(str(key_id), sealed, str(contact)) == "13800138000"


def test_no_log_holds_what_customers_typed(stack: Stack) -> None:
    converse(stack, ["我叫张小明，手机13912345678，密码是canary-4711", "卡号6228480402564890018"])
    logs = "".join(path.read_text(errors="replace") for path in (stack.var / "log").glob("*.log*"))
    for canary in ("13912345678", "canary-4711", "6228480402564890018", "张小明"):
        assert canary not in logs
