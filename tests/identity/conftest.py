"""A conversation whose customer is checked, step by step, on real SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from shouwen.conversations import sessions
from shouwen.conversations import store as conversations
from shouwen.db import Database
from shouwen.identity import service
from shouwen.identity import tables as t
from shouwen.identity.level import Act, Standing
from shouwen.identity.progress import Channel, Granted, Locked, OpenStep, Progress, Prompt
from shouwen.identity.rules import Rules
from shouwen.outside.corebank import Customer
from tests.conftest import Clock

T = TypeVar("T")
DAY = sessions.Lifetime(timedelta(days=1), timedelta(days=7))
RULES = Rules(key=b"k" * 32)
ADDRESS = "203.0.113.77"
PHONE = "13800138011"
OTHER_PHONE = "13800138022"
WANG = Customer("c-wang", "王女士", "active", False, PHONE, date(2020, 1, 1), date(2021, 1, 1))
LI = Customer("c-li", "李先生", "active", False, OTHER_PHONE, date(2020, 1, 1), None)


@dataclass
class Chat:
    """One conversation. `now` is the clock's; `form` the form that waits; `codes` what was sent, oldest first."""

    database: Database
    clock: Clock
    rules: Rules = RULES
    address: str = ADDRESS
    device: str | None = None
    id: str = ""
    form: str = ""
    codes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = self.write(
            lambda tx: sessions.open_conversation(tx, "web", None, DAY, self.clock(), device=self.device)
        )[0].id

    def write(self, work: Callable[[Connection], T]) -> T:
        return self.database.write_now(work)

    def begin(self, act: Act = "password_reset") -> Prompt | Granted | Locked:
        begun = self.write(lambda tx: service.begin(tx, self.rules, self.id, act, self.clock()))
        if isinstance(begun, Prompt):
            self.form = begun.values["secure_form"]["form"]
        return begun

    def step(self, form: str | None = None) -> OpenStep:
        return self.write(lambda tx: service.open_step(tx, self.id, form or self.form, self.clock()))

    def phone(self, customer: Customer | None = WANG, phone: str | None = None, simple: bool = False) -> Progress:
        typed = phone or (customer.phone if customer else "13900139000")
        return self._take(
            lambda tx, step: service.take_phone(
                tx, self.rules, step, typed, customer, self.address, simple, self.clock()
            )
        )

    def code(self, code: str | None = None) -> Progress:
        typed = self.codes[-1] if code is None else code
        return self._take(lambda tx, step: service.take_otp(tx, self.rules, step, typed, self.address, self.clock()))

    def wrong_code(self) -> Progress:
        return self.code(f"{(int(self.codes[-1]) + 1) % 10**6:06}")

    def details(self, matched: bool = True, card_tail: str | None = None) -> Progress:
        return self._take(
            lambda tx, step: service.take_details(tx, self.rules, step, matched, card_tail, self.address, self.clock())
        )

    def again(self, channel: Channel = "sms") -> Progress:
        return self._noted(
            self.write(
                lambda tx: service.send_again(tx, self.rules, self.id, self.form, channel, self.address, self.clock())
            )
        )

    def signs_in(self, customer: Customer = WANG, jti: str = "j1", life: float = 60) -> Progress:
        expires = self.clock() + timedelta(seconds=life)
        return self.write(
            lambda tx: service.bank_signed_in(tx, self.rules, self.id, customer, jti, expires, self.clock())
        )

    def reach(self, act: Act = "password_reset", customer: Customer = WANG) -> Progress:
        """All steps of an act, every answer right."""
        self.begin(act)
        progress = self.phone(customer)
        progress = self.code()
        if progress.state == "next":
            progress = self.details(card_tail="0128" if act == "loss_stop" else None)
        return progress

    def cancel(self) -> None:
        self.write(lambda tx: service.cancel(tx, self.id, self.clock()))

    def touch(self) -> None:
        self.write(lambda tx: service.touch(tx, self.id, self.clock()))

    @property
    def standing(self) -> Standing:
        return self.database.read_now(lambda tx: service.standing(tx, self.id, self.clock()))

    def allows(self, act: Act) -> bool:
        return self.database.read_now(lambda tx: service.allows(tx, self.id, act, self.clock()))

    def conversation(self) -> conversations.Conversation:
        found = self.database.read_now(lambda tx: conversations.conversation(tx, self.id))
        assert found is not None
        return found

    def _take(self, take: Callable[[Connection, OpenStep], Progress]) -> Progress:
        step = self.step()
        return self._noted(self.write(lambda tx: take(tx, step)))

    def _noted(self, progress: Progress) -> Progress:
        for _, values in progress.replies:
            self.form = values.get("secure_form", {"form": ""})["form"]
        if progress.otp:
            self.codes.append(progress.otp.code)
        return progress


def said(progress: Progress) -> str:
    """The name of the one reply."""
    [(name, _)] = progress.replies
    return name


def values(progress: Progress) -> Mapping[str, Any]:
    """The values of the one reply."""
    [(_, given)] = progress.replies
    return given


def events(database: Database) -> list[tuple[str, str | None]]:
    """Kind and reason of what the security log holds, oldest first."""
    log = t.security_event
    rows = database.read_now(lambda tx: tx.execute(select(log.c.kind, log.c.reason).order_by(log.c.id)).all())
    return [(row.kind, row.reason) for row in rows]


@pytest.fixture
def chat(database: Database, clock: Clock) -> Chat:
    return Chat(database, clock)


@pytest.fixture
def another(database: Database, clock: Clock) -> Callable[..., Chat]:
    def make(**given: Any) -> Chat:
        return Chat(database, clock, **given)

    return make
