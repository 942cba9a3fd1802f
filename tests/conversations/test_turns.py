import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shouwen.conversations import intake, store, tables
from shouwen.conversations.turns import TurnRunner
from shouwen.db import Database
from shouwen.errors import ButtonUsed, Unavailable
from shouwen.outside.rasa_server import Turn, Utterance
from shouwen.vault.keyring import Keyring
from tests.conftest import Clock
from tests.conversations.conftest import ScriptedDialogue, turn, untouched


def transcript(database: Database, conversation_id: str) -> list[tuple[int, str, str | None]]:
    messages = database.read_now(lambda tx: store.messages_after(tx, conversation_id, 0, 1000))
    return [(m.seq, m.role, m.reply or m.text) for m in messages]


async def test_a_question_gets_its_answer(
    runner: TurnRunner, database: Database, conversation_id: str, dialogue: ScriptedDialogue
) -> None:
    outcome = await runner.submit(conversation_id, "c1", "跨行转账要手续费吗", None)
    assert [m.reply for m in outcome.messages] == ["utter_faq/transfer_fee"]
    assert dialogue.asked[0].text == "跨行转账要手续费吗"
    assert transcript(database, conversation_id) == [
        (1, "customer", "跨行转账要手续费吗"),
        (2, "bot", "utter_faq/transfer_fee"),
    ]


async def test_the_same_client_id_is_answered_once(
    runner: TurnRunner, database: Database, conversation_id: str, dialogue: ScriptedDialogue
) -> None:
    first = await runner.submit(conversation_id, "c1", "跨行转账要手续费吗", None)
    again = await runner.submit(conversation_id, "c1", "跨行转账要手续费吗", None)
    assert again.accepted.id == first.accepted.id
    assert [m.id for m in again.messages] == [m.id for m in first.messages]
    assert len(dialogue.asked) == 1


async def test_messages_sent_in_quick_succession_are_answered_in_order(
    runner: TurnRunner, database: Database, conversation_id: str, dialogue: ScriptedDialogue
) -> None:
    async def slow_first(utterance: Utterance) -> Turn:
        await asyncio.sleep(0.05 if utterance.text == "问题0" else 0)
        return await dialogue.fee(utterance)

    dialogue.answer = slow_first
    tasks = []
    for number in range(8):
        tasks.append(asyncio.create_task(runner.submit(conversation_id, f"c{number}", f"问题{number}", None)))
        await asyncio.sleep(0.002)
    outcomes = await asyncio.gather(*tasks)
    assert all(len(o.messages) == 1 for o in outcomes)
    assert [u.text for u in dialogue.asked] == [f"问题{n}" for n in range(8)]
    seqs = [seq for seq, _, _ in transcript(database, conversation_id)]
    assert seqs == list(range(1, 17))


async def test_no_two_turns_of_a_conversation_run_at_once_in_two_processes(
    make_runner: Callable[..., TurnRunner], conversation_id: str, dialogue: ScriptedDialogue
) -> None:
    running = 0

    async def watch(utterance: Utterance) -> Turn:
        nonlocal running
        running += 1
        assert running == 1
        await asyncio.sleep(0.01)
        running -= 1
        return await dialogue.fee(utterance)

    dialogue.answer = watch
    one, other = make_runner(), make_runner()
    await asyncio.gather(*((one, other)[n % 2].submit(conversation_id, f"c{n}", f"问题{n}", None) for n in range(6)))
    for runner in (one, other):
        await runner.close()
    assert len(dialogue.asked) == 6


async def test_a_slow_answer_is_announced_and_still_delivered(
    make_runner: Callable[..., TurnRunner], database: Database, conversation_id: str, dialogue: ScriptedDialogue
) -> None:
    async def slow(utterance: Utterance) -> Turn:
        await asyncio.sleep(0.3)
        return await dialogue.fee(utterance)

    dialogue.answer = slow
    runner = make_runner(still_working_after=0.1)
    outcome = await runner.submit(conversation_id, "c1", "跨行转账要手续费吗", None)
    assert [m.reply for m in outcome.messages] == ["utter_still_working"]
    await asyncio.sleep(0.4)
    assert [reply for _, _, reply in transcript(database, conversation_id)][1:] == [
        "utter_still_working",
        "utter_faq/transfer_fee",
    ]
    await runner.close()


async def test_when_rasa_stays_silent_the_customer_is_told_and_the_question_is_kept(
    make_runner: Callable[..., TurnRunner], database: Database, conversation_id: str, dialogue: ScriptedDialogue
) -> None:
    async def never(_utterance: Utterance) -> Turn:
        raise Unavailable("rasa", "connection refused")

    dialogue.answer = never
    outcome = await make_runner().submit(conversation_id, "c1", "跨行转账要手续费吗", None)
    assert [m.reply for m in outcome.messages] == ["utter_unavailable"]
    kept = database.read_now(lambda tx: tx.execute(select(tables.open_request)).mappings().one())
    assert (kept["kind"], kept["reason"], kept["message_id"]) == ("question", "unavailable", outcome.accepted.id)


