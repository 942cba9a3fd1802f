"""The customer's calls over HTTP (api.md, Customer chat)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy.engine import Connection

from shouwen.conversations import answers, sessions, store, writing
from shouwen.conversations.conversation import Consent, Session
from shouwen.conversations.frames import public
from shouwen.conversations.limits import MESSAGES, MESSAGES_OF_AN_ADDRESS, SESSIONS_OF_AN_ADDRESS, RateLimits
from shouwen.conversations.message import clean_client_id, clean_text, clean_word
from shouwen.conversations.opinions import rate, say_helpful
from shouwen.conversations.sessions import Lifetime
from shouwen.conversations.turns import Outcome
from shouwen.errors import InvalidInput, NotSignedIn
from shouwen.settings import Settings
from shouwen.text.masking import mask

if TYPE_CHECKING:
    from shouwen.wiring import Web

chat = Blueprint("chat", url_prefix="/api/chat")

_PAGE = 100  # messages


@dataclass(frozen=True)
class Said:
    """What a customer sent: a text, or the token of a button."""

    client_id: str
    text: str | None
    button: str | None


@chat.get("/bank")
async def show_bank(request: Request) -> HTTPResponse:
    """What the page shows of the bank: name, look, starters, notice."""
    return json(request.app.ctx.web.content().bank["page"], headers={"Cache-Control": "max-age=60"})


@chat.post("/sessions")
async def open_session(request: Request) -> HTTPResponse:
    """A new conversation with the bot's greeting."""
    web: Web = request.app.ctx.web
    limits: RateLimits = request.app.ctx.limits
    await limits.check(SESSIONS_OF_AN_ADDRESS, "session", address(request))
    body = _object(request)
    channel = body.get("channel", "web")
    if channel not in ("web", "app"):
        raise InvalidInput("channel", "is neither web nor app")
    if body.get("bank_token") is not None:
        raise InvalidInput("bank_token", "is not accepted: this bank has no sign-in configured")
    consent = _consent(body["consent"]) if body.get("consent") is not None else None
    publication, now = web.content(), web.now()

    def write(tx: Connection) -> dict[str, Any]:
        conversation, token = sessions.open_conversation(tx, channel, consent, lifetime(web.settings), now)
        greeting = answers.compose(publication, [{"name": "utter_greet"}], None, now)
        messages = writing.add_drafts(tx, publication, conversation, greeting, None, now)
        return {"conversation_id": conversation.id, "token": token, "messages": [public(m) for m in messages]}

    return json(await web.database.write(write), status=201)


@chat.put("/consent")
async def put_consent(request: Request) -> HTTPResponse:
    """Give or withdraw consent; a withdrawal is confirmed in the chat."""
    web: Web = request.app.ctx.web
    session = await signed_in(request)
    body, now, publication = _object(request), web.now(), web.content()

    def write(tx: Connection) -> list[dict[str, Any]]:
        known = store.consent(tx, session.conversation_id)
        version = known.notice_version if known else str(publication.bank["page"]["notice_version"])
        consent = _consent({"notice_version": version, **body})
        sessions.change_consent(tx, session.conversation_id, consent, now)
        conversation = store.conversation(tx, session.conversation_id)
        if consent.training or conversation is None:
            return []
        drafts = answers.compose(publication, [{"name": "utter_consent_withdrawn"}], None, now)
        return [public(m) for m in writing.add_drafts(tx, publication, conversation, drafts, None, now)]

    return json({"messages": await web.database.write(write)})


@chat.post("/messages")
async def post_message(request: Request) -> HTTPResponse:
    """Say something, or press a button."""
    session = await signed_in(request)
    outcome = await submit(request, session, _object(request))
    return json(
        {
            "accepted": {"id": outcome.accepted.id, "seq": outcome.accepted.seq},
            "messages": [public(m) for m in outcome.messages],
            "owner": outcome.owner,
        }
    )


async def submit(request: Request, session: Session, body: Mapping[str, Any]) -> Outcome:
    """Check one message of the customer and have it answered."""
    web: Web = request.app.ctx.web
    said = await check(request, session, body)
    return await web.runner.submit(session.conversation_id, said.client_id, said.text, said.button)


