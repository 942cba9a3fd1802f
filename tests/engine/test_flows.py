"""The flows: begun by their topic, patient with questions, left for a human or another flow, ended in words."""

import pytest

from tests.engine.flow_standins import ASKED, FORMS, TOPICS, WORKED
from tests.engine.standins import ActionServer, Engine, names, somebody

ANSWERS = {"loss_card": "card-1", "sms_wish": "on", "instalment_bill": "bill-1", "instalment_terms": "12"}
STATES = [(form, slot) for form, slots in FORMS.items() for slot in slots]
CALLBACK = ("callback_form", "callback_phone")
ASKED_TO_CALL = "utter_ask_callback_phone"
LABELS = [
    *TOPICS.values(), "complaint_file", "suggestion_file", "handoff_request", "fraud_report", "faq/card_limit",
    "faq/identity_check", "greet", "goodbye", "thanks", "affirm", "deny", "bot_challenge", "out_of_scope",
    "nlu_ask_back", "nlu_fallback", "identity_done", "identity_failed", "inform",
]  # fmt: skip
# answered in between; then the flow asks again
QUESTIONS = {
    "faq/card_limit": "utter_faq/card_limit",
    "faq/identity_check": "utter_faq/identity_check",
    "complaint_file": "utter_complaint_file",
    "suggestion_file": "utter_suggestion_file",
    "greet": "utter_greet",
    "thanks": "utter_thanks",
    "bot_challenge": "utter_bot_challenge",
    "out_of_scope": "utter_out_of_scope",
    "nlu_ask_back": "utter_ask_back_one",
}


def again(slot: str) -> str:
    """How a question is asked once more."""
    return {"identity": "utter_identity_again", "callback_phone": ASKED_TO_CALL}.get(slot) or ASKED[slot]


def choose(engine: Engine, sender: str, slot: str) -> dict[str, object]:
    """Press the button that answers a question."""
    choice = {"entity": "choice", "value": ANSWERS[slot]}
    return engine.turn(sender, intent="inform", entities=[choice])


def give(engine: Engine, sender: str, slot: str) -> dict[str, object]:
    """Answer the question for a slot."""
    if slot == "identity":
        return engine.turn(sender, intent="identity_done", metadata={"allowed": True})
    return engine.turn(sender, intent="affirm") if slot.endswith("_confirmed") else choose(engine, sender, slot)


def reach(engine: Engine, form: str, slot: str) -> str:
    """A customer whom `form` has just asked for `slot`."""
    sender = somebody()
    if form == "callback_form":
        engine.turn(sender, intent="handoff_request")
        return sender
    answer = engine.turn(sender, intent=TOPICS[form])
    for earlier in FORMS[form][: FORMS[form].index(slot)]:
        answer = give(engine, sender, earlier)
    assert (answer["active_form"], answer["requested_slot"]) == (form, slot)
    return sender


def leave(engine: Engine, sender: str) -> int:
    """Say no until nothing is asked any more; how many were needed."""
    for count in range(4):
        if engine.turn(sender, intent="deny")["active_form"] is None:
            return count + 1
    raise AssertionError("no way out")


@pytest.mark.parametrize("form", FORMS)
def test_a_topic_is_explained_and_its_flow_begins_at_once(engine: Engine, form: str) -> None:
    answer = engine.turn(somebody(), intent=TOPICS[form])
    assert names(answer) == [f"utter_{TOPICS[form]}", "utter_identity_phone"]
    assert (answer["active_form"], answer["requested_slot"]) == (form, "identity")


@pytest.mark.parametrize("form", FORMS)
def test_who_was_checked_before_is_not_asked_again(engine: Engine, form: str) -> None:
    answer = engine.turn(somebody(), intent=TOPICS[form], metadata={"allowed": True})
    assert "utter_identity_phone" not in names(answer)
    assert names(answer)[0] == f"utter_{TOPICS[form]}"
    asked = FORMS[form][1:2]
    assert names(answer)[1:] == ([ASKED[asked[0]]] if asked else [WORKED[form]])


@pytest.mark.parametrize("form", FORMS)
def test_a_flow_goes_from_its_topic_to_its_end(engine: Engine, form: str) -> None:
    sender = reach(engine, form, FORMS[form][-1])
    answer = give(engine, sender, FORMS[form][-1])
    assert names(answer) == [WORKED[form]]
    assert answer["active_form"] is None
    assert names(engine.turn(sender, intent="faq/balance")) == ["utter_faq/balance"]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(("form", "slot"), [*STATES, CALLBACK])
