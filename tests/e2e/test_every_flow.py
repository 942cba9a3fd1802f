"""What holds in every flow, whatever it is about (design.md 10, identity §3)."""

import aiohttp
import pytest

from tests.e2e.flow_cases import (
    CONFIRMED,
    LOSS,
    RESET,
    SMS,
    STATUS,
    Case,
    at_the_code,
    at_the_last_question,
    conversation_of,
    each_confirmed_flow,
    each_flow,
    in_database,
    prefers_large_type,
    requests_of,
    to_the_last_question,
)
from tests.e2e.person import Person, fields_of, form_of, open_form
from tests.e2e.stack import Stack, replies

pytestmark = pytest.mark.stack

PAST = "2026-01-01 00:00:00.000000"


@each_flow
async def test_the_way_from_the_first_sentence_to_the_end(
    stack: Stack, http: aiohttp.ClientSession, case: Case
) -> None:
    person = await Person.comes(http, stack, case.like)
    said = await person.says(case.begins)
    assert replies(said) == [case.opening, "utter_identity_phone"]
    said = await person.gives_code(await person.gives_phone(said))
    assert fields_of(said) == list(case.fields)
    said = await to_the_last_question(person, case, said)
    if case.last:
        assert replies(said)[-1] == case.last
        said = await person.says("确认")
    assert replies(said)[-1] == case.ends
    assert open_form(said) is None


@each_flow
async def test_a_question_in_between_is_answered_and_the_step_shown_again(
    stack: Stack, http: aiohttp.ClientSession, case: Case
) -> None:
    person, before = await at_the_code(http, stack, case)
    said = await person.says("为什么要验证码")
    assert replies(said) == ["utter_faq/identity_check", "utter_identity_again"]
    assert form_of(said) == form_of(before)
    assert fields_of(await person.gives_code(said)) == list(case.fields)


async def test_a_step_that_was_passed_makes_patient_again(stack: Stack, http: aiohttp.ClientSession) -> None:
    person = await Person.comes(http, stack, SMS.like)
    await person.says(SMS.begins)
    said = await person.says("为什么要手机号")
    said = await person.gives_phone(said)
    said = await person.says("跨行转账要手续费吗")
    assert fields_of(said) == ["otp"], "one question a step is no reason to lay the flow aside"
    said = await person.says("信用卡年费多少")
    assert "utter_flow_paused" in replies(said)
    assert fields_of(await person.chooses([said[-1]], "继续")) == ["otp"]


@each_flow
async def test_who_refuses_is_let_go_with_another_way(stack: Stack, http: aiohttp.ClientSession, case: Case) -> None:
    person = await Person.comes(http, stack, case.like)
    await person.says(case.begins)
    said = await person.says("不想给手机号")
    assert replies(said) == ["utter_flow_cancelled"]
    assert "转人工" in str(said[0]["buttons"])
    assert open_form(await person.history()) is None


@each_flow
async def test_giving_up_in_the_middle_leaves_nothing_open(
    stack: Stack, http: aiohttp.ClientSession, case: Case
) -> None:
    person, before = await at_the_code(http, stack, case)
    assert replies(await person.says("算了不办了")) == ["utter_flow_cancelled"]
    status, body = await person.submit(form_of(before), otp="123456")
    assert (status, body["error"]["code"]) == (409, "form_over")
    assert replies(await person.says("跨行转账要手续费吗")) == ["utter_faq/transfer_fee"]


@each_confirmed_flow
async def test_no_at_the_last_question_changes_nothing(stack: Stack, http: aiohttp.ClientSession, case: Case) -> None:
    person, _ = await at_the_last_question(http, stack, case)
    assert replies(await person.says("先不办了")) == ["utter_flow_cancelled"]
    assert replies(await person.says("确认")) == ["utter_affirm"]


@each_flow
async def test_a_complaint_in_the_middle_is_heard_and_the_flow_waits(
    stack: Stack, http: aiohttp.ClientSession, case: Case
) -> None:
    person, _ = await at_the_code(http, stack, case)
    said = await person.says("我要投诉你们")
    assert replies(said)[0] == "utter_complaint_file"
    assert fields_of(await person.gives_code(said)) == list(case.fields)


@each_flow
async def test_a_person_in_the_middle_is_called_and_nothing_stays_open(
    stack: Stack, http: aiohttp.ClientSession, case: Case
) -> None:
    person, _ = await at_the_code(http, stack, case)
    assert replies(await person.says("转人工")) == ["utter_handoff_open", "utter_ask_callback_phone"]
    assert open_form(await person.history()) is None
    assert [row[:2] for row in requests_of(stack, person)] == [("call_back", "human")]


@each_confirmed_flow
async def test_who_is_known_is_called_at_the_number_on_file_and_not_asked_for_one(
    stack: Stack, http: aiohttp.ClientSession, case: Case
) -> None:
    person, _ = await at_the_last_question(http, stack, case)
    [opened] = await person.says("转人工")
    mask = f"{person.who.phone[:3]}****{person.who.phone[-4:]}"
    assert opened["reply"] == "utter_handoff_open"
    assert mask in opened["text"]
    assert requests_of(stack, person) == [("call_back", "human", f"customer:{person.who.ref}", mask)]


