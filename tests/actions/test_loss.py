"""The loss report from its first word to the stopped card, with the sandbox bank behind it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.flow import LOSS
from shouwen.conversations import tables as conversations
from shouwen.db import Database
from shouwen.servicing import tables
from shouwen.wiring import Backstage
from tests.actions.dialogue import Dialogue, held, names
from tests.conftest import Clock
from tests.sandbox.running import RunningBank

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the flow is the subject, not SQL

ONE_CARD, TWO_CARDS, ONE_STOPPED, ALL_CLOSED = "YS0002", "YS0001", "YS0012", "YS0007"


def rows(database: Database, table: Any) -> list[Any]:
    return database.read_now(lambda tx: list(tx.execute(select(table)).mappings()))


async def test_it_begins_with_the_identity_check(dialogue: Dialogue) -> None:
    [(name, values)] = await dialogue.start("loss_form")
    assert name == "utter_identity_phone"
    assert values["secure_form"]["purpose"] == "loss_stop"
    assert dialogue.slots["requested_slot"] == "identity"


async def test_the_only_card_is_stopped_after_one_yes(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage
) -> None:
    asked = await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    assert asked == [("utter_loss_confirm", {"salutation": "王女士，", "tail": "2048", "kind": "debit"})]
    [(name, values)] = await dialogue.turn("affirm")
    assert name == "utter_loss_done"
    assert (values["salutation"], values["tail"], values["until"]) == ("王女士，", "2048", "2026年11月28日12:00")
    [card] = await sandbox.bank.cards(ONE_CARD)
    assert card.state == "stopped"
    assert held(dialogue, LOSS) == {}
    [request] = rows(backstage.database, tables.service_request)
    assert (request["state"], request["receipt"]) == ("done", values["receipt"])
    [notification] = rows(backstage.database, tables.service_notification)
    assert (notification["reply"], notification["customer_ref"]) == ("utter_text_loss_stopped", ONE_CARD)


async def test_a_repeat_of_the_last_message_says_the_same_and_stops_nothing_twice(
    dialogue: Dialogue, backstage: Backstage
) -> None:
    await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    first = await dialogue.turn("affirm")
    assert await dialogue.again("action_loss_done") == first
    assert len(rows(backstage.database, tables.service_request)) == 1
    assert len(rows(backstage.database, tables.service_notification)) == 1


async def test_several_cards_are_chosen_from(dialogue: Dialogue) -> None:
    [(name, values)] = await dialogue.identified(TWO_CARDS, "loss_form")
    assert name == "utter_loss_choose"
    assert [(one["tail"], one["kind"], one["label"]) for one in values["choices"]] == [
        ("1024", "debit", "inform"),
        ("6601", "credit", "inform"),
    ]
    chosen = values["choices"][1]["entities"]["choice"]
    [(name, values)] = await dialogue.turn("inform", choice=chosen)
    assert (name, values["tail"]) == ("utter_loss_confirm", "6601")


async def test_the_card_that_was_named_for_the_check_is_not_asked_for_again(dialogue: Dialogue) -> None:
    [(name, values)] = await dialogue.identified(TWO_CARDS, "loss_form", tail="6601")
    assert (name, values["tail"]) == ("utter_loss_confirm", "6601")


async def test_a_typed_tail_chooses_too(dialogue: Dialogue) -> None:
    await dialogue.identified(TWO_CARDS, "loss_form")
    [(name, values)] = await dialogue.turn("faq", "尾号1024那张", card_tail="1024")
    assert (name, values["tail"]) == ("utter_loss_confirm", "1024")


@pytest.mark.parametrize("entities", [{"card_tail": "9999"}, {"choice": "another-customer's-card"}])
async def test_a_card_that_is_not_the_customer_s_is_never_taken(dialogue: Dialogue, entities: dict[str, str]) -> None:
    await dialogue.identified(TWO_CARDS, "loss_form", tail="6601")
    assert names(await dialogue.turn("inform", **entities)) == ["utter_loss_choose"]
    assert dialogue.slots.get("loss_card") is None


@pytest.mark.parametrize("text", ["不对，是另一张卡", "选错了", "换一张"])
async def test_another_card_may_be_meant_at_the_last_question(dialogue: Dialogue, text: str) -> None:
    await dialogue.identified(TWO_CARDS, "loss_form", tail="6601")
    [(name, values)] = await dialogue.turn("deny", text)
    assert (name, values["choices"]) == ("utter_loss_choose", []), "a contact is not told which cards there are"
    [(name, values)] = await dialogue.turn("deny", "尾号1024", card_tail="1024")
    assert (name, values["tail"]) == ("utter_loss_confirm", "1024")


async def test_a_no_stops_nothing(dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage) -> None:
    await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    assert names(await dialogue.turn("deny", "先不挂")) == ["utter_flow_cancelled"]
    assert [card.state for card in await sandbox.bank.cards(ONE_CARD)] == ["normal"]
    assert rows(backstage.database, tables.service_request) == []
    assert held(dialogue, LOSS) == {}


@pytest.mark.parametrize("text", ["马上挂失", "确认挂失", "挂失吧"])
async def test_words_that_ask_for_the_stop_once_more_are_a_yes(dialogue: Dialogue, text: str) -> None:
    await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    assert names(await dialogue.turn("card_report_loss", text)) == ["utter_loss_done"]


async def test_a_question_about_loss_is_no_yes(dialogue: Dialogue, sandbox: RunningBank) -> None:
    await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    assert names(await dialogue.turn("faq", "马上挂失要多少钱")) == ["utter_loss_confirm"]
    assert [card.state for card in await sandbox.bank.cards(ONE_CARD)] == ["normal"]


async def test_a_card_that_is_stopped_already_is_told_with_its_end(dialogue: Dialogue) -> None:
    said = await dialogue.identified(ONE_STOPPED, "loss_form", tail="1217")
    assert names(said) == ["utter_loss_already", "utter_loss_choose"]
    assert said[0][1]["until"] == "2026年11月26日12:00"


async def test_when_every_card_is_stopped_there_is_nothing_to_ask(dialogue: Dialogue, sandbox: RunningBank) -> None:
    for card in await sandbox.bank.cards(TWO_CARDS):
        await sandbox.bank.stop_card(card.id, f"before-{card.id}")
    assert names(await dialogue.identified(TWO_CARDS, "loss_form")) == ["utter_loss_already", "utter_loss_already"]
    assert dialogue.form is None


async def test_without_a_card_that_could_be_stopped_a_person_is_called(
    dialogue: Dialogue, backstage: Backstage
) -> None:
    assert names(await dialogue.identified(ALL_CLOSED, "loss_form", tail="7079")) == ["utter_loss_locked"]
    assert [one["reason"] for one in rows(backstage.database, conversations.open_request)] == ["loss"]


async def test_who_needs_it_simple_says_yes_twice(dialogue: Dialogue, sandbox: RunningBank) -> None:
    dialogue.simple = True
    await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    assert names(await dialogue.turn("affirm")) == ["utter_loss_confirm_again"]
    assert [card.state for card in await sandbox.bank.cards(ONE_CARD)] == ["normal"]
    assert names(await dialogue.turn("card_report_loss", "马上挂失")) == ["utter_loss_done"]


async def test_a_question_between_the_two_yeses_starts_them_over(dialogue: Dialogue) -> None:
    dialogue.simple = True
    await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    await dialogue.turn("affirm")
    assert names(await dialogue.turn("faq", "补卡多少钱")) == ["utter_loss_confirm"]
    assert names(await dialogue.turn("affirm")) == ["utter_loss_confirm_again"]


@pytest.mark.parametrize("mode", ["down", "nonsense"])
async def test_a_bank_that_does_not_answer_the_stop_leaves_it_to_be_tried_again(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage, mode: str, clock: Clock
) -> None:
    await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    await sandbox.weather(mode)
    said = await dialogue.turn("affirm")
    assert said == [("utter_loss_kept", {"salutation": "王女士，", "tail": "2048"})]
    [request] = rows(backstage.database, tables.service_request)
    assert (request["state"], request["tries"]) == ("wanted", 1)
    assert request["next_try_at"] == clock() + timedelta(minutes=1)
    assert [one["reason"] for one in rows(backstage.database, conversations.open_request)] == ["loss"]


async def test_a_bank_that_cannot_say_which_cards_there_are_calls_a_person(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage
) -> None:
    await dialogue.start("loss_form")
    dialogue.verified(ONE_CARD, tail="2048")
    await sandbox.weather("down")
    assert names(await dialogue.turn("identity_done")) == ["utter_loss_locked"]
    assert dialogue.form is None
    assert [one["reason"] for one in rows(backstage.database, conversations.open_request)] == ["loss"]


async def test_a_failed_check_gives_the_emergency_line_and_an_urgent_call_back(
    dialogue: Dialogue, backstage: Backstage
) -> None:
    await dialogue.start("loss_form")
    assert names(await dialogue.turn("identity_failed")) == ["utter_loss_locked"]
    assert [one["reason"] for one in rows(backstage.database, conversations.open_request)] == ["loss"]


async def test_a_proof_that_ran_out_is_asked_for_again_before_the_card_is_stopped(
    dialogue: Dialogue, sandbox: RunningBank, clock: Clock
) -> None:
    await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    clock.forward(minutes=11)
    assert names(await dialogue.turn("affirm")) == ["utter_identity_phone"]
    assert [card.state for card in await sandbox.bank.cards(ONE_CARD)] == ["normal"]
    dialogue.verified(ONE_CARD, tail="2048")
    assert names(await dialogue.turn("identity_done")) == ["utter_loss_confirm"]
    assert names(await dialogue.turn("affirm")) == ["utter_loss_done"]


async def test_a_no_counts_even_after_the_proof_ran_out(dialogue: Dialogue, clock: Clock) -> None:
    await dialogue.identified(ONE_CARD, "loss_form", tail="2048")
    clock.forward(minutes=11)
    assert names(await dialogue.turn("deny", "算了")) == ["utter_flow_cancelled"]


async def test_a_forged_slot_opens_nothing(dialogue: Dialogue, sandbox: RunningBank) -> None:
    dialogue.slots |= {"identity": "done", "loss_card": "CARD", "loss_confirmed": True}
    assert names(await dialogue.start("loss_form")) == ["utter_identity_phone"]
    assert dialogue.slots["identity"] is None


async def test_a_card_that_is_ruled_out_is_not_chosen(dialogue: Dialogue) -> None:
    await dialogue.identified(TWO_CARDS, "loss_form", tail="6601")
    [(name, values)] = await dialogue.turn("deny", "不是尾号6601那张", card_tail="6601")
    assert (name, values["tail"]) == ("utter_loss_confirm", "1024"), "the only other one"


async def test_digits_that_never_reach_the_bot_are_answered_with_how_to_name_a_card(dialogue: Dialogue) -> None:
    await dialogue.identified(TWO_CARDS, "loss_form")
    [(name, values)] = await dialogue.turn("nlu_fallback", "[数字]")
    assert (name, values["by_tail"]) == ("utter_loss_choose", True)
