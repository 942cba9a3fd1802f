"""Our input channel: the gateway's only way in. Loopback, a shared secret, JSON, no slash payloads.

POST /webhooks/shouwen/turn
    {sender, message_id, text | intent, entities?, metadata?, ephemeral?}     `intent`: a full label, from a button
    → {message_id, replies: [{name, values, buttons?}], parse, active_form, requested_slot, model_id, repeated}
    parse: {intent, decision: answer|ask_back|refuse|miss, candidates, confidence, ranking: [{label, confidence}],
    entities: [{entity, value, start, end, extractor}]}
    The same message_id again is answered from the tracker (`repeated`). `ephemeral` leaves nothing behind.
POST /webhooks/shouwen/parse    {texts: […]} → {parses: [parse, …], model_id}
GET /webhooks/shouwen/health    → {status: "ready", model_id}; no secret needed
Errors: {error: {code, message, reference?}}, see `errors`; nothing has been stored then.
"""

import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from shouwen_engine.assistant import CHANNEL, Assistant
from shouwen_engine.calls import read_texts, read_turn
from shouwen_engine.errors import BadCall, EngineError, NotAllowed

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Shouwen-Secret"


class GatewayChannel(InputChannel):
    """`turn`, `parse` and `health` under /webhooks/shouwen."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    @classmethod
    def name(cls) -> str:
        """See InputChannel."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Optional[dict[str, Any]]) -> InputChannel:
        """The channel of credentials.yml. Without a secret nobody gets in."""
        secret = (credentials or {}).get("secret") or ""
        if not secret or secret.startswith("${"):
            cls.raise_missing_credentials_exception()
        return cls(secret)

    def blueprint(self, _on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. The assistant lies in the application's context."""
        routes = Blueprint("shouwen_channel")

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ready", "model_id": _assistant(request).model_id})

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            self._check(request)
            return json(await _assistant(request).turn(read_turn(_body(request))))

        @routes.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            self._check(request)
            assistant = _assistant(request)
            found = await assistant.parse(read_texts(_body(request)))
            return json({"parses": found, "model_id": assistant.model_id})

        return routes

    def _check(self, request: Request) -> None:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            raise NotAllowed


def answer_error(_request: Request, error: Exception) -> HTTPResponse:
    """An error as JSON: a code, and a reference into the log for what is our fault. Never what was said."""
    if isinstance(error, SanicException):
        return json({"error": {"code": "bad_call", "message": str(error)[:200]}}, error.status_code)
    if not isinstance(error, EngineError):
        error = _unforeseen(error)
    body: dict[str, Any] = {"code": error.code, "message": str(error)[:200]}
    if error.status >= 500:
        body["reference"] = secrets.token_hex(4)
        log.error("%s: %s, reference %s", error.code, error, body["reference"], exc_info=error.__cause__)
    return json({"error": body}, error.status)


def _unforeseen(error: Exception) -> EngineError:
    internal = EngineError("unforeseen")
    internal.__cause__ = error
    return internal


def _assistant(request: Request) -> Assistant:
    assistant: Assistant = request.app.ctx.assistant
    return assistant


def _body(request: Request) -> Any:
    try:
        return request.json
    except SanicException:
        raise BadCall("body", "is no JSON") from None
