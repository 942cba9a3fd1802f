"""The customers at the start of the process, from `customers.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, TypeAdapter

from shouwen.sandbox.ledger import BillAccount, CardAccount, Ledger, Person
from shouwen.text.identifiers import id_checksum_holds
from shouwen.text.zh import SHANGHAI

_FOLDER = Path(__file__).parent
Days = Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class _SeedCard:
    tail: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    kind: Literal["debit", "credit"]
    pin: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    state: Literal["normal", "frozen", "closed"] = "normal"
    stopped_for: Days | None = None


@dataclass(frozen=True)
class _SeedBill:
    card_tail: str
    amount: Decimal
    due: Days


@dataclass(frozen=True)
class _SeedPerson:
    ref: str
    name: str
    salutation: str
    id_number: str
    phone: str
    phone_since: Days
    app_since: Days | None
    customer_since: Days
    branch: str
    sms_on: bool
    about: str
    cards: list[_SeedCard]
    bills: list[_SeedBill] = field(default_factory=list)
    state: Literal["active", "frozen", "closed", "locked"] = "active"
    elder: bool = False


@cache
def words() -> Mapping[str, Any]:
    """What customers of the sandbox bank read."""
    return dict(yaml.safe_load((_FOLDER / "words.yml").read_text(encoding="utf-8")))


def fresh_ledger(now: datetime) -> Ledger:
    """All customers as of `now`, nothing done yet."""
    return Ledger([_person(seed, now) for seed in _seeds()])


def newcomer(like: str, number: int, now: datetime) -> Person | None:
    """One more customer like a seeded one, with a reference, a telephone and an ID number of their own.

    `number` is below 500. None when nobody is seeded under this reference.
    """
    seed = next((seed for seed in _seeds() if seed.ref == like), None)
    if seed is None:
        return None
    person = _person(replace(seed, ref=f"{like}-{number}"), now)
    person.phone = f"1390000{number:04}"
    person.id_number = _id_number(seed.id_number[:14], 2 * number + int(seed.id_number[16]) % 2)
    return person


def _id_number(district_and_birth: str, serial: int) -> str:
    digits = f"{district_and_birth}{serial:03}"
    return next(digits + sign for sign in "0123456789X" if id_checksum_holds(digits + sign))


@cache
def _seeds() -> list[_SeedPerson]:
    raw = yaml.safe_load((_FOLDER / "customers.yml").read_text(encoding="utf-8"))
    return TypeAdapter(list[_SeedPerson]).validate_python(raw)


def _person(seed: _SeedPerson, now: datetime) -> Person:
    today = now.astimezone(SHANGHAI).date()
    return Person(
        ref=seed.ref,
        name=seed.name,
        salutation=seed.salutation,
        id_number=seed.id_number,
        phone=seed.phone,
        state=seed.state,
        elder=seed.elder,
        phone_since=today - timedelta(days=seed.phone_since),
        app_since=None if seed.app_since is None else today - timedelta(days=seed.app_since),
        customer_since=today - timedelta(days=seed.customer_since),
        branch=seed.branch,
        sms_on=seed.sms_on,
        about=seed.about,
        cards=[_card(seed.ref, number, card, now) for number, card in enumerate(seed.cards, 1)],
        bills=[_bill(seed.ref, number, bill, now) for number, bill in enumerate(seed.bills, 1)],
    )


def _card(ref: str, number: int, seed: _SeedCard, now: datetime) -> CardAccount:
    card = CardAccount(f"{ref}-C{number}", seed.tail, seed.kind, seed.state, seed.pin)
    if seed.stopped_for is not None:
        card.stopped_until, card.receipt = now + timedelta(days=seed.stopped_for), f"LS-{ref}-{number}"
    return card


def _bill(ref: str, number: int, seed: _SeedBill, now: datetime) -> BillAccount:
    due = now.astimezone(SHANGHAI).date() + timedelta(days=seed.due)
    title = str(words()["bill_title"]).format(month=due.month)
    return BillAccount(f"{ref}-B{number}", seed.card_tail, seed.amount, due, title)
