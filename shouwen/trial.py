"""One sentence tried out: understood and answered as a customer's first one, with nothing stored."""

import secrets
from datetime import datetime
from typing import Any

from shouwen.content.publication import Publication
from shouwen.conversations import answers, escalation
from shouwen.conversations.escalation import Signals
from shouwen.outside.rasa_server import Dialogue, Turn, Utterance
from shouwen.text import wishes, zh
from shouwen.text.masking import mask


async def answer(
    dialogue: Dialogue, publication: Publication, text: str, deadline: float, now: datetime
) -> dict[str, Any]:
    """`intent`, `confidence`, `decision`, `ranking`, `entities`, `replies`, within `deadline` seconds.

    Raises Unavailable.
    """
    return _shown(publication, await dialogue.turn(_utterance(text), deadline), now)


def _utterance(text: str) -> Utterance:
    masked = mask(text).text
    wish = escalation.of_message(Signals(wish=wishes.find(zh.normalise(masked))))
    sender, message_id = f"say-{secrets.token_hex(8)}.1", secrets.token_hex(16)
    if wish.due == "hand_off":
        metadata = {"reason": wish.reason, "ephemeral": True}
        return Utterance(sender, message_id, label=answers.HUMAN_LABEL, metadata=metadata, ephemeral=True)
    return Utterance(sender, message_id, text=masked, metadata={"ephemeral": True}, ephemeral=True)


def _shown(publication: Publication, turn: Turn, now: datetime) -> dict[str, Any]:
    drafts = answers.compose(publication, turn.replies, None, now)
    return {
        "intent": turn.label,
        "confidence": turn.confidence,
        "decision": turn.decision,
        "ranking": turn.ranking,
        "entities": turn.entities,
        "replies": [{"name": d.reply, "text": d.text, "buttons": [offer.title for offer in d.buttons]} for d in drafts],
    }
