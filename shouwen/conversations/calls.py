"""What a customer's call carries: whose it is, where it comes from, and what stands in it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sanic import Request

from shouwen.conversations import sessions
from shouwen.conversations.conversation import Session
from shouwen.conversations.sessions import Lifetime
from shouwen.errors import InvalidInput, NotSignedIn
from shouwen.settings import Settings

if TYPE_CHECKING:
    from shouwen.wiring import Web


async def signed_in(request: Request) -> Session:
    """The session of a call's Bearer token. Raises NotSignedIn or SessionExpired."""
    if not request.token:
        raise NotSignedIn("no token")
    return await authenticate(request.app.ctx.web, request.token)


async def authenticate(web: "Web", token: str) -> Session:
    """The session behind a token; its idle end moves on."""
    hashed, now = sessions.token_hash(token), web.now()
    session = await web.database.read(lambda tx: sessions.find(tx, hashed, now))
    if now + lifetime(web.settings).idle - session.idle_until < sessions.IDLE_STEP:
        return session
    return await web.database.write(lambda tx: sessions.keep_alive(tx, hashed, session, lifetime(web.settings), now))


def lifetime(settings: Settings) -> Lifetime:
    """How long sessions live."""
    return Lifetime(timedelta(seconds=settings.session_idle), timedelta(seconds=settings.session_absolute))


def address(request: Request) -> str:
    """Where a call comes from; forwarded addresses count only behind trusted proxies."""
    return request.remote_addr or request.ip


def object_of(request: Request) -> Mapping[str, Any]:
    """The JSON object of a call. Raises InvalidInput."""
    body = request.json
    if not isinstance(body, dict):
        raise InvalidInput("body", "is not a JSON object")
    return body


def bank_token_of(body: Mapping[str, Any]) -> str:
    """The bank's sign-in in a body. Raises InvalidInput."""
    token = body.get("bank_token")
    if not isinstance(token, str) or not 1 <= len(token) <= 4096:
        raise InvalidInput("bank_token", "is no token")
    return token


def flag_of(raw: Mapping[str, Any], name: str, default: bool | None) -> bool:
    """A yes or no in a body. Raises InvalidInput."""
    value = raw.get(name, default)
    if not isinstance(value, bool):
        raise InvalidInput(name, "is neither true nor false")
    return value


def number_of(request: Request, name: str) -> int | None:
    """A whole number of the query, None without one. Raises InvalidInput."""
    raw = request.args.get(name)
    if raw is None:
        return None
    if not raw.isascii() or not raw.isdecimal() or len(raw) > 9:
        raise InvalidInput(name, "is not a whole number")
    return int(raw)
