"""No sequence of anything reaches a level that was not proven: a machine against a small oracle of its own."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from shouwen.db import Database
from shouwen.errors import FormOver, TooManyRequests
from shouwen.identity import service
from shouwen.identity.level import REQUIRED, Act, Level, Standing
from shouwen.identity.progress import OpenStep, Progress
from shouwen.outside.corebank import Customer
from tests.conftest import Clock
from tests.identity.conftest import LI, RULES, WANG, Chat

ACTS = st.sampled_from(sorted(REQUIRED))
LOOSE = replace(RULES, otp_per_hour=50, otp_per_day=500, otp_per_address_hour=1000, failed_checks=20)


class Attacker(RuleBasedStateMachine):
    """Tries everything in two conversations at once; `proofs` is what a careful clerk would have written down."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        run = Chat(self.database, self.clock).id[:6]  # numbers of their own for each run: counters are not shared
        number = int(run, 16)
        self.people = [
            replace(person, ref=f"{person.ref}-{run}", phone=f"13{index}{number:08}")
            for index, person in enumerate((WANG, LI, replace(WANG, phone_since=self.clock().date())))
        ]
        self.chats = [Chat(self.database, self.clock, LOOSE) for _ in range(2)]
        self.typed: dict[str, Customer | None] = {}
        self.sent: dict[str, tuple[str, object]] = {}
        self.steps: list[OpenStep] = []
        self.code_proofs: dict[str, tuple[Customer, object]] = {}
        self.detail_proofs: dict[str, tuple[Customer, object]] = {}
        self.halves: dict[str, bool] = {}

    @rule(which=st.integers(0, 1), act=ACTS)
    def begin(self, which: int, act: Act) -> None:
        self.chats[which].begin(act)

    @rule(which=st.integers(0, 1), who=st.one_of(st.none(), st.integers(0, 2)), simple=st.booleans())
    def type_phone(self, which: int, who: int | None, simple: bool) -> None:
        chat = self.chats[which]
        customer = None if who is None else self.people[who]
        progress = self.attempt(which, "phone", lambda: chat.phone(customer, simple=simple))
        if progress and progress.otp:
            self.note_sent(chat, customer, progress)

    @rule(
        which=st.integers(0, 1),
        act=ACTS,
        who=st.sampled_from([0, 1, 2]),
        simple=st.booleans(),
        depth=st.sampled_from([3, 1, 3, 2, 3]),
    )
    def walk(self, which: int, act: Act, who: int, simple: bool, depth: int) -> None:
        """The straight way, some steps of it: chance alone seldom gets anywhere."""
        self.begin(which, act)
        self.type_phone(which, who, simple)
        if depth >= 2:
            self.type_a_code_that_was_sent(which, which, 0)
        if depth >= 3:
            self.type_details(which, True)
            if simple:
                self.type_details(which, True)

    @rule(which=st.integers(0, 1), voice=st.booleans())
    def ask_again(self, which: int, voice: bool) -> None:
        chat = self.chats[which]
        progress = self.attempt(which, "otp", lambda: chat.again("voice" if voice else "sms"))
        if progress and progress.otp:
            held = chat.standing.customer_ref
            on_file = next((one for one in self.people if one.ref == progress.otp.customer_ref), None)
            assert held is None or on_file is not None
            self.note_sent(chat, on_file, progress)

    @rule(which=st.integers(0, 1), of=st.integers(0, 1), age=st.integers(0, 2))
    def type_a_code_that_was_sent(self, which: int, of: int, age: int) -> None:
        codes = self.chats[of].codes
        if len(codes) > age:
            self.type_code(which, codes[-1 - age])

    @rule(which=st.integers(0, 1), code=st.sampled_from(["000000", "123456"]))
    def guess_a_code(self, which: int, code: str) -> None:
        self.type_code(which, code)

    def type_code(self, which: int, code: str) -> None:
        chat = self.chats[which]
        newest = self.sent.get(chat.id)
        progress = self.attempt(which, "otp", lambda: chat.code(code))
        customer = self.typed.get(chat.id)
        if progress and newest and newest[0] == code and customer and self.clock() - newest[1] < LOOSE.otp_life:
            self.code_proofs[chat.id] = (customer, self.clock())

    @rule(which=st.integers(0, 1), matched=st.booleans())
    def type_details(self, which: int, matched: bool) -> None:
        chat = self.chats[which]
        try:
            step = chat.step()
        except FormOver:
            return
        proof = self.code_proofs.get(chat.id)
        progress = self.attempt(which, "person", lambda: chat.details(matched)) or self.attempt(
            which, "holder", lambda: chat.details(matched, "0128")
        )
        if not progress:
            return
        whole = matched
        if step.fields == ("name",):
            self.halves[chat.id] = matched
            return
        if len(step.fields) == 1:
            whole = matched and self.halves.get(chat.id, False)
        if whole and proof and step.step == "person" and proof[0] is not self.people[2]:
            self.detail_proofs[chat.id] = (proof[0], self.clock())

    @precondition(lambda self: self.steps)
    @rule(which=st.integers(0, 1), at=st.integers(0, 30))
    def answer_an_old_or_foreign_form(self, which: int, at: int) -> None:
        chat = self.chats[which]
        step = self.steps[at % len(self.steps)]
        if step.form_id == chat.form:
            return
        stolen = replace(step, conversation_id=chat.id)
        with pytest.raises(FormOver):
            chat.write(
                lambda tx: service.take_otp(tx, LOOSE, stolen, chat.codes[-1] if chat.codes else "0", "a", self.clock())
            )
        with pytest.raises(FormOver):
            chat.write(lambda tx: service.take_details(tx, LOOSE, stolen, True, "0128", "a", self.clock()))

    @rule(which=st.integers(0, 1))
    def answer_with_the_wrong_kind_of_step(self, which: int) -> None:
        chat = self.chats[which]
        try:
            step = chat.step()
        except FormOver:
            return
        if step.step in ("phone", "otp"):
            lie = replace(step, step="person", fields=("name", "id_number"))
            with pytest.raises(FormOver):
                chat.write(lambda tx: service.take_details(tx, LOOSE, lie, True, None, "a", self.clock()))

    @rule(which=st.integers(0, 1))
    def cancel(self, which: int) -> None:
        self.chats[which].cancel()

    @rule(which=st.integers(0, 1))
    def write_something(self, which: int) -> None:
        self.chats[which].touch()

    @rule(seconds=st.sampled_from([60, 599, 1801]))
    def wait(self, seconds: int) -> None:
        self.clock.forward(seconds=seconds)

    @rule()
    def wait_until_a_proof_is_old(self) -> None:
        self.clock.forward(seconds=301)

    @invariant()
    def no_level_without_its_proof(self) -> None:
        for chat in self.chats:
            standing = chat.standing
            if standing == Standing():
                continue
            code = self.code_proofs.get(chat.id)
            assert code is not None, "a level without a right code"
            assert standing.customer_ref == code[0].ref, "a level of somebody else"
            assert self.clock() - code[1] < LOOSE.verified_absolute, "a level past its absolute end"
            if standing.level >= Level.CUSTOMER:
                details = self.detail_proofs.get(chat.id)
                assert details is not None, "the second level without matching details"
                assert details[0].ref == standing.customer_ref
                assert details[0] is not self.people[2], "the second level on a new number"
            if any(chat.allows(act) for act in ("password_reset", "sms_notice", "bill_instalment")):
                newest = max(code[1], self.detail_proofs[chat.id][1])
                assert self.clock() - newest < timedelta(minutes=5), "an act on an old proof"

    def attempt(self, which: int, step: str, do: object) -> Progress | None:
        chat = self.chats[which]
        try:
            waiting = chat.step()
        except FormOver:
            return None
        if waiting.step != step:
            return None
        self.steps.append(waiting)
        try:
            return do()  # type: ignore[operator]
        except (FormOver, TooManyRequests):
            return None

    def note_sent(self, chat: Chat, customer: Customer | None, progress: Progress) -> None:
        assert progress.otp is not None
        assert progress.otp.customer_ref == (customer.ref if customer else None), "a code to somebody else"
        self.typed[chat.id] = customer
        self.sent[chat.id] = (progress.otp.code, self.clock())


def test_nothing_reaches_a_level_that_was_not_proven(database: Database) -> None:
    machine = type("AttackerOnSql", (Attacker,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=80, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
