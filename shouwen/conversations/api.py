"""The customer's calls over HTTP (api.md, Customer chat)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy.engine import Connection

from shouwen.conversations import answers, button_store, opening, opinion_store, session_store, sessions, store, writing
from shouwen.conversations.calls import address, bank_token_of, flag_of, lifetime, number_of, object_of, signed_in
from shouwen.conversations.conversation import Consent, Session
from shouwen.conversations.frames import public, transcript
from shouwen.conversations.limits import MESSAGES, MESSAGES_OF_AN_ADDRESS, SESSIONS_OF_AN_ADDRESS, RateLimits
from shouwen.conversations.message import clean_client_id, clean_text, clean_word
from shouwen.conversations.opening import Arrival
from shouwen.conversations.opinions import rate, say_helpful
from shouwen.conversations.sessions import token_hash
from shouwen.conversations.turns import Outcome
from shouwen.errors import InvalidInput
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
    web: Web = request.app.ctx.web
    page = {**web.content().bank["page"], "sandbox": web.settings.has_sandbox}
    return json(page, headers={"Cache-Control": "max-age=60"})


@chat.post("/sessions")
async def open_session(request: Request) -> HTTPResponse:
    """A new conversation with the bot's greeting."""
    web: Web = request.app.ctx.web
    limits: RateLimits = request.app.ctx.limits
    await limits.check(SESSIONS_OF_AN_ADDRESS, "session", address(request))
    body = object_of(request)
    channel = body.get("channel", "web")
    if channel not in ("web", "app"):
        raise InvalidInput("channel", "is neither web nor app")
    consent = _consent(body["consent"], None) if body.get("consent") is not None else None
    device = clean_word("device", body["device"]) if body.get("device") is not None else None
    arrival = Arrival(channel, consent, token_hash(device) if device else None, flag_of(body, "large_type", False))
    publication, now = web.content(), web.now()
    if body.get("bank_token") is not None:
        opened = await web.sign_ins.arrive(arrival, bank_token_of(body))
    else:
        opened = await web.database.write(
            lambda tx: opening.begin(tx, publication, arrival, lifetime(web.settings), now)
        )
    shown = {
        "conversation_id": opened.conversation_id,
        "token": opened.token,
        "messages": transcript(opened.messages, None),
        **await _identity(web, opened.conversation_id, checked=body.get("bank_token") is not None),
    }
    return json(shown, status=201)


@chat.put("/preferences")
async def put_preferences(request: Request) -> HTTPResponse:
    """Large type: one question a turn, a second confirmation, a person offered early (R75, R77)."""
    web: Web = request.app.ctx.web
    session = await signed_in(request)
    simple = flag_of(object_of(request), "large_type", None)
    await web.database.write(lambda tx: store.prefer_simple(tx, session.conversation_id, simple))
    return json({})


@chat.put("/consent")
async def put_consent(request: Request) -> HTTPResponse:
    """Give or withdraw consent; a withdrawal is confirmed in the chat."""
    web: Web = request.app.ctx.web
    session = await signed_in(request)
    body, now, publication = object_of(request), web.now(), web.content()

    def write(tx: Connection) -> list[dict[str, Any]]:
        known = session_store.consent(tx, session.conversation_id)
        consent = _consent(body, known or Consent(str(publication.bank["page"]["notice_version"]), training=False))
        sessions.change_consent(tx, session.conversation_id, consent, now)
        conversation = store.conversation(tx, session.conversation_id)
        if consent.training or conversation is None or "training" not in body:
            return []
        drafts = answers.compose(publication, [{"name": "utter_consent_withdrawn"}], None, now)
        return [public(m) for m in writing.add_drafts(tx, publication, conversation, drafts, None, now)]

    return json({"messages": await web.database.write(write)})


@chat.post("/messages")
async def post_message(request: Request) -> HTTPResponse:
    """Say something, or press a button."""
    session = await signed_in(request)
    said = await check(request, session, object_of(request))
    outcome, token = await submit(request, session, said)
    return json(await outcome_body(request.app.ctx.web, outcome, token))