async def test_what_a_dead_process_left_unanswered_is_answered_exactly_once(
    runner: TurnRunner,
    database: Database,
    conversation_id: str,
    keyring: Keyring,
    clock: Clock,
    dialogue: ScriptedDialogue,
) -> None:
    lease = timedelta(seconds=10)
    dead = intake.Intake(keyring, runner._publication(), "dead-process", lease, timedelta(hours=4), untouched)
    accepted = database.write_now(
        lambda tx: intake.accept(tx, dead, conversation_id, "c1", "跨行转账要手续费吗", None, clock())
    )
    assert accepted.work
    assert await runner.repair() == 0, "the lease of the dead process still holds"
    clock.forward(seconds=11)
    assert await runner.repair() == 1
    again = await runner.submit(conversation_id, "c1", "跨行转账要手续费吗", None)
    assert [m.reply for m in again.messages] == ["utter_faq/transfer_fee"]
    assert await runner.repair() == 0
    assert len(dialogue.asked) == 1


async def test_replies_are_dropped_and_counted_when_the_owner_changed_meanwhile(
    runner: TurnRunner, database: Database, conversation_id: str, dialogue: ScriptedDialogue
) -> None:
    async def hand_over(utterance: Utterance) -> Turn:
        statement = update(tables.conversation).values(owner="agent:7", fence=tables.conversation.c.fence + 1)
        database.write_now(lambda tx: tx.execute(statement))
        return await dialogue.fee(utterance)

    dialogue.answer = hand_over
    outcome = await runner.submit(conversation_id, "c1", "跨行转账要手续费吗", None)
    assert outcome.messages == []
    assert database.read_now(lambda tx: tx.execute(select(tables.turn.c.dropped)).scalar_one()) == 1


async def test_while_a_person_owns_the_conversation_rasa_is_not_asked(
    runner: TurnRunner, database: Database, conversation_id: str, dialogue: ScriptedDialogue
) -> None:
    database.write_now(lambda tx: tx.execute(update(tables.conversation).values(owner="agent:7")))
    outcome = await runner.submit(conversation_id, "c1", "您好", None)
    assert outcome.messages == []
    assert dialogue.asked == []


async def test_a_button_works_once_and_only_in_its_own_conversation(
    runner: TurnRunner, database: Database, conversation_id: str, dialogue: ScriptedDialogue, clock: Clock
) -> None:
    first = await runner.submit(conversation_id, "c1", "跨行转账要手续费吗", None)
    button = first.messages[0].buttons[0]
    pressed = await runner.submit(conversation_id, "c2", None, button.token)
    assert pressed.accepted.text == button.title
    assert dialogue.asked[-1].text is None
    assert dialogue.asked[-1].label
    with pytest.raises(ButtonUsed):
        await runner.submit(conversation_id, "c3", None, button.token)
    from shouwen.conversations import sessions

    day = sessions.Lifetime(timedelta(days=1), timedelta(days=7))
    other = database.write_now(lambda tx: sessions.open_conversation(tx, "web", None, day, clock())[0].id)
    with pytest.raises(ButtonUsed):
        await runner.submit(other, "c1", None, first.messages[0].buttons[1].token)


async def test_a_customer_who_comes_back_after_hours_starts_a_new_episode(
    runner: TurnRunner, conversation_id: str, dialogue: ScriptedDialogue, clock: Clock
) -> None:
    await runner.submit(conversation_id, "c1", "您好", None)
    clock.forward(hours=3)
    await runner.submit(conversation_id, "c2", "您好呀", None)
    clock.forward(hours=4)
    await runner.submit(conversation_id, "c3", "又是我", None)
    assert [u.sender.rpartition(".")[2] for u in dialogue.asked] == ["1", "1", "2"]


async def test_a_faulty_answer_becomes_an_apology_with_a_human_and_the_question_is_kept(
    runner: TurnRunner, database: Database, conversation_id: str, dialogue: ScriptedDialogue
) -> None:
    async def unknown(_utterance: Utterance) -> Turn:
        return turn("utter_no_such_reply")

    dialogue.answer = unknown
    outcome = await runner.submit(conversation_id, "c1", "您好", None)
    [apology] = outcome.messages
    assert apology.reply == "utter_unavailable"
    assert [b.title for b in apology.buttons] == ["转人工"]
    assert database.read_now(lambda tx: tx.execute(select(tables.open_request.c.reason)).scalar_one()) == "no_answer"
