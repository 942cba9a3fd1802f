"""What the sandbox bank knows of its customers, in memory. Nothing here is ever written to disk."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from shouwen.errors import ShouwenError
from shouwen.outside.corebank import Card, Customer

_NEWCOMERS = 400  # as many as ID numbers of one birthday can tell apart


class Refusal(ShouwenError):
    """The bank says no: an HTTP status and a word of docs/bank-api.yml."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass
class CardAccount:
    """A card with what the bank alone knows of it."""

    id: str
    tail: str
    kind: Literal["debit", "credit"]
    state: Literal["normal", "frozen", "closed"]
    pin: str
    stopped_until: datetime | None = None
    receipt: str = ""

    def is_stopped(self, now: datetime) -> bool:
        """Whether a temporary loss stop lasts; it ends by itself."""
        return self.stopped_until is not None and now < self.stopped_until

    def public(self, now: datetime) -> Card:
        """The card as others may see it."""
        if self.is_stopped(now):
            return Card(self.id, self.tail, self.kind, "stopped", self.stopped_until)
        return Card(self.id, self.tail, self.kind, self.state, None)


@dataclass
class BillAccount:
    """An open bill of a credit card."""

    id: str
    card_tail: str
    amount: Decimal
    due: date
    title: str
    in_instalments: bool = False


@dataclass
class Person:
    """A customer with everything the bank has on file."""

    ref: str
    name: str
    salutation: str
    id_number: str
    phone: str
    state: Literal["active", "frozen", "closed", "locked"]
    elder: bool
    phone_since: date
    app_since: date | None
    customer_since: date
    branch: str
    sms_on: bool
    about: str
    cards: Sequence[CardAccount]
    bills: Sequence[BillAccount]
    password_hash: bytes = b""
    password_changed_at: datetime | None = None
    cool_down_until: datetime | None = None

    def public(self) -> Customer:
        """What the assistant is told."""
        return Customer(
            self.ref, self.salutation, self.state, self.elder, self.phone, self.phone_since, self.app_since
        )  # fmt: skip


@dataclass
class Ledger:
    """All customers, and the searches a bank offers."""

    people: list[Person]
    newcomers: int = 0

    def add(self, person: Person) -> None:
        """Take a customer in after the start. Raises Refusal 409 when the bank is full."""
        if self.newcomers >= _NEWCOMERS:
            raise Refusal(409, "bank_is_full")
        self.people.append(person)
        self.newcomers += 1

    def by_ref(self, ref: str) -> Person:
        """The customer. Raises Refusal 404."""
        for person in self.people:
            if person.ref == ref:
                return person
        raise Refusal(404, "unknown_customer")

    def by_phone(self, phone: str) -> Person | None:
        """The one customer with this number. Every search looks at every customer, whether it finds one or not."""
        found = [person for person in self.people if _same(person.phone, phone)]
        return found[0] if len(found) == 1 else None

    def matches(self, ref: str, given: Mapping[str, str]) -> bool:
        """Whether name, ID number and card tail, as far as given, are right. Compares all of them in any case."""
        right = False
        for person in self.people:
            tails = [card.tail for card in person.cards if card.state != "closed"]
            checks = [
                _same(person.ref, ref),
                _same(person.name, given.get("name", person.name).strip()),
                _same(person.id_number, given.get("id_number", person.id_number).strip().upper()),
                any([_same(tail, given["card_tail"]) for tail in tails]) if "card_tail" in given else True,  # noqa: C419
            ]
            right |= all(checks)
        return right

    def card(self, card_id: str) -> CardAccount:
        """The card. Raises Refusal 404."""
        for person in self.people:
            for card in person.cards:
                if card.id == card_id:
                    return card
        raise Refusal(404, "unknown_card")

    def bill(self, bill_id: str) -> tuple[Person, BillAccount]:
        """The bill and whose it is. Raises Refusal 404."""
        for person in self.people:
            for bill in person.bills:
                if bill.id == bill_id:
                    return person, bill
        raise Refusal(404, "unknown_bill")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
