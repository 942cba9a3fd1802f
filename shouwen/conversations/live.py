"""The customer's socket: pushes from whichever process, messages and typing from the page (api.md)."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import ujson
from sanic import Blueprint, Request, Websocket
from sanic.exceptions import WebsocketClosed
from websockets.exceptions import ConnectionClosed

from shouwen.conversations import api, calls, store
from shouwen.conversations.conversation import Session
from shouwen.conversations.frames import transcript
from shouwen.errors import InvalidInput, NotAllowed, NotSignedIn, ShouwenError
from shouwen.outside.bus import Frame
from shouwen.web_errors import error_body

if TYPE_CHECKING:
    from shouwen.wiring import Web

log = logging.getLogger(__name__)

socket = Blueprint("chat-socket", url_prefix="/api/chat")

_HELLO_WITHIN = 10.0  # seconds
_CATCH_UP = 200  # messages
SESSION_OVER = 4401  # close code; the page connects again with its new token, if it has one
_GONE = (ConnectionClosed, WebsocketClosed)  # two libraries tell of the same end


@socket.websocket("/socket")
async def serve(request: Request, ws: Websocket) -> None:
    """One customer's socket. The first frame carries the token; the URL never does."""
    try:
        _check_origin(request)
        token, after = await _hello(ws)
        session = await calls.authenticate(request.app.ctx.web, token)
    except ShouwenError as error:
        await _send(ws, _error_frame(request, error, None))
        await ws.close(1008, error.code)
        return
    web: Web = request.app.ctx.web
    async with web.bus.subscribe(session.conversation_id) as pushed:
        if over := await _over(web, token):  # it may have died before anybody listened for that
            await ws.close(SESSION_OVER, over.code)
            return
        sent = await _catch_up(web, ws, session, after)
        pump = asyncio.create_task(_pump(web, ws, pushed, sent, token))
        try:
            await _listen(request, ws, token)
        except _GONE:
            log.debug("socket closed")
        finally:
            pump.cancel()
            with suppress(asyncio.CancelledError, *_GONE):
                await pump


async def _hello(ws: Websocket) -> tuple[str, int]:
    try:
        async with asyncio.timeout(_HELLO_WITHIN):
            frame = _frame(await ws.recv())
    except TimeoutError:
        raise NotSignedIn("no first frame") from None
    token, after = frame.get("token"), frame.get("after", 0)
    if not isinstance(token, str):
        raise NotSignedIn("the first frame carries no token")
    if not isinstance(after, int) or isinstance(after, bool) or after < 0:
        raise InvalidInput("after", "is not a whole number")
    return token, after


async def _catch_up(web: "Web", ws: Websocket, session: Session, after: int) -> int:
    """Send what was missed; returns the last place sent. What is pushed meanwhile waits in the queue."""
    found = await web.database.read(lambda tx: store.messages_after(tx, session.conversation_id, after, _CATCH_UP))
    conversation = await web.database.read(lambda tx: store.conversation(tx, session.conversation_id))
    await _send(ws, {"type": "owner", "owner": conversation.owner if conversation else "bot"})
    for message in transcript(found, session.secure_form):
        await _send(ws, {"type": "message", "message": message})
    return found[-1].seq if found else after


async def _pump(web: "Web", ws: Websocket, pushed: "asyncio.Queue[Frame]", sent: int, token: str) -> None:
    is_deaf = False  # from the moment a level was reached; the line is closed once its page can know the new token
    while True:
        frame = await pushed.get()
        if frame["type"] == "sessions":
            if over := await _over(web, token):
                await ws.close(SESSION_OVER, over.code)
            else:  # the level may have ended: a page that shows it asks
                await _send(ws, {"type": "identity"})
        elif frame["type"] == "renewed" or is_deaf:
            is_deaf = is_deaf or await _over(web, token) is not None
        elif frame["type"] == "answered":
            await _send(ws, {"type": "typing", "role": None})
        elif frame["type"] != "message" or frame["message"]["seq"] > sent:
            await _send(ws, frame)
            if frame["type"] == "message" and frame["message"]["role"] == "customer":
                await _send(ws, {"type": "typing", "role": "bot"})


async def _over(web: "Web", token: str) -> NotSignedIn | None:
    """Why a token is dead (the identity level changed, the customer signed in elsewhere); None when it is not."""
    try:
        await calls.authenticate(web, token)
    except NotSignedIn as error:
        return error
    return None


async def _listen(request: Request, ws: Websocket, token: str) -> None:
    asked: set[asyncio.Task[None]] = set()  # the loop keeps only weak references to tasks
    async for raw in ws:
        client_id = None
        try:
            frame = _frame(raw)
            client_id = frame.get("client_id")
            if frame.get("type") == "message":
                # checked one after the other, so that what a page sends is stored in the order it was sent
                session = await calls.authenticate(request.app.ctx.web, token)
                said = await api.check(request, session, frame)
                task = asyncio.create_task(_submit(request, ws, session, said))
                asked.add(task)
                task.add_done_callback(asked.discard)
            elif frame.get("type") not in ("typing", "read"):
                raise InvalidInput("type", "is none of message, typing, read")
        except ShouwenError as error:
            await _send(ws, _error_frame(request, error, client_id))


async def _submit(request: Request, ws: Websocket, session: Session, said: api.Said) -> None:
    try:
        outcome, renewed = await api.submit(request, session, said)
        accepted = outcome.accepted
        ack = {"type": "ack", "client_id": said.client_id, "id": accepted.id, "seq": accepted.seq}
        await _send(ws, {**ack, "token": renewed} if renewed else ack)
    except ShouwenError as error:
        with suppress(*_GONE):
            await _send(ws, _error_frame(request, error, said.client_id))
    except _GONE:
        log.debug("the page went away before its acknowledgement")
    except Exception as error:
        log.exception("a message from the socket failed")
        with suppress(*_GONE):
            await _send(ws, _error_frame(request, ShouwenError(repr(error)), said.client_id))


def _frame(raw: str | bytes | None) -> Mapping[str, Any]:
    if raw is None:
        raise NotSignedIn("closed before the first frame")
    try:
        frame = ujson.loads(raw)
    except ValueError:
        raise InvalidInput("frame", "is not JSON") from None
    if not isinstance(frame, dict):
        raise InvalidInput("frame", "is not a JSON object")
    return frame


def _check_origin(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin is None:
        return  # an app or a program: the token alone decides
    web: Web = request.app.ctx.web
    if urlsplit(origin).netloc != request.host and origin.rstrip("/") not in web.settings.origins:
        raise NotAllowed(f"origin {origin}")


def _error_frame(request: Request, error: ShouwenError, client_id: Any) -> dict[str, Any]:
    body = error_body(request.app.ctx.web.content(), error, request.app.ctx.web.now())
    return {"type": "error", "error": {**body, "client_id": client_id}}


async def _send(ws: Websocket, frame: Frame) -> None:
    await ws.send(ujson.dumps(frame, ensure_ascii=False))
