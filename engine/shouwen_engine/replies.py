"""A turn's replies, always read back from the tracker's events, so that a repeated call gives the same."""

from collections.abc import Iterable, Sequence
from typing import Any, Optional

from rasa.shared.core.events import BotUttered, Event, UserUttered

from shouwen_engine.errors import TurnFailed

Reply = dict[str, Any]


def of_turn(events: Iterable[Event], message_id: str) -> list[Reply]:
    """Name, values and buttons of what the bot said after the message. Raises TurnFailed for a nameless reply."""
    replies: list[Reply] = []
    listening = False
    for event in events:
        if isinstance(event, UserUttered):
            listening = event.message_id == message_id
        elif listening and isinstance(event, BotUttered):
            replies.append(_reply(event))
    return replies


def user_message(events: Sequence[Event], message_id: str) -> Optional[UserUttered]:
    """The customer's message with this id."""
    for event in reversed(events):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            return event
    return None


def _reply(event: BotUttered) -> Reply:
    if "name" not in event.metadata:
        raise TurnFailed("an action uttered words of its own instead of a reply's name")
    reply: Reply = {"name": event.metadata["name"], "values": event.metadata.get("values") or {}}
    if event.data.get("buttons"):
        reply["buttons"] = event.data["buttons"]
    return reply
