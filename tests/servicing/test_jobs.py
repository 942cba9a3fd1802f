"""Jobs: the bank asked again until it answers, its late answer told in the chat, notifications sent."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from shouwen.conversations import tables as conversations
from shouwen.db import Database
from shouwen.errors import Unavailable
from shouwen.outside.bus import LocalBus
from shouwen.servicing import service, tables
from shouwen.servicing.jobs import ServicingJobs, keep_servicing
from shouwen.servicing.request import ServiceRequest
from tests.conftest import Clock
from tests.sandbox.running import RunningBank
from tests.servicing.conftest import Chat

AWAY = Unavailable("bank", "no answer")
ONE_CARD, WITH_APP = "YS0002", "YS0001"


async def lost(chat: Chat, sandbox: RunningBank, ref: str = ONE_CARD) -> ServiceRequest:
    """A loss stop the bank did not answer."""
    card = (await sandbox.bank.cards(ref))[0]
    request = chat.wants("loss_stop", ref, card=card.id, tail=card.tail)
    return chat.record(request, AWAY).request


def states(chat: Chat, table: Any = tables.service_request) -> list[str]:
    return [row["state"] for row in chat.rows(table)]


async def test_a_card_is_stopped_as_soon_as_the_bank_answers_and_the_customer_is_told(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock, bus: LocalBus
) -> None:
    await lost(chat, sandbox)
    clock.forward(seconds=59)
    await jobs.run()
    assert states(chat) == ["wanted"]
    clock.forward(seconds=1)
    async with bus.subscribe(chat.id) as pushed:
        await jobs.run()
        frame = pushed.get_nowait()
    assert [card.state for card in await sandbox.bank.cards(ONE_CARD)] == ["stopped"]
    [told] = chat.heard()
    assert told.reply == "utter_loss_worked_later"
    assert "2048" in told.text
    assert frame["message"]["id"] == told.id
    assert states(chat) == ["done"]


async def test_as_long_as_the_bank_is_away_it_is_asked_again_and_nothing_is_said(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    await lost(chat, sandbox)
    await sandbox.weather("down")
    for hours in range(3):
        clock.forward(hours=10)
        await jobs.run()
        assert [row["tries"] for row in chat.rows(tables.service_request)] == [hours + 2]
    assert states(chat) == ["wanted"]
    assert chat.heard() == []
    await sandbox.weather("fine")
    clock.forward(minutes=15)
    await jobs.run()
    assert [message.reply for message in chat.heard()] == ["utter_loss_worked_later"]


async def test_an_answer_lost_on_the_way_is_the_same_when_asked_for_again(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    card = (await sandbox.bank.cards(ONE_CARD))[0]
    request = chat.wants("loss_stop", ONE_CARD, card=card.id, tail=card.tail)
    first = await sandbox.bank.stop_card(card.id, request.key)  # it worked, and the process died before it was kept
    clock.forward(minutes=1)
    await jobs.run()
    [row] = chat.rows(tables.service_request)
    assert (row["state"], row["receipt"], row["details"]["already"]) == ("done", first.receipt, False)
    assert [message.reply for message in chat.heard()] == ["utter_loss_worked_later"]


async def test_a_person_who_took_over_ends_the_tries(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    await lost(chat, sandbox)
    chat.write(lambda tx: tx.execute(conversations.open_request.update().values(state="done")))
    clock.forward(minutes=1)
    await jobs.run()
    assert [(row["state"], row["reason"]) for row in chat.rows(tables.service_request)] == [("given_up", "taken_over")]
    assert [card.state for card in await sandbox.bank.cards(ONE_CARD)] == ["normal"]


async def test_a_refusal_that_comes_late_is_told(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    request = chat.wants("loss_stop", "YS0007", card=(await sandbox.bank.cards("YS0007"))[0].id, tail="7079")
    chat.record(request, AWAY)
    clock.forward(minutes=1)
    await jobs.run()
    assert [message.reply for message in chat.heard()] == ["utter_loss_locked"]
    assert states(chat) == ["failed"]


async def test_a_change_of_the_sms_notice_is_made_late_too(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    chat.record(chat.wants("sms_notice", WITH_APP, wish="off"), AWAY)
    clock.forward(minutes=1)
    await jobs.run()
    assert not (await sandbox.bank.sms_notice(WITH_APP)).on
    assert [message.reply for message in chat.heard()] == ["utter_sms_done"]


async def test_what_waited_a_day_is_left_to_people(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    chat.record(chat.wants("sms_notice", WITH_APP, wish="off"), AWAY)
    clock.forward(days=1)
    await jobs.run()
    assert [(row["state"], row["reason"]) for row in chat.rows(tables.service_request)] == [("given_up", "no_answer")]
    assert (await sandbox.bank.sms_notice(WITH_APP)).on


async def test_of_two_processes_one_asks_and_tells(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    await lost(chat, sandbox)
    clock.forward(minutes=1)
    await asyncio.gather(jobs.run(), jobs.run())
    assert len(chat.heard()) == 1


async def test_one_that_breaks_off_leaves_the_others_alone(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    chat.wants("loss_stop", ONE_CARD)  # without its card
    await lost(chat, sandbox)
    clock.forward(minutes=1)
    await jobs.run()
    assert sorted(states(chat)) == ["done", "wanted"]


async def test_a_notice_goes_over_every_channel_on_file(chat: Chat, jobs: ServicingJobs, sandbox: RunningBank) -> None:
    for ref in (WITH_APP, ONE_CARD):
        chat.write(lambda tx, ref=ref: service.password_was_reset(tx, ref, chat.clock()))
    await jobs.run()
    sent = sorted((one.to, one.channel) for one in sandbox.parts.outbox.all())
    assert sent == [("13800138001", "app"), ("13800138001", "sms"), ("13800138002", "sms")]
    assert states(chat, tables.service_notification) == ["sent", "sent"]
    await jobs.run()
    assert len(sandbox.parts.outbox.all()) == 3


async def test_a_notice_waits_for_an_sms_gateway_that_is_away(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    chat.write(lambda tx: service.password_was_reset(tx, WITH_APP, chat.clock()))
    await sandbox.weather("down", "sms")
    await jobs.run()
    assert states(chat, tables.service_notification) == ["waiting"]
    await sandbox.weather("fine", "sms")
    clock.forward(minutes=1)
    await jobs.run()
    assert len(sandbox.parts.outbox.all()) == 2
    assert states(chat, tables.service_notification) == ["sent"]


async def test_old_news_is_not_sent(chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock) -> None:
    chat.write(lambda tx: service.password_was_reset(tx, WITH_APP, chat.clock()))
    await sandbox.weather("down", "sms")
    clock.forward(days=1)
    await jobs.run()
    assert states(chat, tables.service_notification) == ["given_up"]


async def test_a_customer_who_is_gone_is_told_nothing(chat: Chat, jobs: ServicingJobs, sandbox: RunningBank) -> None:
    chat.write(lambda tx: service.password_was_reset(tx, "YS9999", chat.clock()))
    await jobs.run()
    assert sandbox.parts.outbox.all() == []
    assert states(chat, tables.service_notification) == ["given_up"]


async def test_no_kept_row_holds_a_number_on_file(
    chat: Chat, jobs: ServicingJobs, sandbox: RunningBank, clock: Clock
) -> None:
    await lost(chat, sandbox)
    chat.write(lambda tx: service.password_was_reset(tx, WITH_APP, chat.clock()))
    clock.forward(minutes=1)
    await jobs.run()
    kept = str([*map(dict, chat.rows(tables.service_request)), *map(dict, chat.rows(tables.service_notification))])
    assert "1380013" not in kept


async def test_the_loop_goes_on_after_a_failure(
    jobs: ServicingJobs, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    runs: list[int] = []
    went_on = asyncio.Event()

    async def run(_: ServicingJobs) -> None:
        runs.append(len(runs))
        if len(runs) == 1:
            raise RuntimeError("the database is away")
        went_on.set()

    monkeypatch.setattr(ServicingJobs, "run", run)
    monkeypatch.setattr("shouwen.servicing.jobs.EVERY", 0.0)
    task = asyncio.create_task(keep_servicing(jobs))
    await asyncio.wait_for(went_on.wait(), 5)
    task.cancel()
    assert len(runs) >= 2


def test_a_claim_is_given_once(chat: Chat) -> None:
    from shouwen.servicing import store

    request = chat.wants("sms_notice", WITH_APP, wish="on")
    until = chat.clock() + timedelta(minutes=5)

    def claim(tx: Connection) -> bool:
        return store.claim_request(tx, request, until)

    assert [chat.write(claim), chat.write(claim)] == [True, False]
