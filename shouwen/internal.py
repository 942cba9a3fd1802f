"""Calls between our own processes, behind the internal secret."""

import hmac
from typing import TYPE_CHECKING

from sanic import HTTPResponse, Request, json

from shouwen import trial
from shouwen.conversations.calls import object_of
from shouwen.conversations.message import clean_text
from shouwen.errors import NotFound
from shouwen.internal_secret import internal_secret

if TYPE_CHECKING:
    from shouwen.wiring import Web


async def say(request: Request) -> HTTPResponse:
    """`{text}` → what `make say` prints. Without the secret there is no such path."""
    web: Web = request.app.ctx.web
    given, known = request.headers.get("X-Shouwen-Secret", ""), internal_secret(web.settings)
    if not hmac.compare_digest(given.encode(), known.encode()):
        raise NotFound("path", "")
    text = clean_text(object_of(request).get("text"), web.settings.message_limit)
    return json(await trial.answer(web.rasa, web.content(), text, web.settings.turn_timeout, web.now()))
