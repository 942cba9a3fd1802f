"""The sandbox bank's process: core bank, SMS gateway and reset page in one, on loopback."""

import hmac
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sanic import HTTPResponse, Request, Sanic, json
from sanic.exceptions import SanicException

from shouwen.internal_secret import bank_secret, sms_secret
from shouwen.outside.partner import Pace, Partner
from shouwen.sandbox import reset_calls
from shouwen.sandbox.bank_calls import bank
from shouwen.sandbox.counter import Counter
from shouwen.sandbox.http import Sandbox
from shouwen.sandbox.ledger import Refusal
from shouwen.sandbox.once import Once
from shouwen.sandbox.outbox import Outbox
from shouwen.sandbox.reset import PageRefusal, ResetPage
from shouwen.sandbox.seeds import fresh_ledger
from shouwen.sandbox.sign_in import SignIn
from shouwen.sandbox.sms_calls import sms
from shouwen.sandbox.trial_calls import trial
from shouwen.sandbox.weather import Sky
from shouwen.settings import Settings

log = logging.getLogger(__name__)

_BODY_LIMIT = 64 * 1024  # bytes
_OPEN = ("/reset", "/jwks.json", "/healthz", "/favicon.ico")  # everything else needs the secret


def make_app(settings: Settings, now: Callable[[], datetime], name: str = "shouwen-sandbox") -> "Sanic[Any, Any]":
    """A bank of its own with fresh customers; nothing of it outlives the application."""
    ours = Partner("web", settings.own_url, bank_secret(settings), Pace(settings.bank_timeout, settings.bank_calls))
    ledger = fresh_ledger(now())
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _BODY_LIMIT
    app.config.OAS = False
    app.ctx.sandbox = Sandbox(
        ledger=ledger,
        counter=Counter(ledger, now),
        outbox=Outbox(now),
        sign_in=SignIn(now),
        reset_page=ResetPage(ledger, ours, now),
        once=Once(),
        sky=Sky(),
        now=now,
    )
    secrets = {"/sms/": sms_secret(settings), "/": bank_secret(settings)}

    async def guard(request: Request) -> None:
        if request.path in _OPEN or request.path.startswith("/assets/"):
            return
        secret = next(secret for prefix, secret in secrets.items() if request.path.startswith(prefix))
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            raise Refusal(401, "not_allowed")

    async def close(_app: "Sanic[Any, Any]") -> None:
        await ours.close()

    app.register_middleware(guard, "request")
    for calls in (bank, sms, trial):
        app.blueprint(calls)
    reset_calls.add_page(app, settings)
    app.add_route(alive, "/healthz")
    app.after_server_stop(close)
    app.exception(Exception)(answer_error)
    return app


async def alive(_request: Request) -> HTTPResponse:
    """The process runs."""
    return json({"status": "ok"})


async def answer_error(_request: Request, error: Exception) -> HTTPResponse:
    """Every error as `{"error": {"code", …}}`."""
    if isinstance(error, PageRefusal):
        left = {} if error.left is None else {"left": error.left}
        return json({"error": {"code": error.code, "message": error.message, **left}}, error.status)
    if isinstance(error, Refusal):
        return json({"error": {"code": error.code}}, error.status)
    if isinstance(error, SanicException) and error.status_code < 500:
        return json({"error": {"code": "not_found" if error.status_code == 404 else "bad_request"}}, error.status_code)
    log.error("the sandbox failed", exc_info=error)
    return json({"error": {"code": "internal"}}, 500)
