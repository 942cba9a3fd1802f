"""The bank's core system over HTTP (docs/bank-api.yml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn, TypeVar, cast
from urllib.parse import quote

from pydantic import Field, TypeAdapter

from shouwen.errors import BankRefused
from shouwen.outside.corebank import (
    Address,
    Application,
    Bill,
    Card,
    ComplaintFacts,
    Customer,
    LossStop,
    Quote,
    SmsNotice,
)
from shouwen.outside.partner import Method, Partner, Refused

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Match:
    matches: bool


@dataclass(frozen=True)
class _Cards:
    cards: Annotated[list[Card], Field(max_length=100)]


@dataclass(frozen=True)
class _Bills:
    bills: Annotated[list[Bill], Field(max_length=100)]


@dataclass(frozen=True)
class _Page:
    page: Address


_ANSWERS: Mapping[type[Any], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind)
    for kind in (Customer, LossStop, SmsNotice, Quote, Application, ComplaintFacts, _Match, _Cards, _Bills, _Page)
}


class HttpCoreBank:
    """The bank over HTTP."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner

    async def find_by_phone(self, phone: str) -> Customer | None:
        """See `CoreBank`."""
        return await self._maybe_customer("POST", "/v1/customers/search", {"phone": phone})

    async def customer(self, ref: str) -> Customer | None:
        """See `CoreBank`."""
        found = await self._maybe_customer("GET", f"/v1/customers/{_part(ref)}", None)
        self._check(found is None or found.ref == ref, "ref")
        return found

    async def matches(
        self, ref: str, *, name: str | None = None, id_number: str | None = None, card_tail: str | None = None
    ) -> bool:
        """See `CoreBank`. Raises ValueError when nothing is given: nothing would always match."""
        values = {"name": name, "id_number": id_number, "card_tail": card_tail}
        given = {field: value for field, value in values.items() if value is not None}
        if not given:
            raise ValueError("nothing to match")
        path = f"/v1/customers/{_part(ref)}/match"
        return (await self._ask(_Match, "POST", path, given, only_reads=True)).matches

    async def cards(self, ref: str) -> list[Card]:
        """See `CoreBank`."""
        return (await self._ask(_Cards, "GET", f"/v1/customers/{_part(ref)}/cards")).cards

    async def stop_card(self, card_id: str, key: str) -> LossStop:
        """See `CoreBank`."""
        stop = await self._ask(LossStop, "POST", f"/v1/cards/{_part(card_id)}/loss-stop", {}, key=key)
        self._check(stop.card.id == card_id and stop.card.state == "stopped", "card")
        return stop

    async def start_password_reset(self, ref: str, key: str) -> str:
        """See `CoreBank`."""
        return (await self._ask(_Page, "POST", f"/v1/customers/{_part(ref)}/password-reset", {}, key=key)).page

    async def sms_notice(self, ref: str) -> SmsNotice:
        """See `CoreBank`."""
        return await self._ask(SmsNotice, "GET", f"/v1/customers/{_part(ref)}/sms-notice")

    async def set_sms_notice(self, ref: str, on: bool, key: str) -> SmsNotice:
        """See `CoreBank`."""
        notice = await self._ask(SmsNotice, "PUT", f"/v1/customers/{_part(ref)}/sms-notice", {"on": on}, key=key)
        self._check(notice.on == on, "on")
        return notice

    async def bills(self, ref: str) -> list[Bill]:
        """See `CoreBank`."""
        return (await self._ask(_Bills, "GET", f"/v1/customers/{_part(ref)}/bills")).bills

    async def quote_instalment(self, bill_id: str, terms: int, key: str) -> Quote:
        """See `CoreBank`."""
        quoted = await self._ask(Quote, "POST", f"/v1/bills/{_part(bill_id)}/quotes", {"terms": terms}, key=key)
        self._check(quoted.terms == terms, "terms")
        # the customer decides by these numbers
        self._check(quoted.total == quoted.principal + quoted.fee_total, "total")
        self._check(quoted.total == quoted.first_payment + quoted.monthly * (terms - 1), "monthly")
        return quoted

    async def apply_instalment(self, quote_id: str, key: str) -> Application:
        """See `CoreBank`."""
        return await self._ask(Application, "POST", f"/v1/quotes/{_part(quote_id)}/application", {}, key=key)

    async def complaint_facts(self, ref: str) -> ComplaintFacts:
        """See `CoreBank`."""
        return await self._ask(ComplaintFacts, "GET", f"/v1/customers/{_part(ref)}/complaint-facts")

    def _check(self, holds: bool, field: str) -> None:
        if not holds:
            raise self._partner.nonsense(field)

    async def _maybe_customer(self, method: Method, path: str, body: dict[str, Any] | None) -> Customer | None:
        try:
            answer = await self._partner.ask(method, path, body, only_reads=True)
        except Refused as refused:
            if refused.why == "unknown_customer":
                return None
            _refuse(refused)
        return cast(Customer, self._partner.read(_ANSWERS[Customer], answer))

    async def _ask(
        self,
        kind: type[Answer],
        method: Method,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        only_reads: bool = False,
    ) -> Answer:
        try:
            answer = await self._partner.ask(method, path, body, key=key, only_reads=only_reads)
        except Refused as refused:
            _refuse(refused)
        return cast(Answer, self._partner.read(_ANSWERS[kind], answer))


def _refuse(refused: Refused) -> NoReturn:
    raise BankRefused(refused.why) from None


def _part(identifier: str) -> str:
    """An identifier as one part of a path, whatever it holds. `..` would climb, so it is refused (ValueError)."""
    if identifier.strip(".") == "":
        raise ValueError("is no identifier")
    return quote(identifier, safe="")
