"""The engine as a process, spoken to as the gateway speaks to it."""

import uuid

import pytest

from tests.engine.standins import ActionServer, Engine, names, somebody


def test_a_question_is_answered_with_a_name(engine: Engine) -> None:
    answer = engine.turn(somebody(), text="怎么查余额")
    assert names(answer) == ["utter_faq/balance"]
    assert answer["parse"]["intent"] == "faq/balance"
    assert answer["parse"]["decision"] == "answer"
    assert answer["parse"]["ranking"][0]["label"] == "faq/balance"
    assert len(answer["parse"]["ranking"]) == 10
    assert answer["active_form"] is None
    assert answer["repeated"] is False
    assert answer["model_id"]


def test_a_flow_is_explained_and_begins_at_once(engine: Engine) -> None:
    answer = engine.turn(somebody(), text="银行卡丢了怎么挂失")
    assert names(answer) == ["utter_card_report_loss", "utter_identity_phone"]
    assert (answer["active_form"], answer["requested_slot"]) == ("loss_form", "identity")


def test_traditional_characters_are_understood(engine: Engine) -> None:
    assert engine.turn(somebody(), text="餘額怎麼查詢")["parse"]["intent"] == "faq/balance"


LABELS = {
    "faq/card_limit": "utter_faq/card_limit",
    "card_report_loss": "utter_card_report_loss",
    "password_reset_login": "utter_password_reset_login",
    "complaint_file": "utter_complaint_file",
    "complaint_status": "utter_complaint_status",
    "suggestion_file": "utter_suggestion_file",
    "fraud_report": "utter_fraud_report",
    "sms_notice": "utter_sms_notice",
    "bill_instalment": "utter_bill_instalment",
    "greet": "utter_greet",
    "goodbye": "utter_goodbye",
    "thanks": "utter_thanks",
    "affirm": "utter_affirm",
    "deny": "utter_deny",
    "bot_challenge": "utter_bot_challenge",
    "out_of_scope": "utter_out_of_scope",
    "nlu_fallback": "utter_miss",
    "handoff_request": "utter_handoff_open",
    "identity_done": "utter_identity_late",
    "identity_failed": "utter_identity_failed_late",
    "inform": "utter_choice_late",
}


@pytest.mark.parametrize("label", LABELS)
def test_a_button_is_its_label(engine: Engine, label: str) -> None:
    answer = engine.turn(somebody(), intent=label)
    assert names(answer)[0] == LABELS[label]
    assert answer["parse"]["intent"] == label
    assert answer["parse"]["confidence"] == 1.0


def test_values_of_an_action_arrive_even_when_they_are_false(engine: Engine) -> None:
    answer = engine.turn(somebody(), intent="handoff_request", metadata={"has_number": True})
    assert answer["replies"] == [{"name": "utter_handoff_open", "values": {"hours_now": False}}]


def test_entities_count_in_the_text_as_it_was_sent(engine: Engine) -> None:
    text = "尾号1234的卡转了35000元"
    found = {e["entity"]: text[e["start"] : e["end"]] for e in engine.turn(somebody(), text=text)["parse"]["entities"]}
    assert found["card_tail"] == "1234"
    assert "35000" in found["amount"]


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        " /restart",
        "\t/restart",
        "／restart",
        "\u200b/restart",
        "\ufeff/restart",
        "\u2060/restart",
        '/inform{"x":1}',
        "/handoff_request",
        '/handoff_request{"callback_phone":"1"}',
        "/faq",
        "/faq/card_limit",
        '/SetSlots{"callback_wanted": true}',
        "/session_start",
        "/back",
    ],
)
def test_a_slash_is_a_character_like_any_other(engine: Engine, actions: ActionServer, text: str) -> None:
    sender = somebody()
    engine.turn(sender, text="你好")
    answer = engine.turn(sender, text=text)
    assert answer["parse"]["confidence"] < 1.0
    assert len(answer["parse"]["ranking"]) == 10, "the classifier has read it, not Rasa's regex handler"
    assert answer["replies"]
    assert not any(e["entity"] in {"x", "callback_phone", "callback_wanted"} for e in answer["parse"]["entities"])


@pytest.mark.parametrize(
    "label", ["restart", "back", "session_start", "faq", "faq/unheard_of", "unheard_of", "/restart"]
)
def test_a_label_that_is_no_topic_is_refused(engine: Engine, label: str) -> None:
    status, answer = engine.post("turn", {"sender": somebody(), "message_id": "m1", "intent": label})
    assert status == 400
    assert answer["error"]["code"] == "bad_call"


def test_the_same_message_again_is_answered_again_but_not_thought_again(engine: Engine, actions: ActionServer) -> None:
    sender, message_id = somebody(), uuid.uuid4().hex
    first = engine.turn(sender, message_id=message_id, intent="handoff_request")
    calls = len(actions.calls)
    engine.turn(sender, text="怎么查余额")
    again = engine.turn(sender, message_id=message_id, intent="handoff_request")
    assert again["repeated"] is True
    assert again["replies"] == first["replies"]
    assert again["parse"] == first["parse"]
    assert [c["next_action"] for c in actions.calls[calls:]].count("action_handoff_open") == 0


def test_a_trial_turn_leaves_nothing_behind(engine: Engine) -> None:
    sender = somebody()
    assert names(engine.turn(sender, message_id="m1", text="怎么查余额", ephemeral=True)) == ["utter_faq/balance"]
    answer = engine.turn(sender, message_id="m1", text="怎么查余额")
    assert answer["repeated"] is False


def test_the_action_server_sees_message_id_and_metadata(engine: Engine, actions: ActionServer) -> None:
    sender, message_id = somebody(), uuid.uuid4().hex
    engine.turn(sender, message_id=message_id, intent="nlu_fallback", metadata={"conversation_id": "c7"})
    call = actions.calls[-1]
    assert call["sender_id"] == sender
    assert call["tracker"]["latest_message"]["message_id"] == message_id
    assert call["tracker"]["latest_message"]["metadata"] == {"conversation_id": "c7"}
    assert call["tracker"]["latest_message"]["decision"] == {"kind": "miss", "candidates": ["nlu_fallback"]}
    assert "domain" not in call


def test_parses_come_without_a_conversation(engine: Engine) -> None:
    status, answer = engine.post("parse", {"texts": ["怎么查余额", "", "银行卡丢了"]})
    assert status == 200
    assert [p["intent"] for p in answer["parses"]] == ["faq/balance", "nlu_fallback", "card_report_loss"]
    assert [p["decision"] for p in answer["parses"]] == ["answer", "miss", "answer"]


def test_a_long_conversation_goes_on_answering(engine: Engine) -> None:
    sender = somebody()
    for _ in range(25):
        assert names(engine.turn(sender, intent="faq/card_limit")) == ["utter_faq/card_limit"]
