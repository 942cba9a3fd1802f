"""The bank's core system: who a customer is, and what is done for one (docs/bank-api.yml)."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Protocol
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _decimal(text: Any) -> Decimal:
    # money is text in JSON: a number would pass through binary fractions on somebody's side
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError("is not an amount")
    return Decimal(text)


def _page(address: str) -> str:
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not (safe and parts.hostname) or parts.fragment or parts.query:
        raise ValueError("is not a page's address")
    return address


Id = Annotated[str, Field(min_length=1, max_length=128)]
Tail = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
Amount = Annotated[Decimal, BeforeValidator(_decimal)]
Words = Annotated[str, Field(min_length=1, max_length=64)]
Address = Annotated[str, Field(max_length=512), AfterValidator(_page)]


@dataclass(frozen=True)
class Customer:
    """A customer as the bank has one on file. `phone` is full and must never be stored."""

    ref: Id
    salutation: Words
    state: Literal["active", "frozen", "closed", "locked"]
    elder: bool
    phone: Annotated[str, Field(pattern=r"^\+?[0-9]{6,15}$")]
    phone_since: date
    app_since: date | None


@dataclass(frozen=True)
class Card:
    """A card of a customer. `stopped_until` is when a temporary loss stop ends by itself."""

    id: Id
    tail: Tail
    kind: Literal["debit", "credit"]
    state: Literal["normal", "stopped", "frozen", "closed"]
    stopped_until: AwareDatetime | None


@dataclass(frozen=True)
class LossStop:
    """A temporary loss stop. `already`: the card had been stopped before, and nothing changed."""

    card: Card
    until: AwareDatetime
    receipt: Id
    already: bool


@dataclass(frozen=True)
class SmsNotice:
    """The notice by SMS of what moves on an account. `effective_at` and `receipt` belong to a change."""

    on: bool
    fee_month: Amount
    effective_at: AwareDatetime | None
    receipt: Id | None


@dataclass(frozen=True)
class Bill:
    """An open credit card bill; `title` is the bank's own, in Chinese."""

    id: Id
    card_tail: Tail
    amount: Amount
    due: date
    title: Words
    instalment_allowed: bool


@dataclass(frozen=True)
class Quote:
    """What paying a bill in instalments costs. `annual_rate` is in percent, from the internal rate of return."""

    id: Id
    principal: Amount
    fee_total: Amount
    total: Amount
    first_payment: Amount
    terms: Annotated[int, Field(ge=2, le=60)]
    monthly: Amount
    annual_rate: Amount
    valid_until: AwareDatetime


@dataclass(frozen=True)
class Application:
    """Instalments that were granted."""

    receipt: Id
    first_due: date


@dataclass(frozen=True)
class ComplaintFacts:
    """What a complaint's file says of the customer."""

    customer_since: date
    branch: Words


class CoreBank(Protocol):
    """What the assistant asks of the bank. `key` is an idempotency key: the same key, the same effect, once.

    Every call raises Unavailable("bank", …) when there is no sound answer in time, BankRefused when the bank says no.
    """

    async def find_by_phone(self, phone: str) -> Customer | None:
        """The one customer with this number on file. A number that several share finds nobody."""
        ...

    async def customer(self, ref: str) -> Customer | None:
        """The customer, or None when the bank knows none."""
        ...

    async def matches(
        self, ref: str, *, name: str | None = None, id_number: str | None = None, card_tail: str | None = None
    ) -> bool:
        """Whether everything that is given is right. Never which of it was wrong (ASVS 6.3.8)."""
        ...

    async def cards(self, ref: str) -> list[Card]:
        """The customer's cards, closed ones included."""
        ...

    async def stop_card(self, card_id: str, key: str) -> LossStop:
        """Stop a card for the time being."""
        ...

    async def start_password_reset(self, ref: str, key: str) -> str:
        """The address of the bank's own page, to which our token is added as the fragment (identity §3.3)."""
        ...

    async def sms_notice(self, ref: str) -> SmsNotice:
        """The SMS notice as it is."""
        ...

    async def set_sms_notice(self, ref: str, on: bool, key: str) -> SmsNotice:
        """Turn it on or off."""
        ...

    async def bills(self, ref: str) -> list[Bill]:
        """Open bills of the customer's credit cards."""
        ...

    async def quote_instalment(self, bill_id: str, terms: int, key: str) -> Quote:
        """What `terms` monthly payments would cost; binding until `valid_until`."""
        ...

    async def apply_instalment(self, quote_id: str, key: str) -> Application:
        """Take up a quote."""
        ...

    async def complaint_facts(self, ref: str) -> ComplaintFacts:
        """Since when, and of which branch, somebody is a customer."""
        ...
