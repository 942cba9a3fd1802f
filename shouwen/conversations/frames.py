"""What travels on a conversation's channel and, but for what is inside only, on the customer's socket."""

import asyncio
from collections.abc import Sequence
from typing import Any

from shouwen.conversations.cards import as_it_stands
from shouwen.conversations.message import Message
from shouwen.outside.bus import Frame

SESSIONS_CHANGED: Frame = {"type": "sessions"}  # inside only: a token may have died
RENEWED: Frame = {"type": "renewed"}  # inside only: a level was reached, older tokens are dead


def transcript(messages: Sequence[Message], open_form: str | None) -> list[dict[str, Any]]:
    """Messages that were said a while ago, each card with what has become of it since."""
    answered = {m.payload["form"] for m in messages if "form" in m.payload}
    return [{**public(m), "card": as_it_stands(m.card, open_form, answered)} if m.card else public(m) for m in messages]


def public(message: Message) -> dict[str, Any]:
    """A message as the customer's client gets it (api.md)."""
    body: dict[str, Any] = {
        "id": message.id,
        "seq": message.seq,
        "role": message.role,
        "name": message.name,
        "text": message.text,
        "buttons": [{"title": b.title, "token": b.token} for b in message.buttons],
        "at": message.at.isoformat(),
    }
    if message.card is not None:
        body["card"] = message.card
    if message.client_id is not None:
        body["client_id"] = message.client_id
    if message.reply_to is not None:
        body["reply_to"] = message.reply_to
    if message.role == "bot":
        body |= {
            key: message.payload[key] for key in ("about", "updated", "feedback", "human") if key in message.payload
        }
        body["reply"] = message.reply
    return body


def message(said: Message) -> dict[str, Any]:
    """A new message of the transcript."""
    return {"type": "message", "message": public(said)}


def answered(message_id: str) -> dict[str, Any]:
    """Inside only: the turn of this message is over."""
    return {"type": "answered", "message_id": message_id}


async def wait_until_told(pushed: "asyncio.Queue[Frame]", message_id: str, seconds: float) -> None:
    """Wait until a message is answered, or the customer is told that it takes longer, or the time is over."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                frame = await pushed.get()
                if frame["type"] == "answered" and frame["message_id"] == message_id:
                    return
                said = frame.get("message", {})
                if said.get("reply_to") == message_id and said.get("reply") == "utter_still_working":
                    return
    except TimeoutError:
        return
