"""A customer the bank has signed in, handed over by a one-time token (identity §3.1)."""

from collections.abc import Callable
from dataclasses import replace

from shouwen.identity.level import Level
from shouwen.identity.progress import Granted, Prompt
from tests.conftest import Clock
from tests.identity.conftest import LI, WANG, Chat, events, said


def test_it_gives_the_second_level_at_once(chat: Chat) -> None:
    progress = chat.signs_in()
    assert (progress.state, progress.level_changed, progress.outcome) == ("done", True, None)
    assert (chat.standing.level, chat.standing.via, chat.standing.phone_mask) == (2, "bank", "138****8011")
    assert isinstance(chat.begin("password_reset"), Granted)
    assert chat.conversation().level == 2


def test_it_ends_a_check_that_waits(chat: Chat) -> None:
    chat.begin("bill_instalment")
    assert chat.signs_in().outcome == "identity_done"
    assert chat.conversation().secure_form is None


def test_a_token_counts_once(chat: Chat, another: Callable[..., Chat]) -> None:
    chat.signs_in(jti="once")
    thief = another()
    progress = thief.signs_in(jti="once")
    assert (progress.state, progress.level_changed) == ("void", False)
    assert thief.standing.level == Level.ANONYMOUS
    assert ("refused", "bank_token_used") in events(chat.database)


def test_a_token_that_ran_out_counts_for_nothing(chat: Chat) -> None:
    assert chat.signs_in(life=0).state == "void"
    assert chat.standing.level == Level.ANONYMOUS


def test_a_former_customer_gets_no_level(chat: Chat) -> None:
    assert chat.signs_in(replace(WANG, state="closed")).state == "void"
    assert chat.standing.level == Level.ANONYMOUS


def test_the_level_idles_out_like_any_other(chat: Chat, clock: Clock) -> None:
    chat.signs_in()
    clock.forward(minutes=10)
    assert chat.standing.level == Level.ANONYMOUS


def test_an_old_sign_in_is_renewed_by_a_code(chat: Chat, clock: Clock) -> None:
    chat.signs_in()
    clock.forward(minutes=6)
    begun = chat.begin("sms_notice")
    assert isinstance(begun, Prompt)
    assert begun.reply == "utter_identity_fresh"
    chat.again()
    assert chat.code().outcome == "identity_done"
    assert chat.standing.via == "bank"


def test_its_codes_and_failures_count_with_those_of_its_number(
    chat: Chat, another: Callable[..., Chat], clock: Clock
) -> None:
    chat.signs_in(replace(WANG, phone=f"+86{WANG.phone}"))
    clock.forward(minutes=6)
    other = another()
    other.begin()
    other.phone(WANG)
    chat.begin("sms_notice")
    assert said(chat.again()) == "utter_identity_otp_too_soon"


def test_another_customer_takes_the_place_of_the_first(chat: Chat) -> None:
    chat.signs_in(jti="a")
    chat.signs_in(LI, jti="b")
    assert chat.standing.customer_ref == LI.ref


def test_what_one_customer_chose_does_not_wait_for_the_word_of_another(chat: Chat, clock: Clock) -> None:
    chat.signs_in(jti="a")
    chat.signs_in(jti="b")
    assert chat.conversation().episode == 1, "the same customer goes on"
    clock.forward(minutes=11)
    chat.signs_in(LI, jti="c")
    assert chat.conversation().episode == 2, "another one begins with an empty dialogue, also long after"


def test_large_type_for_the_elderly(chat: Chat) -> None:
    chat.signs_in(replace(WANG, elder=True))
    assert chat.conversation().simple