def test_every_message_in_every_state_is_answered_and_has_a_way_out(
    engine: Engine, form: str, slot: str, label: str
) -> None:
    sender = reach(engine, form, slot)
    answer = engine.turn(sender, intent=label)
    assert names(answer), "nobody may be left without an answer"
    assert "utter_default" not in names(answer), "a rule is missing"
    assert len(names(answer)) <= 4
    assert len(set(names(answer))) == len(names(answer)), "nothing is said twice in one turn"
    if label in QUESTIONS:
        assert names(answer) == [QUESTIONS[label], again(slot)]
        assert (answer["active_form"], answer["requested_slot"]) == (form, slot)
    assert leave(engine, sender) <= 2


@pytest.mark.parametrize(("form", "slot"), STATES)
def test_who_wants_a_human_leaves_the_flow_at_once(engine: Engine, form: str, slot: str) -> None:
    answer = engine.turn(reach(engine, form, slot), intent="handoff_request")
    assert names(answer) == ["utter_handoff_open", ASKED_TO_CALL]
    assert answer["active_form"] == "callback_form"


@pytest.mark.parametrize(("form", "slot"), STATES)
def test_a_human_who_needs_no_number_ends_the_flow_too(engine: Engine, form: str, slot: str) -> None:
    answer = engine.turn(reach(engine, form, slot), intent="handoff_request", metadata={"has_number": True})
    assert names(answer) == ["utter_handoff_open"]
    assert answer["active_form"] is None


@pytest.mark.parametrize(("form", "slot"), STATES)
def test_a_no_ends_the_flow_in_words(engine: Engine, form: str, slot: str) -> None:
    sender = reach(engine, form, slot)
    answer = engine.turn(sender, text="算了，不办了")
    assert answer["parse"]["intent"] == "deny"
    assert names(answer) == ["utter_flow_cancelled"]
    assert answer["active_form"] is None


@pytest.mark.parametrize(("form", "slot"), STATES)
def test_what_is_not_understood_repeats_the_question_and_then_brings_a_human(
    engine: Engine, form: str, slot: str
) -> None:
    sender = reach(engine, form, slot)
    first = engine.turn(sender, intent="nlu_fallback")
    assert names(first) == ["utter_miss", again(slot)]
    assert (first["active_form"], first["requested_slot"]) == (form, slot)
    second = engine.turn(sender, intent="nlu_fallback", metadata={"again": True})
    assert names(second) == ["utter_handoff_open", ASKED_TO_CALL]
    assert second["active_form"] == "callback_form"


@pytest.mark.parametrize(("form", "slot"), [state for state in STATES if state[0] != "loss_form"])
def test_fraud_stops_a_flow_and_brings_a_human(engine: Engine, form: str, slot: str) -> None:
    answer = engine.turn(reach(engine, form, slot), intent="fraud_report")
    assert names(answer) == ["utter_fraud_report", "utter_handoff_open", ASKED_TO_CALL]


@pytest.mark.parametrize("has_number", [True, False])
@pytest.mark.parametrize("slot", FORMS["loss_form"])
def test_fraud_does_not_keep_a_card_from_being_stopped(engine: Engine, slot: str, has_number: bool) -> None:
    sender = reach(engine, "loss_form", slot)
    answer = engine.turn(sender, intent="fraud_report", metadata={"has_number": has_number})
    assert names(answer) == ["utter_fraud_report", "utter_handoff_open", again(slot)]
    assert (answer["active_form"], answer["requested_slot"]) == ("loss_form", slot)


def test_after_a_card_was_stopped_in_a_fraud_the_number_to_call_is_asked_for(engine: Engine) -> None:
    sender = reach(engine, "loss_form", "loss_confirmed")
    engine.turn(sender, intent="fraud_report")
    answer = engine.turn(sender, intent="affirm")
    assert names(answer) == ["utter_loss_done", "utter_flow_back"]
    assert answer["replies"][1]["values"] == {"choices": [{"label": "handoff_request"}]}