async def submit(request: Request, session: Session, said: Said) -> tuple[Outcome, str | None]:
    """Have one message of the customer answered; a text that an open secure form waits for goes there.

    The second value is a new token, when the identity level has changed.
    """
    web: Web = request.app.ctx.web
    text = said.text
    if text is not None and session.secure_form is not None:
        taken = await web.identity.typed(session, said.client_id, text, address(request))
        if isinstance(taken, str):
            text = taken
        elif taken.outcome is not None:
            return taken.outcome, taken.token
    return await web.runner.submit(session.conversation_id, said.client_id, text, said.button), None


async def outcome_body(web: "Web", outcome: Outcome, token: str | None) -> dict[str, Any]:
    """What a customer's message led to, for the client."""
    body: dict[str, Any] = {
        "accepted": {"id": outcome.accepted.id, "seq": outcome.accepted.seq},
        "messages": transcript(outcome.messages, outcome.secure_form),
        "owner": outcome.owner,
    }
    if token:
        body["token"] = token
    return body | await _identity(web, outcome.accepted.conversation_id, checked=outcome.level > 0)


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
    before = number_of(request, "before")
    after = number_of(request, "after") or 0
    limit = min(number_of(request, "limit") or _PAGE, _PAGE)

    def read(tx: Connection) -> dict[str, Any]:
        conversation_id = session.conversation_id
        if before is not None:
            found = store.messages_before(tx, conversation_id, before, limit + 1)
            more, found = len(found) > limit, found[-limit:]
        else:
            found = store.messages_after(tx, conversation_id, after, limit + 1)
            more, found = len(found) > limit, found[:limit]
        used = button_store.used_tokens(tx, [b.token for m in found for b in m.buttons])
        judged = opinion_store.opinions_on(tx, [m.id for m in found if m.payload.get("feedback")])
        conversation = store.conversation(tx, conversation_id)
        shown = transcript(found, conversation.secure_form if conversation else None)
        for body in shown:
            body["buttons"] = [b for b in body["buttons"] if b["token"] not in used]
            if body["id"] in judged:
                body["feedback"] = False
        return {"messages": shown, "owner": conversation.owner if conversation else None, "more": more}

    page = await web.database.read(read)
    return json(page | await _identity(web, session.conversation_id, checked=True))


@chat.post("/feedback")
async def post_feedback(request: Request) -> HTTPResponse:
    """有帮助 or 没帮助 on one answer."""
    web: Web = request.app.ctx.web
    session = await signed_in(request)
    await request.app.ctx.limits.check(MESSAGES, "feedback", session.conversation_id)
    body, now, publication = object_of(request), web.now(), web.content()
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
    body, now = object_of(request), web.now()
    episode, score, comment = body.get("episode"), body.get("score"), body.get("comment")
    if not isinstance(score, int) or isinstance(score, bool) or not 1 <= score <= 5:
        raise InvalidInput("score", "is not a whole number from 1 to 5")
    if not isinstance(episode, int) or isinstance(episode, bool) or episode < 1:
        raise InvalidInput("episode", "is not a whole number from 1")
    words = mask(clean_text(comment, web.settings.message_limit)).text if comment is not None else None
    await web.database.write(lambda tx: rate(tx, session.conversation_id, episode, score, words, now))
    return json({}, status=201)


async def _identity(web: "Web", conversation_id: str, *, checked: bool) -> dict[str, Any]:
    # a conversation nobody was identified in is not looked up: this is every turn's way
    shown = await web.identity.shown(conversation_id) if checked else None
    return {"identity": shown} if shown else {}


def _consent(raw: Any, known: Consent | None) -> Consent:
    """The consent in a body; what it leaves out stays as it is known."""
    if not isinstance(raw, dict):
        raise InvalidInput("consent", "is not an object")
    version = raw.get("notice_version") or (known.notice_version if known else None)
    return Consent(
        clean_word("consent.notice_version", version),
        flag_of(raw, "training", known.training if known else None),
        flag_of(raw, "sensitive", known.sensitive if known else False),
    )
