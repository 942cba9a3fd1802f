"""The customer's calls of an identity check (api.md, Customer chat)."""

from typing import TYPE_CHECKING, Any

from sanic import Blueprint, HTTPResponse, Request, json

from shouwen.conversations.api import outcome_body
from shouwen.conversations.calls import address, bank_token_of, object_of, signed_in
from shouwen.conversations.limits import MESSAGES, MESSAGES_OF_AN_ADDRESS
from shouwen.conversations.message import clean_word
from shouwen.errors import InvalidInput
from shouwen.identity.turns import Answered

if TYPE_CHECKING:
    from shouwen.wiring import Web

identity = Blueprint("identity", url_prefix="/api/chat")

_CHANNELS = ("sms", "voice")


@identity.post("/secure")
async def post_secure(request: Request) -> HTTPResponse:
    """Answer a secure form, or ask for another code; nothing of it stands in the transcript."""
    web: Web = request.app.ctx.web
    session = await signed_in(request)
    await request.app.ctx.limits.check(MESSAGES, "secure", session.conversation_id)
    await request.app.ctx.limits.check(MESSAGES_OF_AN_ADDRESS, "secure", address(request))
    body = object_of(request)
    form = clean_word("form", body.get("form"))
    if body.get("resend") is not None:
        if body["resend"] not in _CHANNELS:
            raise InvalidInput("resend", f"is none of {', '.join(_CHANNELS)}")
        return json(await _shown(web, await web.identity.send_again(session, form, body["resend"], address(request))))
    fields = body.get("fields")
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        raise InvalidInput("fields", "is not an object of strings")
    return json(await _shown(web, await web.identity.answer(session, form, fields, address(request))))


@identity.post("/identify")
async def post_identify(request: Request) -> HTTPResponse:
    """Take the bank's own sign-in over, in mid-chat."""
    web: Web = request.app.ctx.web
    session = await signed_in(request)
    await request.app.ctx.limits.check(MESSAGES, "identify", session.conversation_id)
    return json(
        await _shown(web, await web.identity.sign_in(session, bank_token_of(object_of(request)), address(request)))
    )


async def _shown(web: "Web", answered: Answered) -> dict[str, Any]:
    if answered.outcome is None:
        return {"messages": [], "owner": "bot", "errors": dict(answered.errors)}
    return await outcome_body(web, answered.outcome, answered.token)