@pytest.mark.parametrize(
    ("form", "other"), [(form, other) for form in (*FORMS, "callback_form") for other in FORMS if form != other]
)
def test_another_flow_takes_over_and_its_end_offers_the_way_back(engine: Engine, form: str, other: str) -> None:
    sender = reach(engine, form, FORMS.get(form, ("callback_phone",))[0])
    answer = engine.turn(sender, intent=TOPICS[other])
    assert names(answer) == [f"utter_{TOPICS[other]}", "utter_identity_phone"]
    assert (answer["active_form"], answer["requested_slot"]) == (other, "identity")
    for slot in FORMS[other]:
        answer = give(engine, sender, slot)
    assert names(answer) == [WORKED[other], "utter_flow_back"]
    waiting = TOPICS.get(form, "handoff_request")
    assert answer["replies"][1]["values"] == {"choices": [{"label": waiting}]}
    back = engine.turn(sender, intent=waiting)
    assert back["active_form"] == form


@pytest.mark.parametrize(("form", "slot"), STATES)
def test_the_topic_said_again_is_asked_again_without_its_explanation(engine: Engine, form: str, slot: str) -> None:
    answer = engine.turn(reach(engine, form, slot), intent=TOPICS[form])
    assert names(answer) == [again(slot)]
    assert (answer["active_form"], answer["requested_slot"]) == (form, slot)


@pytest.mark.parametrize("form", FORMS)
def test_a_check_that_failed_ends_the_flow_in_words(engine: Engine, form: str) -> None:
    answer = engine.turn(reach(engine, form, "identity"), intent="identity_failed")
    assert names(answer) == ["utter_flow_cancelled"]
    assert answer["active_form"] is None


@pytest.mark.parametrize("form", FORMS)
def test_a_check_that_holds_no_more_is_asked_for_again(engine: Engine, form: str) -> None:
    answer = engine.turn(reach(engine, form, "identity"), intent="identity_done", metadata={"allowed": False})
    assert answer["active_form"] == form
    assert names(answer) == ["utter_identity_again"]


@pytest.mark.parametrize("form", FORMS)
def test_a_customer_who_asks_on_and_on_is_not_pressed(engine: Engine, form: str) -> None:
    sender = reach(engine, form, "identity")
    assert names(engine.turn(sender, intent="faq/balance")) == ["utter_faq/balance", "utter_identity_again"]
    answer = engine.turn(sender, intent="faq/card_limit")
    assert names(answer) == ["utter_faq/card_limit", "utter_flow_paused"]
    assert answer["active_form"] is None


@pytest.mark.parametrize(
    ("label", "reply"),
    [
        ("identity_done", "utter_identity_late"),
        ("identity_failed", "utter_identity_failed_late"),
        ("inform", "utter_choice_late"),
    ],
)
def test_a_label_that_comes_when_its_flow_is_gone_is_answered_kindly(engine: Engine, label: str, reply: str) -> None:
    sender = reach(engine, "sms_notice_form", "identity")
    engine.turn(sender, intent="deny")
    answer = engine.turn(sender, intent=label)
    assert names(answer) == [reply]
    assert answer["active_form"] is None


def test_a_number_of_payments_may_be_typed(engine: Engine, actions: ActionServer) -> None:
    sender = reach(engine, "instalment_form", "instalment_terms")
    answer = engine.turn(sender, text="分十二期")
    assert answer["requested_slot"] == "instalment_confirmed"
    filled = [call["tracker"]["slots"]["instalment_terms"] for call in actions.calls if call["sender_id"] == sender]
    assert filled[-1] == "12"


def test_a_card_may_be_named_by_its_tail(engine: Engine) -> None:
    answer = engine.turn(reach(engine, "loss_form", "loss_card"), text="尾号0128那张")
    assert answer["requested_slot"] == "loss_confirmed"


@pytest.mark.parametrize("text", ["确认办理", "就这么办", "好的，办吧"])
def test_a_yes_may_be_typed(engine: Engine, text: str) -> None:
    assert names(engine.turn(reach(engine, "loss_form", "loss_confirmed"), text=text)) == ["utter_loss_done"]


def test_a_human_may_be_asked_for_in_any_words_of_a_flow(engine: Engine) -> None:
    answer = engine.turn(reach(engine, "password_reset_form", "identity"), text="我要找真人客服")
    assert names(answer)[0] == "utter_handoff_open"
