"""What sends a password reset to a person (identity §3.3 step 2)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shouwen.conversations import sessions, store
from shouwen.conversations.message import Message
from shouwen.identity import service
from shouwen.identity.risk import Facts, Risk, stops
from shouwen.outside.corebank import Customer
from tests.conftest import Clock
from tests.identity.conftest import RULES, WANG, Chat, events

CALM = Facts("active", False, False, False, False, False, False, 12)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"customer_state": "frozen"}, "customer_state"),
        ({"customer_state": "closed"}, "customer_state"),
        ({"customer_state": "locked"}, None),
        ({"number_is_new": True}, "number_changed"),
        ({"locked_lately": True}, "locked_lately"),
        ({"fraud_spoken_of": True}, "fraud"),
        ({"elder": True}, None),
        ({"third_person": True}, None),
        ({"elder": True, "third_person": True}, "third_person"),
        ({"device_is_new": True}, None),
        ({"hour": 23}, None),
        ({"device_is_new": True, "hour": 21}, None),
        ({"device_is_new": True, "hour": 22}, "new_device_at_night"),
        ({"device_is_new": True, "hour": 0}, "new_device_at_night"),
        ({"device_is_new": True, "hour": 5}, "new_device_at_night"),
        ({"device_is_new": True, "hour": 6}, None),
    ],
)
def test_each_fact(change: dict[str, object], reason: Risk | None) -> None:
    assert stops(replace(CALM, **change)) == reason  # type: ignore[arg-type]


def ask(chat: Chat, customer: Customer = WANG) -> Risk | None:
    return chat.write(lambda tx: service.risk(tx, RULES, chat.id, customer, chat.clock()))


def writes(chat: Chat, text: str, label: str | None = None) -> None:
    def work(tx: object) -> None:
        [seq] = store.next_seqs(tx, chat.id, 1)
        message = Message(sessions.new_id(), chat.id, seq, "customer", text, chat.clock())
        store.add_messages(tx, [message], 1)
        store.add_turn(
            tx,
            {
                "message_id": message.id, "conversation_id": chat.id, "episode": 1, "seq": seq, "label": label,
                "decision": "answer", "confidence": None, "ranking": [], "model_id": None, "milliseconds": 1,
                "dropped": 0, "at": chat.clock(),
            },
        )  # fmt: skip

    chat.write(work)


def test_an_ordinary_reset_by_day_runs_no_risk(chat: Chat) -> None:
    writes(chat, "我的手机银行登录密码忘了", "password_reset_login")
    chat.reach()
    assert ask(chat) is None


def test_a_number_is_new_for_thirty_days(chat: Chat, clock: Clock) -> None:
    today = clock().date()
    assert ask(chat, replace(WANG, phone_since=today - timedelta(days=29))) == "number_changed"
    assert ask(chat, replace(WANG, phone_since=today - timedelta(days=30))) is None


def test_a_report_of_fraud_or_words_of_it(chat: Chat, another: Callable[..., Chat]) -> None:
    writes(chat, "有笔钱不是我转的", "fraud_report")
    assert ask(chat) == "fraud"
    other = another()
    writes(other, "客服让我把密码重置一下再告诉他")
    assert ask(other) == "fraud"


def test_a_lock_of_the_day_in_any_lane(chat: Chat, another: Callable[..., Chat], clock: Clock) -> None:
    chat.begin("loss_stop")
    chat.phone()
    chat.code()
    for _ in range(3):
        chat.details(matched=False, card_tail="0000")
    assert ask(chat) == "locked_lately"
    clock.forward(hours=24, minutes=30)
    assert ask(chat) is None


def test_somebody_who_writes_for_an_elderly_customer(chat: Chat) -> None:
    writes(chat, "我帮我妈重置一下密码")
    assert ask(chat) is None
    assert ask(chat, replace(WANG, elder=True)) == "third_person"


def test_a_new_device_at_night(another: Callable[..., Chat], clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    first = another(device="d" * 64)
    first.reach()
    clock.now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
    assert ask(first) is None, "there is no other device it could differ from"
    clock.forward(days=1)
    later = another(device="d" * 64)
    assert ask(later) is None
    assert ask(another(device="e" * 64)) == "new_device_at_night"
    assert ask(another()) == "new_device_at_night"


def test_a_stop_is_on_record(chat: Chat) -> None:
    ask(chat, replace(WANG, state="frozen"))
    assert events(chat.database) == [("refused", "customer_state")]
