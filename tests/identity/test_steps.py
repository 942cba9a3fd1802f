"""The check from begin to end, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from shouwen.db import Database
from shouwen.errors import FormOver, NotFound
from shouwen.identity import service
from shouwen.identity.level import REQUIRED, Act, Level
from shouwen.identity.progress import Granted, Prompt
from tests.conftest import Clock
from tests.identity.conftest import LI, RULES, WANG, Chat, events, said, values

STRONG: list[Act] = ["password_reset", "sms_notice", "bill_instalment"]


@pytest.mark.parametrize("act", STRONG)
def test_number_code_and_person_give_the_second_level(chat: Chat, act: Act) -> None:
    begun = chat.begin(act)
    assert isinstance(begun, Prompt)
    assert begun.reply == "utter_identity_phone"
    assert begun.values["secure_form"]["fields"] == ["phone"]
    assert begun.values["secure_form"]["purpose"] == act
    sent = chat.phone()
    assert (sent.state, said(sent)) == ("next", "utter_identity_otp")
    assert values(sent)["phone_mask"] == "138****8011"
    assert sent.otp is not None
    assert (sent.otp.customer_ref, sent.otp.channel, sent.otp.purpose) == ("c-wang", "sms", act)
    assert not sent.level_changed
    proven = chat.code()
    assert (proven.state, said(proven), proven.level_changed) == ("next", "utter_identity_person", True)
    assert values(proven)["secure_form"]["fields"] == ["name", "id_number"]
    assert values(proven)["salutation"] == "王女士，"
    assert chat.standing.level == Level.CONTACT
    assert not chat.allows(act)
    done = chat.details()
    assert (done.state, said(done), done.outcome) == ("done", "utter_identity_done", "identity_done")
    assert done.level_changed
    assert chat.standing.level == Level.CUSTOMER
    assert (chat.standing.customer_ref, chat.standing.via) == ("c-wang", "otp")
    assert chat.allows(act)
    assert chat.begin(act) == Granted(chat.standing)


def test_a_ticket_needs_the_number_only(chat: Chat) -> None:
    chat.begin("ticket_status")
    chat.phone()
    done = chat.code()
    assert (done.state, done.outcome, done.level_changed) == ("done", "identity_done", True)
    assert chat.allows("ticket_status")
    assert not any(chat.allows(act) for act in REQUIRED if act != "ticket_status")


def test_stopping_a_card_needs_number_name_and_tail(chat: Chat) -> None:
    chat.begin("loss_stop")
    chat.phone()
    proven = chat.code()
    assert said(proven) == "utter_identity_holder"
    assert values(proven)["secure_form"]["fields"] == ["name", "card_tail"]
    assert not chat.allows("loss_stop")
    assert chat.details(card_tail="0128").outcome == "identity_done"
    assert chat.standing.level == Level.CONTACT
    assert chat.standing.holder_tail == "0128"
    assert chat.allows("loss_stop")
    assert not chat.allows("sms_notice")


def test_the_conversation_shows_level_and_waiting_form(chat: Chat) -> None:
    chat.begin()
    assert chat.conversation().secure_form == chat.form
    chat.phone()
    assert (chat.conversation().secure_form, chat.conversation().level) == (chat.form, 0)
    chat.code()
    assert (chat.conversation().secure_form, chat.conversation().level) == (chat.form, 1)
    chat.details()
    assert (chat.conversation().secure_form, chat.conversation().level) == (None, 2)


def test_a_customer_at_a_level_skips_the_steps_behind(chat: Chat) -> None:
    chat.reach("ticket_status")
    begun = chat.begin("password_reset")
    assert isinstance(begun, Prompt)
    assert begun.reply == "utter_identity_person"
    assert chat.details().outcome == "identity_done"
    assert isinstance(chat.begin("loss_stop"), Granted), "a verified customer need not name a card"


def test_an_old_proof_is_renewed_by_a_code_to_the_number_on_file(chat: Chat, clock: Clock) -> None:
    chat.reach("sms_notice")
    clock.forward(minutes=5, seconds=1)
    assert chat.standing.level == Level.CUSTOMER
    assert not chat.allows("password_reset")
    begun = chat.begin("password_reset")
    assert isinstance(begun, Prompt)
    assert begun.reply == "utter_identity_fresh"
    assert begun.values["secure_form"]["resend"]["after"] == clock().isoformat()
    sent = chat.again()
    assert sent.otp is not None
    assert sent.otp.customer_ref == "c-wang"
    done = chat.code()
    assert (done.state, done.outcome, done.level_changed) == ("done", "identity_done", True)
    assert chat.standing.level == Level.CUSTOMER
    assert chat.allows("password_reset")


def test_a_code_alone_never_moves_the_absolute_end_of_the_second_level(chat: Chat, clock: Clock) -> None:
    chat.reach("sms_notice")
    for _ in range(4):
        clock.forward(minutes=5, seconds=30)
        chat.begin("sms_notice")
        chat.again()
        chat.code()
        assert chat.standing.level == Level.CUSTOMER
    clock.forward(minutes=7, seconds=59)
    assert chat.standing.level == Level.CUSTOMER
    clock.forward(seconds=1)
    assert chat.standing.level == Level.ANONYMOUS


def test_begin_in_mid_check_shows_the_same_form_again(chat: Chat) -> None:
    chat.begin()
    form = chat.form
    chat.begin()
    assert chat.form == form
    chat.phone()
    form = chat.form
    begun = chat.begin()
    assert isinstance(begun, Prompt)
    assert begun.reply == "utter_identity_otp"
    assert chat.form == form
    chat.code()
    assert isinstance(chat.begin(), Prompt)
    assert chat.step().fields == ("name", "id_number")


def test_begin_for_another_act_starts_anew(chat: Chat) -> None:
    chat.begin("password_reset")
    form = chat.form
    chat.begin("loss_stop")
    assert chat.step().lane == "loss_stop"
    with pytest.raises(FormOver):
        chat.step(form)


def test_begin_renews_a_form_that_grew_old(chat: Chat, clock: Clock) -> None:
    chat.begin()
    old = chat.form
    clock.forward(minutes=10)
    with pytest.raises(FormOver):
        chat.step(old)
    chat.begin()
    assert chat.form != old
    assert chat.step().step == "phone"


def test_a_check_lives_half_an_hour(chat: Chat, clock: Clock) -> None:
    chat.begin()
    for _ in range(3):
        clock.forward(minutes=9)
        chat.begin()
    check = chat.step().check_id
    clock.forward(minutes=3)
    chat.begin()
    assert chat.step().check_id != check


def test_a_lapsed_level_in_mid_check_wants_a_new_code(chat: Chat, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    chat.code()
    clock.forward(minutes=10)
    begun = chat.begin()
    assert isinstance(begun, Prompt)
    assert begun.reply == "utter_identity_fresh"
    chat.again()
    chat.code()
    assert chat.details().outcome == "identity_done"


def test_details_after_the_level_lapsed_give_nothing(chat: Chat, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    chat.code()
    step = chat.step()
    chat.database.write_now(lambda tx: service.store.keep_verification(tx, chat.id, clock() - timedelta(seconds=1)))
    lapsed = chat.write(lambda tx: service.take_details(tx, RULES, step, True, None, chat.address, clock()))
    assert (lapsed.state, said(lapsed)) == ("void", "utter_identity_expired")
    assert chat.standing.level == Level.ANONYMOUS


def test_a_cancelled_check_takes_nothing_any_more(chat: Chat) -> None:
    chat.begin()
    chat.phone()
    chat.cancel()
    assert chat.conversation().secure_form is None
    with pytest.raises(FormOver):
        chat.code()
    chat.cancel()
    assert events(chat.database)[-1] == ("check_cancelled", None)


def test_a_form_is_answered_once(chat: Chat) -> None:
    chat.begin()
    first = chat.form
    chat.phone()
    with pytest.raises(FormOver):
        chat.step(first)


def test_an_unknown_form_is_over(chat: Chat) -> None:
    for form in ("0" * 32, "", "x"):
        with pytest.raises(FormOver):
            chat.write(lambda tx, form=form: service.open_step(tx, chat.id, form, chat.clock()))


def test_a_step_read_before_another_answer_is_over(chat: Chat) -> None:
    chat.begin()
    chat.phone()
    step = chat.step()
    chat.wrong_code()
    with pytest.raises(FormOver):
        chat.write(lambda tx: service.take_otp(tx, RULES, step, chat.codes[-1], chat.address, chat.clock()))


def test_only_the_step_of_the_code_sends_again(chat: Chat) -> None:
    chat.begin()
    with pytest.raises(FormOver):
        chat.again()


def test_begin_needs_a_conversation(database: Database, clock: Clock) -> None:
    with pytest.raises(NotFound):
        database.write_now(lambda tx: service.begin(tx, RULES, "0" * 32, "loss_stop", clock()))


def test_a_code_of_another_conversation_is_wrong(chat: Chat, another: Callable[..., Chat], clock: Clock) -> None:
    chat.begin()
    chat.phone()
    clock.forward(seconds=60)
    thief = another()
    thief.begin()
    thief.phone()
    assert said(thief.code(chat.codes[-1])) == "utter_identity_otp_wrong"
    with pytest.raises(FormOver):
        thief.step(chat.form)


def test_a_code_of_another_purpose_is_wrong(chat: Chat, clock: Clock) -> None:
    chat.begin("ticket_status")
    chat.phone()
    clock.forward(seconds=60)
    chat.begin("password_reset")
    chat.phone()
    assert said(chat.code(chat.codes[0])) == "utter_identity_otp_wrong"


def test_a_code_of_an_earlier_number_is_wrong(chat: Chat) -> None:
    chat.begin()
    chat.phone(LI)
    chat.cancel()
    chat.begin()
    chat.phone(WANG)
    assert said(chat.code(chat.codes[0])) == "utter_identity_otp_wrong"


def test_a_code_is_right_once(chat: Chat) -> None:
    chat.begin("ticket_status")
    chat.phone()
    code = chat.codes[-1]
    chat.code()
    chat.database.write_now(lambda tx: service.store.end_verifications(tx, WANG.ref))
    chat.clock.forward(seconds=60)
    chat.begin("ticket_status")
    chat.phone()
    assert said(chat.code(code)) == "utter_identity_otp_wrong"


def test_a_code_after_its_life_is_over(chat: Chat, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    clock.forward(minutes=5)
    over = chat.code()
    assert (over.state, said(over)) == ("void", "utter_identity_expired")
    assert chat.standing.level == Level.ANONYMOUS
    chat.again()
    assert chat.code().state == "next"


def test_only_the_newest_code_counts(chat: Chat, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    clock.forward(seconds=60)
    again = chat.again("voice")
    assert (again.state, said(again)) == ("again", "utter_identity_otp_again")
    assert again.otp is not None
    assert again.otp.channel == "voice"
    assert said(chat.code(chat.codes[0])) == "utter_identity_otp_wrong"
    assert chat.code(chat.codes[1]).state == "next"


def test_three_wrong_tries_kill_a_code(chat: Chat, clock: Clock) -> None:
    chat.begin()
    chat.phone()
    left = [values(chat.wrong_code())["left"] for _ in range(2)]
    assert left == [2, 1]
    dead = chat.wrong_code()
    assert (dead.state, said(dead)) == ("void", "utter_identity_otp_void")
    assert said(chat.code()) == "utter_identity_otp_void", "the right code comes too late"
    clock.forward(seconds=60)
    chat.again()
    assert chat.code().state == "next"


def test_an_elderly_customer_is_asked_one_thing_at_a_time_and_called(chat: Chat) -> None:
    chat.begin()
    sent = chat.phone(simple=True)
    assert sent.otp is not None
    assert sent.otp.channel == "voice"
    assert values(chat.code())["secure_form"]["fields"] == ["name"]
    half = chat.details(matched=True)
    assert (half.state, values(half)["secure_form"]["fields"]) == ("next", ["id_number"])
    assert not half.level_changed
    assert chat.details(matched=True).outcome == "identity_done"


@pytest.mark.parametrize("second", [True, False])
def test_a_wrong_first_half_is_told_with_the_second_only(chat: Chat, second: bool) -> None:
    chat.begin()
    chat.phone(simple=True)
    chat.code()
    assert chat.details(matched=False).state == "next"
    failed = chat.details(matched=second)
    assert (failed.state, said(failed), values(failed)["left"]) == ("again", "utter_identity_failed", 2)
    assert values(failed)["secure_form"]["fields"] == ["name"], "both halves are asked again"
    assert chat.standing.level == Level.CONTACT


def test_age_shows_only_once_the_number_is_proven(chat: Chat) -> None:
    elder = replace(WANG, elder=True)
    chat.begin()
    sent = chat.phone(elder)
    assert sent.otp is not None
    assert sent.otp.channel == "sms", "another channel would tell who is on file"
    assert not chat.conversation().simple
    assert values(chat.code())["secure_form"]["fields"] == ["name"]
    assert chat.conversation().simple


def test_a_number_changed_lately_proves_no_customer(chat: Chat, clock: Clock) -> None:
    young = replace(WANG, phone_since=clock().date() - timedelta(days=29))
    chat.begin()
    chat.phone(young)
    chat.code()
    ended = chat.details()
    assert (ended.state, said(ended), ended.outcome) == ("void", "utter_identity_elsewhere", "identity_failed")
    assert chat.standing.level == Level.CONTACT
    assert not any(chat.allows(act) for act in STRONG)


def test_a_number_changed_lately_may_stop_a_card(chat: Chat, clock: Clock) -> None:
    young = replace(WANG, phone_since=clock().date())
    assert chat.reach("loss_stop", young).outcome == "identity_done"
    assert chat.allows("loss_stop")


def test_everything_is_on_record(chat: Chat) -> None:
    chat.begin()
    chat.phone()
    chat.wrong_code()
    chat.code()
    chat.details(matched=False)
    chat.details()
    assert events(chat.database) == [
        ("check_opened", "password_reset"),
        ("code_sent", "sms"),
        ("code_wrong", None),
        ("code_right", None),
        ("level_changed", "contact"),
        ("details_wrong", None),
        ("details_right", None),
        ("level_changed", "customer"),
        ("check_done", None),
    ]
