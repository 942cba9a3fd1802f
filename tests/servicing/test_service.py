"""A request is kept before the bank is asked, and keeps the first answer it gets."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shouwen.conversations import tables as conversations
from shouwen.errors import BankRefused, NotFound, Unavailable
from shouwen.identity.level import Standing
from shouwen.outside.corebank import Application, Card, LossStop, SmsNotice
from shouwen.servicing import service, tables
from shouwen.servicing.request import GIVE_UP_AFTER, LAST_GAP, gap
from tests.conftest import NOON
from tests.servicing.conftest import Chat

REF = "YS0002"
AWAY = Unavailable("bank", "no answer")
STOP = LossStop(Card("c-1", "2048", "debit", "stopped", NOON), datetime(2026, 11, 28, 4, tzinfo=UTC), "LS-1", False)
SMS = SmsNotice(True, Decimal("2.00"), NOON, "SN-1")
GRANTED = Application("IN-1", date(2026, 12, 20))
ACTS: dict[str, tuple[dict[str, Any], Any, str]] = {
    "loss_stop": ({"card": "c-1", "tail": "2048"}, STOP, "utter_loss_done"),
    "sms_notice": ({"wish": "on"}, SMS, "utter_sms_done"),
    "bill_instalment": ({"bill": "b", "quote": "q", "terms": 12}, GRANTED, "utter_instalment_done"),
}
each_act = pytest.mark.parametrize("act", ACTS)


@each_act
def test_an_answer_is_kept_and_told(chat: Chat, act: Any) -> None:
    details, answer, reply = ACTS[act]
    request = chat.wants(act, REF, **details)
    assert (request.state, request.key) == ("wanted", f"{request.message_id}:{act}")
    recorded = chat.record(request, answer)
    assert [name for name, _ in recorded.replies] == [reply]
    [row] = chat.rows(tables.service_request)
    assert (row["state"], row["receipt"], row["next_try_at"]) == ("done", answer.receipt, None)


@each_act
def test_a_repeat_of_the_message_finds_the_request_with_its_answer(chat: Chat, act: Any) -> None:
    details, answer, _ = ACTS[act]
    request = chat.wants(act, REF, **details)
    recorded = chat.record(request, answer)
    again = chat.wants(act, REF, message_id=request.message_id, **details)
    assert again.id == request.id
    assert service.told(again) == recorded.replies


@each_act
@pytest.mark.parametrize("late", [AWAY, BankRefused("no")])
def test_an_answer_once_given_is_never_lost_to_a_later_one(chat: Chat, act: Any, late: Exception) -> None:
    details, answer, _ = ACTS[act]
    request = chat.wants(act, REF, **details)
    first = chat.record(request, answer)
    assert chat.record(request, late) == first
    assert [row["state"] for row in chat.rows(tables.service_request)] == ["done"]


@each_act
def test_without_an_answer_it_waits_longer_each_time_and_people_are_called_once(chat: Chat, act: Any) -> None:
    request = chat.wants(act, REF, **ACTS[act][0])
    waits = []
    for _ in range(6):
        request = chat.record(request, AWAY).request
        assert request.next_try_at
        waits.append(request.next_try_at - chat.clock())
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == LAST_GAP
    assert len(chat.rows(conversations.open_request)) == 1


def test_a_password_reset_is_never_asked_for_again_on_its_own(chat: Chat) -> None:
    request = chat.wants("password_reset", REF)
    assert chat.record(request, AWAY).request.next_try_at is None
    assert [row["reason"] for row in chat.rows(conversations.open_request)] == ["bank_unavailable"]


@each_act
def test_a_refusal_ends_it_and_calls_people(chat: Chat, act: Any) -> None:
    request = chat.wants(act, REF, **ACTS[act][0])
    recorded = chat.record(request, BankRefused("card_closed"))
    expected = "utter_loss_locked" if act == "loss_stop" else "utter_bank_refused"
    assert [name for name, _ in recorded.replies] == [expected]
    assert [(row["state"], row["reason"]) for row in chat.rows(tables.service_request)] == [("failed", "card_closed")]
    reason = "loss" if act == "loss_stop" else "bank_refused"
    assert [row["reason"] for row in chat.rows(conversations.open_request)] == [reason]


def test_a_stopped_card_is_told_over_all_channels_but_not_one_that_was_stopped_before(chat: Chat) -> None:
    for already in (False, True):
        request = chat.wants("loss_stop", REF, card="c-1", tail="2048")
        chat.record(request, LossStop(STOP.card, STOP.until, STOP.receipt, already))
    assert [row["reply"] for row in chat.rows(tables.service_notification)] == ["utter_text_loss_stopped"]


def test_a_request_nobody_made_cannot_be_answered(chat: Chat) -> None:
    request = chat.wants("sms_notice", REF, wish="on")
    chat.write(lambda tx: tx.execute(tables.service_request.delete()))
    with pytest.raises(NotFound):
        chat.record(request, SMS)


def test_a_new_password_is_told_to_its_customer(chat: Chat) -> None:
    chat.write(lambda tx: service.password_was_reset(tx, REF, chat.clock()))
    [notification] = chat.rows(tables.service_notification)
    assert (notification["customer_ref"], notification["reply"], notification["state"]) == (
        REF,
        "utter_text_reset_done",
        "waiting",
    )


def offer(chat: Chat, message_id: str, terms: int = 12, quote: str = "q-1") -> Any:
    details = {"bill": "b-1", "quote": quote, "terms": terms, "valid_until": (NOON + timedelta(hours=1)).isoformat()}
    known = Standing(customer_ref=REF)
    return chat.write(lambda tx: service.keep_offer(tx, chat.id, message_id, known, details, chat.clock()))


def waiting(chat: Chat, bill: str = "b-1", terms: int = 12, ref: str = REF) -> Any:
    return chat.write(lambda tx: service.offer_for(tx, chat.id, Standing(customer_ref=ref), bill, terms))


def test_an_offer_is_found_for_its_own_bill_and_terms_only(chat: Chat) -> None:
    offered = offer(chat, chat.says())
    assert waiting(chat) == offered
    assert waiting(chat, bill="b-2") is None
    assert waiting(chat, terms=6) is None
    assert waiting(chat, ref="somebody-else") is None


def test_a_newer_offer_takes_the_place_of_the_one_before(chat: Chat) -> None:
    offer(chat, chat.says(), terms=6)
    chat.clock.forward(seconds=1)
    offer(chat, chat.says(), terms=12)
    assert waiting(chat, terms=6) is None
    assert waiting(chat, terms=12)


def test_a_repeat_of_the_message_makes_no_second_offer(chat: Chat) -> None:
    message = chat.says()
    offer(chat, message)
    assert offer(chat, message, quote="q-2").details["quote"] == "q-2"
    assert waiting(chat).details["quote"] == "q-2"
    assert len(chat.rows(tables.service_request)) == 1


def test_an_offer_that_was_agreed_to_is_found_by_the_message_that_agreed(chat: Chat) -> None:
    offered, yes = offer(chat, chat.says()), chat.says("好的")
    agreed = chat.write(lambda tx: service.accept_offer(tx, offered, yes, chat.clock()))
    assert (agreed.state, agreed.id, agreed.key) == ("wanted", offered.id, offered.key)
    assert chat.write(lambda tx: service.agreed_in(tx, chat.id, yes)) == agreed
    assert waiting(chat) is None


def close_people_s_requests(chat: Chat) -> None:
    chat.write(lambda tx: tx.execute(conversations.open_request.update().values(state="done")))


@pytest.mark.parametrize("close", [lambda chat: None, close_people_s_requests])
def test_people_take_over_by_closing_what_they_were_called_for(chat: Chat, close: Callable[[Chat], None]) -> None:
    request = chat.record(chat.wants("loss_stop", REF, card="c-1", tail="2048"), AWAY).request
    close(chat)
    taken = chat.write(lambda tx: service.was_taken_over(tx, request))
    assert taken is (close is close_people_s_requests)


def test_people_who_were_called_before_take_over_too(chat: Chat) -> None:
    first = chat.record(chat.wants("loss_stop", REF, card="c-1", tail="2048"), AWAY).request
    second = chat.record(chat.wants("loss_stop", REF, card="c-2", tail="1024"), AWAY).request
    assert len(chat.rows(conversations.open_request)) == 1
    assert not chat.write(lambda tx: service.was_taken_over(tx, second))
    close_people_s_requests(chat)
    assert chat.write(lambda tx: service.was_taken_over(tx, first))
    assert chat.write(lambda tx: service.was_taken_over(tx, second))


def test_nobody_took_over_what_nobody_was_called_for(chat: Chat) -> None:
    request = chat.wants("loss_stop", REF, card="c-1", tail="2048")
    assert not chat.write(lambda tx: service.was_taken_over(tx, request))


@each_act
def test_only_a_lost_card_is_never_given_up(chat: Chat, act: Any) -> None:
    request = chat.wants(act, REF, **ACTS[act][0])
    assert not request.is_hopeless(chat.clock() + GIVE_UP_AFTER - timedelta(seconds=1))
    assert request.is_hopeless(chat.clock() + GIVE_UP_AFTER) is (act != "loss_stop")


def test_open_matters_are_those_of_all_conversations_of_the_customer(chat: Chat) -> None:
    other = Chat(chat.database, chat.clock)
    other.record(other.wants("sms_notice", REF, wish="on"), AWAY)
    stranger = Chat(chat.database, chat.clock)
    stranger.record(stranger.wants("sms_notice", "YS0001", wish="on"), AWAY)
    assert chat.write(lambda tx: service.open_matters(tx, chat.id, REF)) == [chat.clock()]
    close_people_s_requests(chat)
    assert chat.write(lambda tx: service.open_matters(tx, chat.id, REF)) == []


def test_waits_double_and_stay_below_a_bound() -> None:
    assert [gap(tries) for tries in (0, 1, 2)] == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert gap(10_000) == LAST_GAP
