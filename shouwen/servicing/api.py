"""The bank's own server asks about reset links (docs/bank-api.yml). No customer calls this."""

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy.engine import Connection

from shouwen.conversations import frames, session_store
from shouwen.conversations.calls import object_of
from shouwen.conversations.message import clean_word
from shouwen.errors import LinkOver, NotSignedIn
from shouwen.identity import links
from shouwen.identity.links import Redeemed
from shouwen.servicing import service

if TYPE_CHECKING:
    from shouwen.wiring import Web

bank = Blueprint("bank", url_prefix="/api/bank")


@bank.post("/reset/inspect")
async def inspect(request: Request) -> HTTPResponse:
    """Whose a link is, without using it up."""
    web: Web = request.app.ctx.web
    token, now = _token(request), web.now()
    link = await web.database.write(lambda tx: links.inspect(tx, web.rules, token, now))
    if link is None:
        raise LinkOver
    return json({"customer_ref": link.customer_ref, "expires_at": link.expires_at.isoformat()})


@bank.post("/reset/redeem")
async def redeem(request: Request) -> HTTPResponse:
    """Use a link, once: the customer is told on every channel, and sessions that were identified end (§3.3 step 5)."""
    web: Web = request.app.ctx.web
    token, now = _token(request), web.now()

    def write(tx: Connection) -> Redeemed | None:
        redeemed = links.redeem(tx, web.rules, token, now)
        if redeemed:
            service.password_was_reset(tx, redeemed.customer_ref, now)
            for conversation_id in set(redeemed.ended) - {redeemed.asked_in}:
                session_store.revoke_sessions(tx, conversation_id)
        return redeemed

    redeemed = await web.database.write(write)
    if redeemed is None:
        raise LinkOver
    for conversation_id in redeemed.ended:
        await web.bus.publish(conversation_id, frames.SESSIONS_CHANGED)
    cool_down_until = now + timedelta(seconds=web.settings.reset_cool_down)
    return json({"customer_ref": redeemed.customer_ref, "cool_down_until": cool_down_until.isoformat()})


def _token(request: Request) -> str:
    web: Web = request.app.ctx.web
    if not hmac.compare_digest((request.token or "").encode(), web.bank_secret.encode()):
        raise NotSignedIn("the bank's secret")
    return clean_word("token", object_of(request).get("token"))
