"""The way to a person, on real SQL: what is opened, what is said, what the form is told."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from rasa_sdk import Tracker
from sqlalchemy import select, update

from actions.handoff import CallbackDone, FraudOpen, HandoffOpen, Miss, ValidateCallbackForm
from shouwen.content.publication import Publication
from shouwen.content.render import render
from shouwen.conversations import store as conversations
from shouwen.conversations import tables
from shouwen.db import Database
from shouwen.identity import service as identity
from shouwen.identity import store as identity_store
from shouwen.identity.store import Verification
from shouwen.vault import service as vault
from shouwen.wiring import Backstage
from tests.actions.conftest import RULES, Customer, call, rows

PHONE = "13800000000"


def requests(database: Database) -> list[Any]:
    return database.read_now(lambda tx: list(tx.execute(select(tables.open_request)).mappings()))


async def test_who_wants_a_person_gets_a_request_and_is_asked_for_a_number(
    backstage: Backstage, customer: Customer
) -> None:
    message = customer.writes("转人工")
    said = await customer.hears(HandoffOpen(backstage), message, reason="human")
    assert said.names == ["utter_handoff_open"]
    assert said.slots == {"callback_wanted": True}
    [request] = requests(backstage.database)
    assert request["conversation_id"] == customer.id
    assert (request["message_id"], request["episode"]) == (message, 1)
    assert (request["kind"], request["reason"], request["state"]) == ("call_back", "human", "open")


async def test_a_repeat_of_a_message_id_opens_one_request_and_says_the_same(
    backstage: Backstage, customer: Customer
) -> None:
    message = customer.writes("转人工")
    first = await customer.hears(HandoffOpen(backstage), message, reason="human")
    again = await customer.hears(HandoffOpen(backstage), message, reason="human")
    assert again == first
    assert len(requests(backstage.database)) == 1


async def test_a_second_wish_joins_the_first(backstage: Backstage, customer: Customer) -> None:
    await customer.hears(HandoffOpen(backstage), customer.writes("转人工"), reason="human")
    said = await customer.hears(HandoffOpen(backstage), customer.writes("人工呢"), reason="human")
    assert said.names == ["utter_handoff_again"]
    assert said.slots == {"callback_wanted": True}, "there still is no number"
    assert len(requests(backstage.database)) == 1


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("human", "legal", "legal"),
        ("legal", "human", "legal"),
        ("misses", "self_harm", "self_harm"),
        ("fraud", "rights", "fraud"),
        ("human", "misses", "misses"),
    ],
)
async def test_the_graver_reason_of_two_wishes_stays_on_the_request(
    backstage: Backstage, customer: Customer, first: str, second: str, kept: str
) -> None:
    for reason in (first, second):
        await customer.hears(HandoffOpen(backstage), customer.writes(), reason=reason)
    assert [request["reason"] for request in requests(backstage.database)] == [kept]


async def test_a_request_that_people_closed_is_not_joined(backstage: Backstage, customer: Customer) -> None:
    await customer.hears(HandoffOpen(backstage), customer.writes(), reason="human")
    backstage.database.write_now(lambda tx: tx.execute(update(tables.open_request).values(state="done")))
    said = await customer.hears(HandoffOpen(backstage), customer.writes(), reason="human")
    assert said.names == ["utter_handoff_open"]
    assert len(requests(backstage.database)) == 2


@pytest.mark.parametrize("reason", ["legal", "rights"])
async def test_who_names_the_law_hears_of_his_rights_first(
    backstage: Backstage, customer: Customer, reason: str
) -> None:
    said = await customer.hears(HandoffOpen(backstage), customer.writes(), reason=reason)
    assert said.names == ["utter_legal_rights", "utter_handoff_open"]


async def test_self_harm_gets_only_its_own_words_and_is_asked_for_nothing(
    backstage: Backstage, customer: Customer
) -> None:
    said = await customer.hears(HandoffOpen(backstage), customer.writes(), reason="self_harm")
    assert said.names == ["utter_self_harm"]
    assert said.slots == {"callback_wanted": False}
    assert [request["reason"] for request in requests(backstage.database)] == ["self_harm"]


@pytest.mark.parametrize(("action", "reason"), [(FraudOpen, "fraud"), (HandoffOpen, "human")])
async def test_without_a_reason_the_action_gives_it(
    backstage: Backstage, customer: Customer, action: Any, reason: str
) -> None:
    said = await customer.hears(action(backstage), customer.writes())
    assert said.names == ["utter_handoff_open"]
    assert [request["reason"] for request in requests(backstage.database)] == [reason]


@pytest.mark.parametrize("action", [FraudOpen, HandoffOpen])
async def test_who_reaches_a_person_leaves_the_flow_and_its_secure_form(
    backstage: Backstage, customer: Customer, action: Any
) -> None:
    open_check(backstage, customer)
    slots = {"identity": "done", "sms_wish": "on", "waiting_flow": "sms_notice", "callback_phone": None}
    said = await call(action(backstage), in_form(customer, None, slots))
    assert said.slots == {"callback_wanted": True, "identity": None, "sms_wish": None, "waiting_flow": None}
    assert secure_form(backstage, customer) is None


async def test_fraud_while_a_card_is_being_stopped_lets_the_loss_report_go_on(
    backstage: Backstage, customer: Customer
) -> None:
    open_check(backstage, customer)
    said = await call(FraudOpen(backstage), in_form(customer, "loss_form", {"loss_card": "c-1"}))
    assert said.slots == {"callback_wanted": True}
    assert secure_form(backstage, customer) is not None


async def test_what_is_not_understood_inside_a_flow_asks_for_other_words_and_the_flow_goes_on(
    backstage: Backstage, customer: Customer
) -> None:
    said = await call(Miss(backstage), in_form(customer, "loss_form", {"loss_card": "c-1"}, "nlu_fallback"))
    assert (said.names, said.slots) == (["utter_flow_unclear"], {})


def open_check(backstage: Backstage, customer: Customer) -> None:
    begin = partial(identity.begin, rules=RULES, conversation_id=customer.id, act="loss_stop", now=backstage.now())
    backstage.database.write_now(begin)


def secure_form(backstage: Backstage, customer: Customer) -> str | None:
    found = backstage.database.read_now(lambda tx: conversations.conversation(tx, customer.id))
    assert found
    return found.secure_form


def in_form(customer: Customer, form: str | None, slots: dict[str, Any], intent: str = "handoff_request") -> Tracker:
    latest = {"intent": {"name": intent}, "metadata": {"message_id": customer.writes()}}
    state = {"sender_id": f"{customer.id}.1", "latest_message": latest, "slots": slots, "active_loop": {"name": form}}
    return Tracker.from_dict(state)


async def test_the_first_miss_asks_for_other_words_and_opens_nothing(backstage: Backstage, customer: Customer) -> None:
    said = await customer.hears(Miss(backstage), customer.writes("嗯哼"), "nlu_fallback")
    assert said.names == ["utter_miss"]
    assert "callback_wanted" not in said.slots
    assert requests(backstage.database) == []


async def test_a_miss_after_an_answer_asks_again(backstage: Backstage, customer: Customer) -> None:
    customer.was_understood(customer.writes(), "miss")
    customer.was_understood(customer.writes(), "answer")
    assert (await customer.hears(Miss(backstage), customer.writes(), "nlu_fallback")).names == ["utter_miss_again"]


@pytest.mark.parametrize("earlier", [["miss"], ["miss", "answer", "miss", "answer"]])
async def test_one_miss_too_many_reaches_a_person(backstage: Backstage, customer: Customer, earlier: list[str]) -> None:
    for decision in earlier:
        customer.was_understood(customer.writes(), decision)
    said = await customer.hears(Miss(backstage), customer.writes(), "nlu_fallback")
    assert said.names == ["utter_handoff_open"]
    assert said.slots == {"callback_wanted": True}
    assert [request["reason"] for request in requests(backstage.database)] == ["misses"]


async def test_a_repeated_call_judges_a_miss_as_it_did(backstage: Backstage, customer: Customer) -> None:
    message = customer.writes()
    first = await customer.hears(Miss(backstage), message, "nlu_fallback")
    customer.was_understood(message, "miss")
    assert await customer.hears(Miss(backstage), message, "nlu_fallback") == first


async def test_the_form_takes_a_number_only_from_the_vault_reference(backstage: Backstage, customer: Customer) -> None:
    form, message = ValidateCallbackForm(backstage), customer.writes()
    kept = [{"kind": "card", "mask": "尾号1234"}, {"kind": "phone", "mask": "138****0000"}]
    assert (await customer.hears(form, message, vault=kept)).slots == {"callback_phone": "138****0000"}
    assert (await customer.hears(form, message, vault=kept[:1])).slots == {}
    assert (await customer.hears(form, message)).slots == {}


async def test_the_number_goes_into_the_request_as_a_reference_and_is_told_masked(
    backstage: Backstage, customer: Customer, publication: Publication
) -> None:
    await customer.hears(HandoffOpen(backstage), customer.writes("转人工"), reason="human")
    message = customer.writes("打138****0000", phone=PHONE)
    said = await customer.hears(CallbackDone(backstage), message)
    assert (said.names, said.values) == (["utter_callback_noted"], [{"phone": "138****0000"}])
    assert said.slots == {"callback_wanted": False, "callback_phone": None}
    [request] = requests(backstage.database)
    assert (request["contact"], request["contact_mask"]) == (f"{message}:2", "138****0000")
    original = backstage.database.read_now(lambda tx: vault.fetch(tx, backstage.keyring, request["contact"]))
    assert original == PHONE
    words = render(publication, said.names[0], said.values[0], backstage.now()).text
    assert "138****0000" in words
    assert PHONE not in words


async def test_a_second_call_of_the_form_s_end_changes_nothing(backstage: Backstage, customer: Customer) -> None:
    await customer.hears(HandoffOpen(backstage), customer.writes("转人工"), reason="human")
    message = customer.writes("打138****0000", phone=PHONE)
    first = await customer.hears(CallbackDone(backstage), message)
    before = requests(backstage.database)
    assert await customer.hears(CallbackDone(backstage), message) == first
    assert requests(backstage.database) == before


async def test_who_left_a_number_is_not_asked_for_one_again(backstage: Backstage, customer: Customer) -> None:
    await customer.hears(HandoffOpen(backstage), customer.writes("转人工"), reason="human")
    await customer.hears(CallbackDone(backstage), customer.writes("打138****0000", phone=PHONE))
    said = await customer.hears(HandoffOpen(backstage), customer.writes("人工"), reason="human")
    assert said.names == ["utter_handoff_again"]
    assert said.slots == {"callback_wanted": False}


async def test_a_number_without_a_request_is_an_error_the_customer_is_told(
    backstage: Backstage, customer: Customer
) -> None:
    said = await customer.hears(CallbackDone(backstage), customer.writes("打138****0000", phone=PHONE))
    assert (said.names, said.slots) == (["utter_not_found"], {})


@pytest.mark.parametrize(
    ("action", "names"),
    [(HandoffOpen, ["utter_handoff_open"]), (Miss, ["utter_miss"])],
)
async def test_an_ephemeral_turn_says_the_same_and_leaves_nothing(
    backstage: Backstage, customer: Customer, action: Any, names: list[str]
) -> None:
    before = rows(backstage.database)
    said = await customer.hears(action(backstage), "never-stored", ephemeral=True)
    assert said.names == names
    assert rows(backstage.database) == before


def is_known(backstage: Backstage, customer: Customer) -> None:
    now = backstage.now()
    verification = Verification(
        conversation_id=customer.id, level=1, customer_ref="YS0001", subject="s" * 64, salutation="林女士",
        phone_mask="138****8001", elder=False, number_is_new=False, via="otp", holder_tail=None, verified_at=now,
        fresh_until=now, idle_seconds=600, idle_until=now + timedelta(minutes=10), expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    backstage.database.write_now(lambda tx: identity_store.put_verification(tx, verification))


@pytest.mark.parametrize(("action", "urgent"), [(HandoffOpen, {}), (FraudOpen, {"urgent": True})])
async def test_whose_number_the_bank_knows_is_not_asked_for_one(
    backstage: Backstage, customer: Customer, action: Any, urgent: dict[str, bool]
) -> None:
    is_known(backstage, customer)
    said = await customer.hears(action(backstage), customer.writes())
    assert said.values == [{"phone": "138****8001", **urgent}]
    assert said.slots == {"callback_wanted": False}
    [request] = requests(backstage.database)
    assert (request["contact"], request["contact_mask"]) == ("customer:YS0001", "138****8001")


async def test_a_number_the_customer_gave_stays_when_he_is_known_later(
    backstage: Backstage, customer: Customer
) -> None:
    await customer.hears(HandoffOpen(backstage), customer.writes("转人工"), reason="human")
    await customer.hears(CallbackDone(backstage), customer.writes("打138****0000", phone=PHONE))
    is_known(backstage, customer)
    await customer.hears(HandoffOpen(backstage), customer.writes("人工"), reason="human")
    assert [request["contact_mask"] for request in requests(backstage.database)] == ["138****0000"]
