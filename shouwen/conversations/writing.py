"""Writing the bot's drafts into the transcript: places, ids, button tokens."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import button_store, store
from shouwen.conversations.answers import Draft
from shouwen.conversations.conversation import Conversation
from shouwen.conversations.message import Button, Message, Offer
from shouwen.conversations.sessions import new_id


def add_drafts(
    tx: Connection,
    publication: Publication,
    conversation: Conversation,
    drafts: Sequence[Draft],
    reply_to: str | None,
    now: datetime,
) -> list[Message]:
    """Store drafts as the bot's messages, in order, each button with a fresh single-use token."""
    if not drafts:
        return []
    messages = []
    offers: list[tuple[Button, Offer]] = []
    for seq, draft in zip(store.next_seqs(tx, conversation.id, len(drafts)), drafts, strict=True):
        pairs = [(Button(offer.title, secrets.token_urlsafe(16)), offer) for offer in draft.buttons]
        offers += pairs
        messages.append(
            Message(
                id=new_id(),
                conversation_id=conversation.id,
                seq=seq,
                role="bot",
                name=publication.bank["bot_name"],
                text=draft.text,
                at=now,
                buttons=tuple(button for button, _ in pairs),
                card=dict(draft.card) if draft.card else None,
                payload=dict(draft.extras),
                reply=draft.reply,
                content_version=publication.version,
                reply_to=reply_to,
            )
        )
    store.add_messages(tx, messages, conversation.episode)
    button_store.add_buttons(tx, conversation.id, conversation.episode, offers)
    return messages
