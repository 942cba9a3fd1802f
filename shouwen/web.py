"""The web process: the only door for customers (design.md 3)."""

import asyncio
import logging
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import HTTPResponse, Request, Sanic, json, raw
from sanic.exceptions import NotFound as NoSuchRoute
from sanic.exceptions import PayloadTooLarge, SanicException

from shouwen import errors, internal, pages, readiness
from shouwen.conversations import store as conversations
from shouwen.conversations.api import chat
from shouwen.conversations.jobs import keep_repairing
from shouwen.conversations.limits import RateLimits
from shouwen.conversations.live import socket
from shouwen.identity.api import identity
from shouwen.identity.jobs import keep_forgetting_checks
from shouwen.recurring import keep_doing
from shouwen.sandbox.proxy import add_sandbox
from shouwen.servicing.api import bank
from shouwen.servicing.jobs import ServicingJobs, keep_servicing
from shouwen.settings import Settings
from shouwen.vault.jobs import keep_forgetting_originals
from shouwen.web_errors import error_body, status
from shouwen.wiring import Web, open_web

log = logging.getLogger(__name__)

BODY_LIMIT = 64 * 1024  # bytes
CONTENT_EVERY = 5.0  # seconds


def make_app(settings: Settings, name: str = "shouwen") -> "Sanic[Any, Any]":
    """The Sanic application. Parts are opened when it starts and closed when it stops."""
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = BODY_LIMIT
    app.config.WEBSOCKET_MAX_SIZE = BODY_LIMIT
    app.config.PROXIES_COUNT = settings.trusted_proxies or None
    app.config.OAS = False
    app.ctx.settings = settings
    app.ctx.openapi = yaml.safe_load((Path(__file__).parent / "openapi.yml").read_text(encoding="utf-8"))
    app.ctx.limits = RateLimits(settings.redis_url.get_secret_value(), enabled=settings.rate_limit == "on")
    app.blueprint(chat)
    app.blueprint(socket)
    app.blueprint(identity)
    app.blueprint(bank)
    pages.add_pages(app, settings)
    add_sandbox(app, settings)
    app.add_route(alive, "/healthz")
    app.add_route(ready, "/readyz")
    app.add_route(metrics, "/metrics")
    app.add_route(openapi, "/openapi.json")
    app.add_route(internal.say, "/internal/say", methods=["POST"])
    app.before_server_start(_open)
    app.after_server_stop(_close)
    app.exception(Exception)(answer_error)
    return app


async def alive(_request: Request) -> HTTPResponse:
    """The process runs."""
    return json({"status": "ok"})


async def ready(request: Request) -> HTTPResponse:
    """Each part with a word; 503 when one is not ready."""
    parts = await readiness.check(request.app.ctx.web)
    return json(
        {name: word for name, (_ok, word) in parts.items()}, 200 if all(ok for ok, _ in parts.values()) else 503
    )


async def metrics(_request: Request) -> HTTPResponse:
    """Prometheus."""
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)


async def openapi(request: Request) -> HTTPResponse:
    """What every call takes and gives."""
    return json(request.app.ctx.openapi)


async def answer_error(request: Request, error: Exception) -> HTTPResponse:
    """The outermost edge: every error becomes the error object of api.md."""
    known = _known(error)
    web: Web = request.app.ctx.web
    body = error_body(web.content(), known, web.now())
    if type(known) is errors.ShouwenError:
        log.error("unexpected error, reference %s", body["reference"], exc_info=error)
    headers = {"Retry-After": str(known.retry_after)} if isinstance(known, errors.TooManyRequests) else {}
    code = error.status_code if isinstance(error, SanicException) else status(known)
    return json({"error": body}, code, headers)


def _known(error: Exception) -> errors.ShouwenError:
    if isinstance(error, errors.ShouwenError):
        return error
    if isinstance(error, PayloadTooLarge):
        return errors.MessageTooLong(BODY_LIMIT)
    if isinstance(error, NoSuchRoute):
        return errors.NotFound("path", "")
    if isinstance(error, SanicException) and error.status_code < 500:
        return errors.InvalidInput("body", "cannot be read")
    return errors.ShouwenError("unexpected")


async def _open(app: "Sanic[Any, Any]") -> None:
    stack = app.ctx.stack = AsyncExitStack()
    web = app.ctx.web = await stack.enter_async_context(open_web(app.ctx.settings))
    readiness.warn_of_calendar(web.calendar, web.now())
    jobs = (
        keep_repairing(web.runner),
        keep_doing("looking for newer content", CONTENT_EVERY, web.content.refresh, at_once=False),
        keep_forgetting_checks(web.database, web.now),
        keep_forgetting_originals(web.database, web.settings.transcript_days, conversations.open_contacts, web.now),
        keep_servicing(ServicingJobs(web.database, web.bank, web.messenger, web.bus, web.content, web.now)),
    )
    app.ctx.jobs = [asyncio.create_task(job) for job in jobs]


async def _close(app: "Sanic[Any, Any]") -> None:
    for job in app.ctx.jobs:
        job.cancel()
        with suppress(asyncio.CancelledError):
            await job
    await app.ctx.stack.aclose()
