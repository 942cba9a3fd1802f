"""What all calls of the sandbox share: its parts, reading a body, writing an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from sanic import HTTPResponse, Request, raw

from shouwen.sandbox.counter import Counter
from shouwen.sandbox.ledger import Ledger, Refusal
from shouwen.sandbox.once import Once
from shouwen.sandbox.outbox import Outbox
from shouwen.sandbox.reset import ResetPage
from shouwen.sandbox.sign_in import SignIn
from shouwen.sandbox.weather import Sky

Body = TypeVar("Body")


@dataclass(frozen=True)
class Sandbox:
    """The parts of one sandbox bank."""

    ledger: Ledger
    counter: Counter
    outbox: Outbox
    sign_in: SignIn
    reset_page: ResetPage
    once: Once
    sky: Sky
    now: Callable[[], datetime]


def sandbox_of(request: Request) -> Sandbox:
    """The parts that serve this request."""
    sandbox: Sandbox = request.app.ctx.sandbox
    return sandbox


def read(request: Request, kind: type[Body]) -> Body:
    """The body. Raises Refusal 400."""
    try:
        body: Body = _adapter(kind).validate_json(request.body, strict=True)
    except ValidationError:
        raise Refusal(400, "bad_request") from None
    return body


def answer(thing: Any) -> HTTPResponse:
    """JSON with amounts as text and times in ISO 8601."""
    return _json(_adapter(type(thing)).dump_json(thing))


def answer_once(request: Request, work: Callable[[], Any]) -> HTTPResponse:
    """The same, at most once for an `Idempotency-Key`. Raises Refusal without one."""
    call, key = f"{request.method} {request.path}", request.headers.get("Idempotency-Key", "")

    def run() -> bytes:
        thing = work()
        return _adapter(type(thing)).dump_json(thing)

    return _json(sandbox_of(request).once.run(call, key, request.body, run))


def _json(body: bytes) -> HTTPResponse:
    return raw(body, content_type="application/json", headers={"Cache-Control": "no-store"})


def _adapter(kind: Any) -> "TypeAdapter[Any]":
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


_adapters: dict[Any, "TypeAdapter[Any]"] = {}
