"""The core bank's calls (docs/bank-api.yml)."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from sanic import Blueprint, HTTPResponse, Request

from shouwen.outside.corebank import ComplaintFacts
from shouwen.sandbox.http import answer, answer_once, read, sandbox_of
from shouwen.sandbox.ledger import Refusal
from shouwen.sandbox.weather import under

bank = Blueprint("bank", url_prefix="/v1")
before, after = under("bank")
bank.middleware("request")(before)
bank.middleware("response")(after)


@dataclass(frozen=True)
class _Search:
    phone: Annotated[str, Field(min_length=1, max_length=32)]


@dataclass(frozen=True)
class _Match:
    name: Annotated[str, Field(max_length=64)] | None = None
    id_number: Annotated[str, Field(max_length=32)] | None = None
    card_tail: Annotated[str, Field(max_length=32)] | None = None

    def given(self) -> dict[str, str]:
        """What is to be compared. Raises Refusal when that is nothing."""
        values = {"name": self.name, "id_number": self.id_number, "card_tail": self.card_tail}
        given = {field: value for field, value in values.items() if value is not None}
        if not given:
            raise Refusal(400, "bad_request")
        return given


@dataclass(frozen=True)
class _Switch:
    on: bool


@dataclass(frozen=True)
class _Terms:
    terms: int


@bank.post("/customers/search")
async def search(request: Request) -> HTTPResponse:
    """The customer with a number on file."""
    person = sandbox_of(request).ledger.by_phone(read(request, _Search).phone)
    if person is None:
        raise Refusal(404, "unknown_customer")
    return answer(person.public())


@bank.get("/customers/<ref:str>")
async def customer(request: Request, ref: str) -> HTTPResponse:
    """A customer by reference."""
    return answer(sandbox_of(request).ledger.by_ref(ref).public())


@bank.post("/customers/<ref:str>/match")
async def match(request: Request, ref: str) -> HTTPResponse:
    """Whether what is given is right; an unknown customer never matches."""
    return answer({"matches": sandbox_of(request).ledger.matches(ref, read(request, _Match).given())})


@bank.get("/customers/<ref:str>/cards")
async def cards(request: Request, ref: str) -> HTTPResponse:
    """The cards as they are now."""
    parts = sandbox_of(request)
    return answer({"cards": [card.public(parts.now()) for card in parts.ledger.by_ref(ref).cards]})


@bank.post("/cards/<card_id:str>/loss-stop")
async def stop_card(request: Request, card_id: str) -> HTTPResponse:
    """Stop a card for the time being."""
    return answer_once(request, lambda: sandbox_of(request).counter.stop_card(card_id))


@bank.post("/customers/<ref:str>/password-reset")
async def start_password_reset(request: Request, ref: str) -> HTTPResponse:
    """The address of the reset page, which is served beside this call."""

    def work() -> dict[str, Any]:
        sandbox_of(request).counter.may_reset_password(ref)
        return {"page": f"http://{request.host}/reset"}

    return answer_once(request, work)


@bank.get("/customers/<ref:str>/sms-notice")
async def sms_notice(request: Request, ref: str) -> HTTPResponse:
    """The SMS notice as it is."""
    return answer(sandbox_of(request).counter.sms_notice(ref))


@bank.put("/customers/<ref:str>/sms-notice")
async def set_sms_notice(request: Request, ref: str) -> HTTPResponse:
    """Turn it on or off."""
    wanted = read(request, _Switch).on
    return answer_once(request, lambda: sandbox_of(request).counter.set_sms_notice(ref, wanted))


@bank.get("/customers/<ref:str>/bills")
async def bills(request: Request, ref: str) -> HTTPResponse:
    """Open credit card bills."""
    return answer({"bills": sandbox_of(request).counter.bills(ref)})


@bank.post("/bills/<bill_id:str>/quotes")
async def quote(request: Request, bill_id: str) -> HTTPResponse:
    """What instalments would cost."""
    terms = read(request, _Terms).terms
    return answer_once(request, lambda: sandbox_of(request).counter.quote(bill_id, terms))


@bank.post("/quotes/<quote_id:str>/application")
async def application(request: Request, quote_id: str) -> HTTPResponse:
    """Take up a quote."""
    return answer_once(request, lambda: sandbox_of(request).counter.apply(quote_id))


@bank.get("/customers/<ref:str>/complaint-facts")
async def complaint_facts(request: Request, ref: str) -> HTTPResponse:
    """Since when, and of which branch."""
    person = sandbox_of(request).ledger.by_ref(ref)
    return answer(ComplaintFacts(person.customer_since, person.branch))
