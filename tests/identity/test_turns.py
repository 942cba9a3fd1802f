"""Secure forms from the gateway's side: asked of the real adapter and the sandbox bank, stored in real SQL."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from shouwen.content.publication import Publication
from shouwen.conversations import session_store, sessions, store
from shouwen.conversations import tables as session_tables
from shouwen.conversations.conversation import Session
from shouwen.conversations.opening import Arrival, Opened
from shouwen.conversations.sessions import Lifetime
from shouwen.conversations.turns import Pace, TurnRunner
from shouwen.db import Database
from shouwen.errors import BankRefused, FormOver, NotAllowed, NotSignedIn
from shouwen.identity import service
from shouwen.identity.level import Level
from shouwen.identity.progress import Prompt
from shouwen.identity.rules import Rules
from shouwen.identity.sign_ins import BankSignIns
from shouwen.identity.turns import Answered, IdentityTurns
from shouwen.outside.bank_login import BankLogin
from shouwen.outside.bus import LocalBus
from shouwen.schema import metadata
from shouwen.vault.keyring import Keyring
from tests.conftest import Clock
from tests.conversations.conftest import ScriptedDialogue
from tests.identity.conftest import events
from tests.sandbox.running import RunningBank

LIFE = Lifetime(timedelta(days=1), timedelta(days=7))
HERE = "127.0.0.1"
PHONE, NAME, ID_NUMBER = "13800138001", "林晓雨", "110000199804120224"


class Gate:
    """One conversation and the gateway around it."""

    def __init__(self, database: Database, turns: IdentityTurns, rules: Rules, clock: Clock, bank: RunningBank) -> None:
        self.database, self.turns, self.rules, self.clock, self.bank = database, turns, rules, clock, bank
        self.id, self.token = "", ""
        self.dialogue, self.bus = ScriptedDialogue(), LocalBus()

    def opens(self) -> None:
        conversation, self.token = self.database.write_now(
            lambda tx: sessions.open_conversation(tx, "web", None, LIFE, self.clock())
        )
        self.id = conversation.id

    def session(self) -> Session:
        return self.database.read_now(lambda tx: sessions.find(tx, sessions.token_hash(self.token), self.clock()))

    def begins(self, act: service.Act = "password_reset") -> str:
        prompt = self.database.write_now(lambda tx: service.begin(tx, self.rules, self.id, act, self.clock()))
        assert isinstance(prompt, Prompt)
        return str(prompt.values["secure_form"]["form"])

    @property
    def form(self) -> str:
        conversation = self.database.read_now(lambda tx: store.conversation(tx, self.id))
        assert conversation is not None
        assert conversation.secure_form is not None
        return conversation.secure_form

    async def fills(self, **fields: str) -> Answered:
        answered = await self.turns.answer(self.session(), self.form, fields, HERE)
        self.token = answered.token or self.token
        return answered

    async def code(self) -> str:
        await self.turns.close()  # what is on its way arrives
        return re.findall(r"(?<!\d)\d{6}(?!\d)", self.bank.parts.outbox.all()[-1].text)[0]

    def level(self) -> Level:
        return self.database.read_now(lambda tx: service.standing(tx, self.id, self.clock())).level

    def written(self) -> str:
        """Everything that stands in any table."""

        def read(tx: sa.Connection) -> str:
            return str([list(tx.execute(sa.select(table))) for table in metadata.sorted_tables])

        return self.database.read_now(read)


@pytest.fixture
async def gate(
    database: Database,
    sandbox: RunningBank,
    keyring: Keyring,
    publication: Publication,
    clock: Clock,
) -> AsyncIterator[Gate]:
    rules, bus = Rules(key=b"k" * 32), LocalBus()
    pace = Pace(still_working_after=5.0, turn_timeout=5.0, lease=10.0, episode_idle=4 * 3600.0)
    dialogue = ScriptedDialogue()
    runner = TurnRunner(database, dialogue, bus, keyring, lambda: publication, pace, clock, service.touch)
    login = BankLogin(f"{sandbox.url}/jwks.json", "shouwen", 5.0)
    sign_ins = BankSignIns(database, sandbox.bank, login, bus, lambda: publication, rules, LIFE, clock)
    turns = IdentityTurns(
        database, runner, sandbox.bank, sandbox.messenger, sign_ins, bus, lambda: publication, rules, LIFE, clock
    )
    gate = Gate(database, turns, rules, clock, sandbox)
    gate.dialogue, gate.bus, gate.sign_ins = dialogue, bus, sign_ins
    gate.opens()
    yield gate
    await turns.close()
    await runner.close()


async def test_phone_code_and_details_lead_to_a_verified_customer_and_new_tokens(gate: Gate) -> None:
    gate.begins()
    asked = await gate.fills(phone=PHONE)
    assert asked.token is None
    first = gate.token
    assert (await gate.fills(otp=await gate.code())).token
    assert gate.level() == Level.CONTACT
    second = gate.token
    done = await gate.fills(name=NAME, id_number=ID_NUMBER)
    assert gate.level() == Level.CUSTOMER
    assert len({first, second, gate.token}) == 3
    assert gate.dialogue.asked[-1].label == "identity_done"
    assert done.outcome is not None
    assert done.outcome.accepted.text == "[姓名] [证件号]"
    for dead in (first, second):
        with pytest.raises(NotSignedIn):
            gate.database.read_now(lambda tx, dead=dead: sessions.find(tx, sessions.token_hash(dead), gate.clock()))


async def test_nothing_that_was_typed_stands_in_any_table(gate: Gate) -> None:
    gate.begins("loss_stop")
    await gate.fills(phone=PHONE)
    code = await gate.code()
    await gate.fills(otp=code)
    await gate.fills(name=NAME, card_tail="1024")
    written = gate.written()
    for value in (PHONE, code, NAME, gate.token):
        assert value not in written
    assert "138****8001" in written


async def test_a_field_that_cannot_be_right_is_said_in_words_and_takes_nothing(gate: Gate) -> None:
    form = gate.begins()
    answered = await gate.fills(phone="12345")
    assert set(answered.errors) == {"phone"}
    assert answered.errors["phone"]
    assert answered.outcome is None
    assert gate.form == form


async def test_a_form_is_answered_once_however_often_it_is_posted(gate: Gate) -> None:
    form = gate.begins()
    session = gate.session()
    first = await gate.turns.answer(session, form, {"phone": PHONE}, HERE)
    with pytest.raises(FormOver):
        await gate.turns.answer(session, form, {"phone": PHONE}, HERE)
    await gate.turns.close()
    assert first.outcome is not None
    assert len(gate.bank.parts.outbox.all()) == 1


async def test_a_form_of_another_conversation_is_refused(gate: Gate) -> None:
    form = gate.begins()
    gate.opens()
    with pytest.raises(FormOver):
        await gate.turns.answer(gate.session(), form, {"phone": PHONE}, HERE)


async def test_a_bank_that_does_not_answer_is_said_plainly_and_the_form_stays(gate: Gate) -> None:
    form = gate.begins()
    await gate.bank.weather("down")
    answered = await gate.turns.answer(gate.session(), form, {"phone": PHONE}, HERE)
    assert answered.outcome is not None
    assert [m.reply for m in answered.outcome.messages] == ["utter_identity_unavailable"]
    await gate.bank.weather("fine")
    assert (await gate.fills(phone=PHONE)).outcome is not None
    assert await gate.code()


async def test_what_is_typed_into_the_chat_is_taken_as_the_forms_answer(gate: Gate) -> None:
    gate.begins()
    session = gate.session()
    taken = await gate.turns.typed(session, "c1", "１３８ ００１３ ８００１", HERE)
    assert isinstance(taken, Answered)
    assert taken.outcome is not None
    assert taken.outcome.accepted.text == "[手机号]"
    for other in ("为什么要验证码", "转人工"):
        assert await gate.turns.typed(gate.session(), "c2", other, HERE) == other
    code = await gate.code()
    taken = await gate.turns.typed(gate.session(), "c4", f"验证码是{code}", HERE)
    assert isinstance(taken, Answered)
    assert gate.level() == Level.CONTACT
    assert code not in gate.written()


async def test_a_code_can_be_asked_for_again_by_word_and_by_voice(gate: Gate) -> None:
    gate.begins()
    await gate.fills(phone=PHONE)
    first = await gate.code()
    gate.clock.forward(seconds=61)
    assert isinstance(await gate.turns.typed(gate.session(), "c1", "没收到，再发一次", HERE), Answered)
    second = await gate.code()
    gate.clock.forward(seconds=61)
    await gate.turns.send_again(gate.session(), gate.form, "voice", HERE)
    await gate.turns.close()
    assert [sent.channel for sent in gate.bank.parts.outbox.all()] == ["sms", "sms", "voice"]
    answered = await gate.fills(otp=second)
    assert answered.token is None, "an older code is dead"
    assert first != second or gate.level() == Level.ANONYMOUS


async def test_filling_a_form_in_is_the_separate_consent(gate: Gate) -> None:
    gate.begins()
    assert gate.database.read_now(lambda tx: session_store.consent(tx, gate.id)) is None
    await gate.fills(phone=PHONE)
    consent = gate.database.read_now(lambda tx: session_store.consent(tx, gate.id))
    assert consent is not None
    assert (consent.sensitive, consent.training) == (True, False)


async def test_the_banks_own_sign_in_counts_once(gate: Gate) -> None:
    token = gate.bank.parts.sign_in.token("YS0001")
    answered = await gate.turns.sign_in(gate.session(), token, HERE)
    assert answered.token
    gate.token = answered.token
    assert gate.level() == Level.CUSTOMER
    gate.opens()
    again = await gate.turns.sign_in(gate.session(), token, HERE)
    assert again.token is None
    assert gate.level() == Level.ANONYMOUS


@pytest.mark.parametrize("spoilt", ["", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJZUzAwMDEifQ."])
async def test_a_token_that_is_none_is_refused(gate: Gate, spoilt: str) -> None:
    with pytest.raises(NotAllowed):
        await gate.turns.sign_in(gate.session(), spoilt, HERE)


async def test_a_sign_in_after_its_minute_is_refused(gate: Gate) -> None:
    token = gate.bank.parts.sign_in.token("YS0001")
    gate.clock.forward(seconds=90)
    with pytest.raises(NotAllowed):
        await gate.turns.sign_in(gate.session(), token, HERE)


async def test_a_sign_in_finishes_the_check_that_waited(gate: Gate) -> None:
    gate.begins("sms_notice")
    await gate.turns.sign_in(gate.session(), gate.bank.parts.sign_in.token("YS0001"), HERE)
    assert gate.dialogue.asked[-1].label == "identity_done"


async def test_who_signs_in_again_finds_the_conversation_and_the_older_session_ends(gate: Gate) -> None:
    arrival = Arrival("app", None, None, simple=False)
    first = await gate.sign_ins.arrive(arrival, gate.bank.parts.sign_in.token("YS0001"))
    second = await gate.sign_ins.arrive(arrival, gate.bank.parts.sign_in.token("YS0001"))
    other = await gate.sign_ins.arrive(arrival, gate.bank.parts.sign_in.token("YS0005"))
    assert first.conversation_id == second.conversation_id != other.conversation_id
    assert [m.reply for m in second.messages] == ["utter_greet"]
    with pytest.raises(NotSignedIn):
        gate.database.read_now(lambda tx: sessions.find(tx, sessions.token_hash(first.token), gate.clock()))


async def test_a_bank_token_that_was_used_opens_no_session(gate: Gate) -> None:
    arrival, token = Arrival("app", None, None, simple=False), gate.bank.parts.sign_in.token("YS0001")
    first = await gate.sign_ins.arrive(arrival, token)
    before = sa.select(session_tables.session)
    held = gate.database.read_now(lambda tx: tx.execute(before).all())
    with pytest.raises(NotAllowed):
        await gate.sign_ins.arrive(arrival, token)
    assert gate.database.read_now(lambda tx: tx.execute(before).all()) == held, "the customer's own session goes on"
    assert gate.database.read_now(lambda tx: sessions.find(tx, sessions.token_hash(first.token), gate.clock()))
    assert events(gate.database)[-1] == ("refused", "bank_token")


async def test_of_several_who_arrive_with_one_token_at_once_one_gets_in(gate: Gate) -> None:
    arrival, token = Arrival("app", None, None, simple=False), gate.bank.parts.sign_in.token("YS0001")
    came = await asyncio.gather(*(gate.sign_ins.arrive(arrival, token) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, Opened) for one in came) == 1
    assert sum(isinstance(one, NotAllowed) for one in came) == 4


async def test_a_forged_bank_token_is_on_record(gate: Gate) -> None:
    with pytest.raises(NotAllowed):
        await gate.turns.sign_in(gate.session(), "a.b.c", HERE)
    assert events(gate.database)[-1] == ("refused", "bank_token")


async def test_a_code_with_words_around_it_goes_on_without_the_code(gate: Gate) -> None:
    gate.begins()
    await gate.fills(phone=PHONE)
    code = await gate.code()
    for words in (f"{code}为什么不对", f"转人工，{code}", f"{code}7", f"我填了{code[:3]} {code[3:]}呀没反应"):
        left = await gate.turns.typed(gate.session(), "c1", words, HERE)
        assert isinstance(left, str)
        assert not re.search("[0-9]", left)
        assert "[验证码]" in left
    assert gate.level() == Level.ANONYMOUS


async def test_older_tokens_are_told_of_a_new_level_before_anything_it_brings(gate: Gate) -> None:
    gate.begins()
    await gate.fills(phone=PHONE)
    async with gate.bus.subscribe(gate.id) as pushed:
        await gate.fills(otp=await gate.code())
        heard = [pushed.get_nowait()["type"] for _ in range(pushed.qsize())]
    assert heard[0] == "renewed"
    assert "message" in heard
    assert heard[-1] == "sessions"


async def test_a_bank_that_refuses_to_look_tells_nothing_by_it(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **_named: object) -> bool:
        raise BankRefused("customer_blocked")

    gate.begins()
    monkeypatch.setattr(gate.bank.bank, "find_by_phone", refuse)
    asked = await gate.fills(phone=PHONE)
    await gate.turns.close()
    assert asked.outcome is not None
    assert [m.reply for m in asked.outcome.messages] == ["utter_identity_otp"]
    assert gate.bank.parts.outbox.all() == []
    assert gate.level() == Level.ANONYMOUS


async def test_details_the_bank_refuses_to_compare_do_not_match(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **_named: object) -> bool:
        raise BankRefused("unknown_customer")

    gate.begins()
    await gate.fills(phone=PHONE)
    await gate.fills(otp=await gate.code())
    monkeypatch.setattr(gate.bank.bank, "matches", refuse)
    failed = await gate.fills(name=NAME, id_number=ID_NUMBER)
    assert failed.outcome is not None
    assert [m.reply for m in failed.outcome.messages] == ["utter_identity_failed"]
    assert gate.level() == Level.CONTACT


@pytest.mark.parametrize("phone", [PHONE, "13900139000"])
async def test_a_code_that_cannot_be_sent_is_said_to_known_and_unknown_alike(gate: Gate, phone: str) -> None:
    gate.begins()
    await gate.bank.weather("down", "sms")
    await gate.fills(phone=phone)
    await gate.turns.close()
    said = gate.database.read_now(lambda tx: store.messages_after(tx, gate.id, 0, 50))
    assert [m.reply for m in said if m.role == "bot"][-1] == "utter_identity_code_not_sent"
    assert gate.form, "the form stays open"