async def check(request: Request, session: Session, body: Mapping[str, Any]) -> Said:
    """One message of the customer, within limits and readable; the same for a call and for the socket."""
    web: Web = request.app.ctx.web
    limits: RateLimits = request.app.ctx.limits
    client_id = clean_client_id(body.get("client_id"))
    await limits.check(MESSAGES, "message", session.conversation_id)
    await limits.check(MESSAGES_OF_AN_ADDRESS, "message", address(request))
    button = clean_word("button", body["button"]) if body.get("button") is not None else None
    text = None if button is not None else clean_text(body.get("text"), web.settings.message_limit)
    return Said(client_id, text, button)


@chat.get("/messages")
async def list_messages(request: Request) -> HTTPResponse:
    """The customer's own transcript: what follows `after`, or what stands before `before`."""
    web: Web = request.app.ctx.web
    session = await signed_in(request)
    before = _number(request, "before")
    after = _number(request, "after") or 0
    limit = min(_number(request, "limit") or _PAGE, _PAGE)

    def read(tx: Connection) -> dict[str, Any]:
        conversation_id = session.conversation_id
        if before is not None:
            found = store.messages_before(tx, conversation_id, before, limit + 1)
            more, found = len(found) > limit, found[-limit:]
        else:
            found = store.messages_after(tx, conversation_id, after, limit + 1)
            more, found = len(found) > limit, found[:limit]
        used = store.used_tokens(tx, [b.token for m in found for b in m.buttons])
        shown = [public(m) for m in found]
        for body in shown:
            body["buttons"] = [b for b in body["buttons"] if b["token"] not in used]
        conversation = store.conversation(tx, conversation_id)
        return {"messages": shown, "owner": conversation.owner if conversation else None, "more": more}

    return json(await web.database.read(read))


@chat.post("/feedback")
async def post_feedback(request: Request) -> HTTPResponse:
    """有帮助 or 没帮助 on one answer."""
    web: Web = request.app.ctx.web
    session = await signed_in(request)
    await request.app.ctx.limits.check(MESSAGES, "feedback", session.conversation_id)
    body, now, publication = _object(request), web.now(), web.content()
    message_id, helpful = clean_word("message_id", body.get("message_id")), body.get("helpful")
    if not isinstance(helpful, bool):
        raise InvalidInput("helpful", "is neither true nor false")
    said = await web.database.write(
        lambda tx: say_helpful(tx, publication, session.conversation_id, message_id, helpful, now)
    )
    return json({"messages": [public(m) for m in said]})


@chat.post("/rating")
async def post_rating(request: Request) -> HTTPResponse:
    """One to five for an episode, with a word if the customer likes."""
    web: Web = request.app.ctx.web
    session = await signed_in(request)
    body, now = _object(request), web.now()
    episode, score, comment = body.get("episode"), body.get("score"), body.get("comment")
    if not isinstance(score, int) or isinstance(score, bool) or not 1 <= score <= 5:
        raise InvalidInput("score", "is not a whole number from 1 to 5")
    if not isinstance(episode, int) or isinstance(episode, bool) or episode < 1:
        raise InvalidInput("episode", "is not a whole number from 1")
    words = mask(clean_text(comment, web.settings.message_limit)).text if comment is not None else None
    await web.database.write(lambda tx: rate(tx, session.conversation_id, episode, score, words, now))
    return json({}, status=201)


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


def _object(request: Request) -> Mapping[str, Any]:
    body = request.json
    if not isinstance(body, dict):
        raise InvalidInput("body", "is not a JSON object")
    return body


def _consent(raw: Any) -> Consent:
    if not isinstance(raw, dict):
        raise InvalidInput("consent", "is not an object")
    version = clean_word("consent.notice_version", raw.get("notice_version"))
    if not isinstance(raw.get("training"), bool):
        raise InvalidInput("consent.training", "is neither true nor false")
    return Consent(version, raw["training"])


def _number(request: Request, name: str) -> int | None:
    raw = request.args.get(name)
    if raw is None:
        return None
    if not raw.isascii() or not raw.isdecimal() or len(raw) > 9:
        raise InvalidInput(name, "is not a whole number")
    return int(raw)