@pytest.mark.parametrize(
    ("case", "heard"),
    [*((one, "utter_handoff_open") for one in (RESET, *CONFIRMED) if one != LOSS), (LOSS, "utter_loss_locked")],
    ids=lambda value: getattr(value, "topic", ""),
)
async def test_data_that_does_not_match_thrice_reaches_a_person_who_calls_the_number_on_file(
    stack: Stack, http: aiohttp.ClientSession, case: Case, heard: str
) -> None:
    person, said = await at_the_code(http, stack, case)
    said = await person.gives_code(said)
    values = {"id_number": person.who.id_number, "card_tail": person.who.tails[0], "name": "欧阳静静"}
    for left in ("2", "1"):
        said = await person.fills(said, **{name: values[name] for name in case.fields})
        assert replies(said) == ["utter_identity_failed"]
        assert left in said[0]["text"]
        assert "转人工" in str(said[0]["buttons"])
    said = await person.fills(said, **{name: values[name] for name in case.fields})
    assert heard in replies(said)
    assert "utter_ask_callback_phone" not in replies(said)
    assert open_form(said) is None
    [(kind, _reason, contact, _mask)] = requests_of(stack, person)
    assert (kind, contact) == ("call_back", f"customer:{person.who.ref}")
    assert replies(await person.says("我要投诉"))[0] == "utter_complaint_file", "a lock blocks no complaint"


@each_flow
async def test_a_form_that_is_too_old_is_refused_and_a_fresh_one_comes_with_the_next_word(
    stack: Stack, http: aiohttp.ClientSession, case: Case
) -> None:
    person, before = await at_the_code(http, stack, case)
    in_database(stack, "UPDATE identity_check SET form_expires_at = ? WHERE form_id = ?", PAST, form_of(before))
    status, body = await person.submit(form_of(before), otp=await person.code())
    assert (status, body["error"]["code"]) == (409, "form_over")
    said = await person.says(case.begins)
    assert fields_of(said) == ["otp"]
    assert form_of(said) != form_of(before)


@each_confirmed_flow
async def test_a_proof_that_is_too_old_is_asked_for_again_before_the_last_word_counts(
    stack: Stack, http: aiohttp.ClientSession, case: Case
) -> None:
    person, _ = await at_the_last_question(http, stack, case)
    in_database(
        stack,
        "UPDATE identity_verification SET idle_until = ?, expires_at = ?, fresh_until = ? WHERE conversation_id = ?",
        PAST, PAST, PAST, conversation_of(stack, person),
    )  # fmt: skip
    said = await person.says("确认")
    assert case.ends not in replies(said)
    assert open_form(said) is not None
    said = await person.is_identified(said)
    assert case.last in replies(said), "what was said already is not asked again"
    assert case.ends in replies(await person.says("确认"))


@pytest.mark.parametrize(("first", "second"), [(RESET, SMS), (SMS, STATUS), (LOSS, RESET)], ids=lambda one: one.topic)
async def test_another_flow_in_the_middle_and_the_way_back(
    stack: Stack, http: aiohttp.ClientSession, first: Case, second: Case
) -> None:
    person, _ = await at_the_code(http, stack, first)
    said = await person.says(second.begins)
    assert replies(said)[0] == second.opening
    said = await to_the_last_question(person, second, said)
    said = await person.says("确认") if second.last else said
    assert second.ends in replies(said)
    [back] = [m for m in said if m["reply"] == "utter_flow_back"]
    said = await person.chooses([back], "继续")
    assert replies(said)[0] == first.opening


@each_confirmed_flow
async def test_who_prefers_large_type_gets_one_question_a_turn_and_says_yes_twice(
    stack: Stack, http: aiohttp.ClientSession, case: Case
) -> None:
    person = await Person.comes(http, stack, case.like)
    await prefers_large_type(person)
    said = await person.says(case.begins)
    asked = []
    values = {"phone": person.who.phone, "name": person.who.name, "id_number": person.who.id_number}
    values["card_tail"] = person.who.tails[0]
    while open_form(said):
        [field] = fields_of(said)
        asked.append(field)
        said = await person.fills(said, **{field: await person.code() if field == "otp" else values[field]})
    assert asked == ["phone", "otp", *case.fields]
    for answer in case.answers:
        said = await person.says(answer)
    assert case.last in replies(said)
    said = await person.says("确认")
    assert replies(said) == [case.again]
    assert len(said[0]["text"].splitlines()) <= 3
    [done] = [m for m in await person.says("确认") if m["reply"] == case.ends]
    assert "没有帮到您" not in done["text"], "the same yes to two questions is no question asked again"


async def test_in_large_type_a_person_is_offered_at_the_first_failure(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    person = await Person.comes(http, stack, RESET.like)
    await prefers_large_type(person)
    said = await person.gives_code(await person.gives_phone(await person.says(RESET.begins)))
    said = await person.fills(said, name="欧阳静静")
    [failed] = await person.fills(said, id_number=person.who.id_number)
    assert failed["reply"] == "utter_identity_failed"
    assert "转人工" in failed["text"].splitlines()[0]
