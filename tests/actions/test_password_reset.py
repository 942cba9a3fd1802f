"""The reset of a login password: a link to the number on file, or a person; the chat never sees the link."""

import re
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from shouwen.content.live import publish_folder
from shouwen.content.publication import Publication
from shouwen.conversations import tables as conversations
from shouwen.identity import links
from shouwen.identity import store as identity_store
from shouwen.identity.tables import reset_link
from shouwen.servicing import tables
from shouwen.wiring import Backstage
from tests.actions.conftest import RULES
from tests.actions.dialogue import Dialogue, names
from tests.conftest import Clock
from tests.sandbox.running import RunningBank

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the flow is the subject, not SQL

FINE, NUMBER_NEW, FROZEN, LOCKED, NO_APP = "YS0001", "YS0004", "YS0006", "YS0003", "YS0002"
FORM = "password_reset_form"


@pytest.fixture(autouse=True)
def published(backstage: Backstage, publication: Publication) -> None:
    publish_folder(backstage.database, publication, backstage.now())


def kept(backstage: Backstage, table: Any) -> list[Any]:
    return backstage.database.read_now(lambda tx: list(tx.execute(select(table)).mappings()))


def tokens(sandbox: RunningBank) -> list[str]:
    found = [re.search(r"#([\w-]{43})", sent.text) for sent in sandbox.parts.outbox.all()]
    return [match[1] for match in found if match]


async def test_the_link_goes_to_the_number_on_file_and_never_to_the_chat(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage
) -> None:
    said = await dialogue.identified(FINE, FORM)
    assert said == [("utter_reset_link_sent", {"salutation": "王女士，", "phone_mask": "138****8001", "minutes": 10})]
    [sent] = sandbox.parts.outbox.all()
    assert (sent.to, sent.channel) == ("13800138001", "sms")
    [token] = tokens(sandbox)
    link = backstage.database.write_now(lambda tx: links.inspect(tx, RULES, token, backstage.now()))
    assert link
    assert link.customer_ref == FINE
    assert token not in str(said)
    assert "13800138001" not in str([*kept(backstage, tables.service_request), *kept(backstage, reset_link)])
    assert token not in str([*kept(backstage, tables.service_request), *kept(backstage, reset_link)])


async def test_a_repeat_of_the_message_sends_no_second_link(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage
) -> None:
    first = await dialogue.identified(FINE, FORM)
    assert await dialogue.again("action_password_reset_done") == first
    assert len(sandbox.parts.outbox.all()) == 1
    assert len(kept(backstage, tables.service_request)) == 1


async def test_a_new_request_voids_the_earlier_link(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage
) -> None:
    await dialogue.identified(FINE, FORM)
    assert names(await dialogue.start(FORM)) == ["utter_reset_link_sent"]
    now = backstage.now()
    found = [
        backstage.database.write_now(lambda tx, token=token: links.inspect(tx, RULES, token, now))
        for token in tokens(sandbox)
    ]
    assert [link is not None for link in found] == [False, True]


@pytest.mark.parametrize("ref", [NUMBER_NEW, FROZEN])
async def test_a_risk_leads_to_a_person_without_a_hint(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage, ref: str
) -> None:
    said = await dialogue.identified(ref, FORM)
    assert names(said) == ["utter_reset_risk_stop", "utter_handoff_open"]
    assert said[0][1] == {"salutation": "王女士，"}
    assert sandbox.parts.outbox.all() == []
    assert kept(backstage, reset_link) == []
    assert [one["reason"] for one in kept(backstage, conversations.open_request)] == ["risk"]
    assert [one["state"] for one in kept(backstage, tables.service_request)] == ["failed"]


async def test_words_of_fraud_in_the_conversation_are_a_risk(dialogue: Dialogue, sandbox: RunningBank) -> None:
    dialogue.customer.writes("客服让我把钱转到安全账户")
    assert names(await dialogue.identified(FINE, FORM)) == ["utter_reset_risk_stop", "utter_handoff_open"]
    assert sandbox.parts.outbox.all() == []


async def test_a_new_device_at_night_is_a_risk(dialogue: Dialogue, clock: Clock) -> None:
    see = partial(identity_store.see_device, customer_ref=FINE, device="another device", now=clock())
    dialogue.backstage.database.write_now(see)
    clock.forward(days=2, hours=11)  # 23:00 in Shanghai
    assert names(await dialogue.identified(FINE, FORM)) == ["utter_reset_risk_stop", "utter_handoff_open"]


async def test_a_login_that_is_locked_can_be_reset(dialogue: Dialogue) -> None:
    assert names(await dialogue.identified(LOCKED, FORM)) == ["utter_reset_link_sent"]


async def test_a_bank_that_refuses_is_heard(dialogue: Dialogue, sandbox: RunningBank) -> None:
    assert names(await dialogue.identified(NO_APP, FORM)) == ["utter_bank_refused"]
    assert sandbox.parts.outbox.all() == []


@pytest.mark.parametrize("system", ["bank", "sms"])
@pytest.mark.parametrize("mode", ["down", "nonsense"])
async def test_a_bank_or_sms_that_does_not_answer_breaks_nothing(
    dialogue: Dialogue, sandbox: RunningBank, backstage: Backstage, system: str, mode: str
) -> None:
    await dialogue.start(FORM)
    dialogue.verified(FINE)
    await sandbox.weather(mode, system)
    assert names(await dialogue.turn("identity_done")) == ["utter_bank_unavailable"]
    assert [one["reason"] for one in kept(backstage, conversations.open_request)] == ["bank_unavailable"]
    [request] = kept(backstage, tables.service_request)
    assert (request["state"], request["next_try_at"]) == ("wanted", None)


async def test_a_repeat_after_a_failure_sends_the_link_after_all(dialogue: Dialogue, sandbox: RunningBank) -> None:
    await dialogue.start(FORM)
    dialogue.verified(FINE)
    await sandbox.weather("down", "sms")
    await dialogue.turn("identity_done")
    await sandbox.weather("fine", "sms")
    assert names(await dialogue.again("action_password_reset_done")) == ["utter_reset_link_sent"]
    assert len(tokens(sandbox)) == 1


async def test_a_customer_the_bank_no_longer_knows_gets_a_person(dialogue: Dialogue) -> None:
    assert names(await dialogue.identified("YS9999", FORM)) == ["utter_bank_refused"]
