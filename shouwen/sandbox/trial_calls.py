"""What a real bank would not have: a look at its customers and their telephones, sign-in by name, weather to order."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from pydantic import Field
from sanic import Blueprint, HTTPResponse, Request

from shouwen.sandbox.http import Sandbox, answer, read, sandbox_of
from shouwen.sandbox.ledger import Person, Refusal
from shouwen.sandbox.seeds import newcomer
from shouwen.sandbox.weather import System, Weather

trial = Blueprint("trial")


@dataclass(frozen=True)
class _Who:
    ref: str


@dataclass(frozen=True)
class _Like:
    like: str


@dataclass(frozen=True)
class _WeatherOrder:
    mode: Literal["fine", "slow", "down", "nonsense"]
    seconds: Annotated[float, Field(ge=0, le=60)] = 10.0
    system: System = "bank"


@trial.get("/sandbox/outbox")
async def outbox(request: Request) -> HTTPResponse:
    """The messages "sent"."""
    return answer([asdict(message) for message in sandbox_of(request).outbox.all()])


@trial.get("/sandbox/customers")
async def customers(request: Request) -> HTTPResponse:
    """The customers with all that a person who tries the system needs to know."""
    parts = sandbox_of(request)
    return answer([_shown(person, parts) for person in parts.ledger.people])


@trial.post("/sandbox/customers")
async def arrive(request: Request) -> HTTPResponse:
    """One more customer like a seeded one: limits count by telephone, and a trial may need many."""
    parts, like = sandbox_of(request), read(request, _Like).like
    person = newcomer(like, parts.ledger.newcomers, parts.now())
    if person is None:
        raise Refusal(404, "unknown_customer")
    parts.ledger.add(person)
    return answer(_shown(person, parts))


@trial.post("/sandbox/bank-token")
async def bank_token(request: Request) -> HTTPResponse:
    """What the bank's app would hand over once this customer has signed in."""
    parts, ref = sandbox_of(request), read(request, _Who).ref
    parts.counter.may_sign_in(ref)
    return answer({"bank_token": parts.sign_in.token(ref)})


@trial.post("/sandbox/weather")
async def weather(request: Request) -> HTTPResponse:
    """How the bank behaves from now on."""
    order = read(request, _WeatherOrder)
    sandbox_of(request).sky.change(order.system, Weather(order.mode, order.seconds))
    return answer({})


@trial.get("/jwks.json")
async def key_set(request: Request) -> HTTPResponse:
    """The keys bank tokens are signed with."""
    return answer(sandbox_of(request).sign_in.key_set())


def _shown(person: Person, parts: Sandbox) -> dict[str, Any]:
    now = parts.now()
    cards = [{"tail": c.tail, "kind": c.kind, "state": c.public(now).state, "pin": c.pin} for c in person.cards]
    return {
        "ref": person.ref,
        "name": person.name,
        "id_number": person.id_number,
        "phone": person.phone,
        "cards": cards,
        "about": person.about,
        "has_app": person.app_since is not None,
        "password_changed_at": person.password_changed_at,
        "cool_down_until": person.cool_down_until,
    }
