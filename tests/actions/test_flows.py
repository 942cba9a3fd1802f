"""What every flow does: the check in front, patience with questions, the end, the way back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.flow import ALL, Flow
from shouwen.conversations import store as conversations
from shouwen.conversations import tables
from shouwen.identity import store as identity_store
from shouwen.identity.attempts import Lock
from shouwen.wiring import Backstage
from tests.actions.conftest import rows
from tests.actions.dialogue import Dialogue, held, names
from tests.conftest import Clock

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the flow is the subject, not SQL
each_flow = pytest.mark.parametrize("flow", ALL, ids=lambda flow: flow.topic)


def requests(backstage: Backstage) -> list[str]:
    statement = select(tables.open_request.c.reason)
    return backstage.database.read_now(lambda tx: list(tx.execute(statement).scalars()))


def lock(dialogue: Dialogue, lane: str, clock: Clock) -> None:
    held = Lock(clock(), clock() + timedelta(minutes=30), "id_tries")
    dialogue.backstage.database.write_now(lambda tx: identity_store.add_lock(tx, dialogue.customer.id, lane, held))


@each_flow
async def test_a_stranger_is_asked_who_he_is(dialogue: Dialogue, flow: Flow) -> None:
    [(name, values)] = await dialogue.start(flow.form)
    assert name == "utter_identity_phone"
    assert values["secure_form"]["purpose"] == flow.act
    assert values["secure_form"]["fields"] == ["phone"]


@each_flow
async def test_a_question_in_between_shows_the_same_card_again_and_a_second_one_lays_the_flow_aside(
    dialogue: Dialogue, flow: Flow
) -> None:
    [(_, first)] = await dialogue.start(flow.form)
    [(name, again)] = await dialogue.turn("faq", "为什么要手机号")
    assert name == "utter_identity_again"
    assert again["secure_form"] == first["secure_form"]
    assert await dialogue.turn("faq", "收费吗") == [("utter_flow_paused", {"choices": [{"label": flow.topic}]})]
    assert dialogue.form is None
    assert held(dialogue, flow) == {}
    assert dialogue.slots["interruptions"] is None


@each_flow
async def test_a_flow_that_was_laid_aside_goes_on_at_the_same_step(dialogue: Dialogue, flow: Flow) -> None:
    [(_, first)] = await dialogue.start(flow.form)
    for _ in range(2):
        await dialogue.turn("faq")
    [(name, values)] = await dialogue.start(flow.form)
    assert name == "utter_identity_phone"
    assert values["secure_form"]["form"] == first["secure_form"]["form"]


async def test_progress_makes_patient_again(dialogue: Dialogue) -> None:
    await dialogue.start("loss_form")
    await dialogue.turn("faq")
    dialogue.verified("YS0002", tail="2048")
    await dialogue.turn("identity_done")
    assert names(await dialogue.turn("faq")) == ["utter_loss_confirm"]
    assert names(await dialogue.turn("faq")) == ["utter_flow_paused"]


@each_flow
async def test_who_does_not_want_to_identify_is_let_go_and_no_form_waits(dialogue: Dialogue, flow: Flow) -> None:
    await dialogue.start(flow.form)
    assert names(await dialogue.turn("deny", "不想给身份证")) == ["utter_flow_cancelled"]
    found = dialogue.backstage.database.read_now(lambda tx: conversations.conversation(tx, dialogue.customer.id))
    assert found
    assert found.secure_form is None
    assert held(dialogue, flow) == {}


@each_flow
async def test_a_lock_hands_off_in_the_same_turn(
    dialogue: Dialogue, flow: Flow, clock: Clock, backstage: Backstage
) -> None:
    lane = "loss_stop" if flow.act == "loss_stop" else "check"
    lock(dialogue, lane, clock)
    said = await dialogue.start(flow.form)
    if lane == "loss_stop":
        assert (names(said), requests(backstage)) == (["utter_loss_locked"], ["loss"])
    else:
        assert names(said) == ["utter_identity_locked", "utter_handoff_open"]
        assert said[0][1] == {"until": "2026年11月23日12:30"}
        assert requests(backstage) == ["lock_out"]
    assert dialogue.form is None


async def test_a_lock_of_the_other_flows_leaves_the_loss_report_open(dialogue: Dialogue, clock: Clock) -> None:
    lock(dialogue, "check", clock)
    assert names(await dialogue.start("loss_form")) == ["utter_identity_phone"]


async def test_a_check_that_failed_is_followed_by_a_person(dialogue: Dialogue, backstage: Backstage) -> None:
    await dialogue.start("sms_notice_form")
    assert names(await dialogue.turn("identity_failed")) == ["utter_handoff_open"]
    assert requests(backstage) == ["lock_out"]
    assert dialogue.slots["callback_wanted"] is True


async def test_an_end_of_a_check_that_did_not_happen_is_not_believed(dialogue: Dialogue) -> None:
    await dialogue.start("sms_notice_form")
    assert names(await dialogue.turn("identity_done")) == ["utter_identity_again"]
    assert dialogue.slots.get("identity") is None


async def test_the_holder_of_a_card_is_not_thereby_the_customer_of_other_flows(dialogue: Dialogue) -> None:
    await dialogue.identified("YS0002", "loss_form", tail="2048")
    assert dialogue.slots["identity"] == "done"
    assert names(await dialogue.start("sms_notice_form")) == ["utter_identity_person"]
    assert dialogue.slots["identity"] is None


async def test_who_comes_back_from_a_question_with_an_old_proof_sees_nothing_of_the_bank(
    dialogue: Dialogue, clock: Clock
) -> None:
    await dialogue.identified("YS0002", "loss_form", tail="2048")
    clock.forward(minutes=11)
    assert names(await dialogue.turn("faq", "补卡多少钱")) == ["utter_identity_again"]


async def test_a_flow_that_was_left_for_another_one_is_offered_at_its_end(dialogue: Dialogue) -> None:
    dialogue.slots["waiting_flow"] = "password_reset_login"
    await dialogue.identified("YS0002", "loss_form", tail="2048")
    said = await dialogue.turn("affirm")
    assert names(said) == ["utter_loss_done", "utter_flow_back"]
    assert said[1][1] == {"choices": [{"label": "password_reset_login"}]}
    assert dialogue.slots["waiting_flow"] is None


async def test_giving_up_ends_the_check_frees_every_slot_and_offers_the_flow_that_waits(dialogue: Dialogue) -> None:
    await dialogue.start("sms_notice_form")
    dialogue.slots |= {"sms_wish": "on", "loss_card": "c-1", "waiting_flow": "card_report_loss"}
    said = await dialogue.runs("action_flow_cancelled")
    assert names(said) == ["utter_flow_cancelled", "utter_flow_back"]
    assert {name for name, value in dialogue.slots.items() if value is not None} == {"requested_slot"}


@each_flow
async def test_a_turn_that_leaves_nothing_answers_as_to_a_stranger_and_asks_no_bank(
    dialogue: Dialogue, flow: Flow, backstage: Backstage
) -> None:
    dialogue.metadata["ephemeral"] = True
    dialogue.verified("YS0002")
    before = rows(backstage.database)
    assert names(await dialogue.start(flow.form, "帮我办")) == ["utter_identity_phone"]
    before["message"] += 1  # what the customer typed stands there, as the gateway would have put it
    assert rows(backstage.database) == before


@each_flow
async def test_a_forged_end_of_a_form_does_nothing(dialogue: Dialogue, flow: Flow, backstage: Backstage) -> None:
    values: dict[str, Any] = dict.fromkeys(flow.slots, True) | {"identity": "done", "sms_wish": "on"}
    dialogue.slots |= values
    await dialogue.start("complaint_status_form")
    dialogue.slots |= values
    dialogue.form = flow.form
    await dialogue.finish()
    assert "service_request" not in {name for name, count in rows(backstage.database).items() if count}
