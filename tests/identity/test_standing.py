"""How long a level holds (identity §3.2, ASVS 7.3), and what each level allows."""

from datetime import timedelta

import pytest

from shouwen.datacheck.topic_list import topic_list
from shouwen.identity.level import REQUIRED, TOPIC_ACT, Level, Standing, lane_of
from tests.conftest import Clock
from tests.identity.conftest import WANG, Chat

FRESH = timedelta(seconds=1)
STANDINGS = {
    "anonymous": Standing(),
    "contact": Standing(Level.CONTACT, "c", age=FRESH, fresh=True),
    "holder": Standing(Level.CONTACT, "c", age=FRESH, fresh=True, holder_tail="0128"),
    "customer": Standing(Level.CUSTOMER, "c", age=FRESH, fresh=True),
    "stale contact": Standing(Level.CONTACT, "c", age=timedelta(minutes=6)),
    "stale holder": Standing(Level.CONTACT, "c", age=timedelta(minutes=6), holder_tail="0128"),
    "stale customer": Standing(Level.CUSTOMER, "c", age=timedelta(minutes=6)),
}
# Who may do what, written out on its own: identity §3.1
MAY = {
    "complaint_status": {"contact", "holder", "customer", "stale contact", "stale holder", "stale customer"},
    "card_report_loss": {"holder", "customer", "stale holder", "stale customer"},
    "password_reset_login": {"customer"},
    "sms_notice": {"customer"},
    "bill_instalment": {"customer"},
}


@pytest.mark.parametrize("who", STANDINGS)
@pytest.mark.parametrize("topic", topic_list().all())
def test_level_by_topic(topic: str, who: str) -> None:
    act = TOPIC_ACT.get(topic)
    may = act is None or STANDINGS[who].meets(REQUIRED[act])
    assert may == (who in MAY.get(topic, set(STANDINGS)))


def test_every_act_has_a_topic_and_a_requirement() -> None:
    assert set(TOPIC_ACT.values()) == set(REQUIRED)
    assert set(TOPIC_ACT) <= set(topic_list().all())
    assert [act for act in REQUIRED if lane_of(act) == "loss_stop"] == ["loss_stop"]


def test_nothing_that_is_open_to_all_needs_a_level() -> None:
    open_to_all = {"complaint_file", "handoff_request", "fraud_report", "suggestion_file"}
    assert not open_to_all & set(TOPIC_ACT)


def test_ten_idle_minutes_end_a_level(chat: Chat, clock: Clock) -> None:
    chat.reach()
    clock.forward(minutes=9, seconds=59)
    assert chat.standing.level == Level.CUSTOMER
    assert chat.standing.until == clock() + timedelta(seconds=1)
    clock.forward(seconds=1)
    assert chat.standing == Standing()


def test_words_keep_a_level_alive_for_half_an_hour_at_most(chat: Chat, clock: Clock) -> None:
    chat.reach()
    for _ in range(29):
        clock.forward(minutes=1)
        chat.touch()
        assert chat.standing.level == Level.CUSTOMER
    clock.forward(seconds=59)
    assert chat.standing.level == Level.CUSTOMER
    clock.forward(seconds=1)
    chat.touch()
    assert chat.standing.level == Level.ANONYMOUS


def test_a_touch_after_the_end_brings_nothing_back(chat: Chat, clock: Clock) -> None:
    chat.reach()
    clock.forward(minutes=10)
    chat.touch()
    assert chat.standing.level == Level.ANONYMOUS


def test_a_touch_of_nobody_does_nothing(chat: Chat) -> None:
    chat.touch()
    assert chat.standing == Standing()


def test_an_act_that_could_harm_wants_a_proof_of_five_minutes(chat: Chat, clock: Clock) -> None:
    chat.reach()
    clock.forward(minutes=4, seconds=59)
    assert chat.allows("password_reset")
    clock.forward(seconds=1)
    chat.touch()
    assert not chat.allows("password_reset")
    assert chat.allows("loss_stop")
    assert chat.allows("ticket_status")


def test_a_level_tells_whom_it_belongs_to(chat: Chat, clock: Clock) -> None:
    chat.reach("loss_stop")
    clock.forward(seconds=30)
    standing = chat.standing
    assert (standing.customer_ref, standing.salutation, standing.phone_mask) == (WANG.ref, "王女士", "138****8011")
    assert (standing.age, standing.holder_tail, standing.via) == (timedelta(seconds=30), "0128", "otp")
