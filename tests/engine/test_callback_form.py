"""The form that asks where to call back: opened by a hand-off, patient with questions, closed by a number or a no."""

from collections.abc import Callable

import pytest

from tests.engine.standins import Engine, names, somebody

ASKED = "utter_ask_callback_phone"


@pytest.fixture
def waiting(engine: Engine) -> str:
    """A customer who has been asked for a number."""
    sender = somebody()
    answer = engine.turn(sender, text="转人工")
    assert names(answer) == ["utter_handoff_open", ASKED]
    assert (answer["active_form"], answer["requested_slot"]) == ("callback_form", "callback_phone")
    return sender


def test_a_number_ends_it(engine: Engine, waiting: str) -> None:
    answer = engine.turn(waiting, text="138****0000", metadata={"vault": [{"kind": "phone"}]})
    assert answer["replies"] == [{"name": "utter_callback_noted", "values": {"phone": "138****0000"}}]
    assert answer["active_form"] is None
    assert names(engine.turn(waiting, text="怎么查余额")) == ["utter_faq/balance"]


def test_a_no_ends_it(engine: Engine, waiting: str) -> None:
    answer = engine.turn(waiting, text="不用了")
    assert names(answer) == ["utter_callback_declined"]
    assert answer["active_form"] is None


def test_after_a_no_a_miss_is_a_miss(engine: Engine, waiting: str) -> None:
    engine.turn(waiting, intent="deny")
    answer = engine.turn(waiting, intent="nlu_fallback")
    assert names(answer) == ["utter_miss"]
    assert answer["active_form"] is None


@pytest.mark.parametrize(
    ("label", "reply"),
    [
        ("faq/card_limit", "utter_faq/card_limit"),
        ("suggestion_file", "utter_suggestion_file"),
        ("complaint_file", "utter_complaint_file"),
        ("thanks", "utter_thanks"),
        ("affirm", "utter_affirm"),
        ("out_of_scope", "utter_out_of_scope"),
        ("nlu_fallback", "utter_bad_callback_phone"),
    ],
)
def test_a_question_in_between_is_answered_and_the_number_asked_for_again(
    engine: Engine, waiting: str, label: str, reply: str
) -> None:
    for _ in range(3):
        answer = engine.turn(waiting, intent=label)
        assert names(answer) == [reply, ASKED]
        assert answer["active_form"] == "callback_form"


def test_fraud_is_answered_and_opens_the_way_to_a_human(engine: Engine, waiting: str) -> None:
    assert names(engine.turn(waiting, intent="fraud_report")) == ["utter_fraud_report", "utter_handoff_open", ASKED]


def test_a_second_wish_for_a_human_is_heard(engine: Engine, waiting: str) -> None:
    assert names(engine.turn(waiting, text="转人工")) == ["utter_handoff_open", ASKED]


def test_a_human_may_need_no_number(engine: Engine) -> None:
    answer = engine.turn(somebody(), intent="handoff_request", metadata={"has_number": True})
    assert names(answer) == ["utter_handoff_open"]
    assert answer["active_form"] is None


def test_a_miss_too_many_asks_for_a_number(engine: Engine) -> None:
    sender = somebody()
    assert names(engine.turn(sender, intent="nlu_fallback")) == ["utter_miss"]
    answer = engine.turn(sender, intent="nlu_fallback", metadata={"again": True})
    assert names(answer) == ["utter_handoff_open", ASKED]
    assert answer["active_form"] == "callback_form"


def test_the_form_survives_many_questions(engine: Engine, waiting: str) -> None:
    for _ in range(20):
        assert names(engine.turn(waiting, intent="faq/balance")) == ["utter_faq/balance", ASKED]
    answer = engine.turn(waiting, text="138****0000", metadata={"vault": [{"kind": "phone"}]})
    assert names(answer) == ["utter_callback_noted"]


ENDS: dict[str, Callable[[Engine, str], object]] = {
    "a number": lambda engine, sender: engine.turn(sender, text="x", metadata={"vault": [1]}),
    "a no": lambda engine, sender: engine.turn(sender, intent="deny"),
}


@pytest.mark.parametrize("end", ENDS)
def test_it_can_be_opened_again(engine: Engine, waiting: str, end: str) -> None:
    ENDS[end](engine, waiting)
    assert names(engine.turn(waiting, intent="handoff_request")) == ["utter_handoff_open", ASKED]
