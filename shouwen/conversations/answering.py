"""Recording what a turn gave: the bot's replies, if it still owns the conversation, and how it understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import answers, requests, store
from shouwen.conversations.conversation import Conversation
from shouwen.conversations.message import Message
from shouwen.conversations.writing import add_drafts
from shouwen.errors import Unavailable
from shouwen.outside.rasa_server import Turn

_SAID_TO_EVERY_QUESTION = ("affirm", "deny", "inform")  # yes said twice is no question that got no answer


@dataclass(frozen=True)
class Work:
    """A message to answer, and the conversation as it stood when work on it began."""

    conversation: Conversation
    message: Message


@dataclass(frozen=True)
class Recorded:
    """What was written, and the conversation's next message to answer, if any (else the lease is given back)."""

    messages: Sequence[Message]
    next_work: Work | None


def next_work(tx: Connection, conversation_id: str, holder: str, now: datetime, lease: timedelta) -> Work | None:
    """The next message to answer under `holder`'s lease; without one the lease is given back."""
    message = store.oldest_unanswered(tx, conversation_id)
    if message is None:
        store.drop_lease(tx, conversation_id, holder)
        return None
    conversation = store.take_lease(tx, conversation_id, holder, now, now + lease)
    return Work(conversation, message) if conversation else None


def record_turn(
    tx: Connection, publication: Publication, work: Work, turn: Turn, holder: str, milliseconds: int, now: datetime
) -> list[Message]:
    """Store the replies of a turn exactly once. With another owner or runner by now they are dropped and counted."""
    current = store.lock_conversation(tx, work.conversation.id)
    if current is None or current.lease_holder != holder or not store.mark_answered(tx, work.message.id, now):
        return []
    stale = current.fence != work.conversation.fence
    preface = work.message.payload.get("preface")
    if preface == "repeat" and turn.label in _SAID_TO_EVERY_QUESTION:
        preface = None
    drafts = answers.compose(publication, turn.replies, preface, now, simple=current.simple)
    messages = [] if stale else add_drafts(tx, publication, current, drafts, work.message.id, now)
    if not stale and (not drafts or any(draft.faulty for draft in drafts)):
        requests.unanswered_question(tx, current.id, current.episode, work.message.id, "no_answer", now)
    if not stale and not drafts:
        messages = _apologise(tx, publication, current, work.message.id, now)
    store.add_turn(tx, _turn_values(work, turn, milliseconds, len(turn.replies) if stale else 0, now))
    return messages


def record_failure(
    tx: Connection,
    publication: Publication,
    work: Work,
    failure: Unavailable,
    holder: str,
    milliseconds: int,
    now: datetime,
) -> list[Message]:
    """Tell the customer that no answer comes from the bot, and keep the question for a person (R7, R61)."""
    current = store.lock_conversation(tx, work.conversation.id)
    if current is None or current.lease_holder != holder or not store.mark_answered(tx, work.message.id, now):
        return []
    nothing = Turn((), None, "failed", 0.0, (), (), None, None)
    store.add_turn(tx, _turn_values(work, nothing, milliseconds, 0, now) | {"model_id": failure.reason[:64]})
    if current.fence != work.conversation.fence:
        return []
    requests.unanswered_question(tx, current.id, current.episode, work.message.id, "unavailable", now)
    return _apologise(tx, publication, current, work.message.id, now)


def tell_still_working(
    tx: Connection, publication: Publication, work: Work, holder: str, now: datetime
) -> list[Message]:
    """Tell the customer that the answer takes longer; the turn goes on."""
    current = store.lock_conversation(tx, work.conversation.id)
    if current is None or current.lease_holder != holder or current.fence != work.conversation.fence:
        return []
    drafts = answers.compose(publication, [{"name": "utter_still_working"}], None, now)
    return add_drafts(tx, publication, current, drafts, work.message.id, now)


def _apologise(
    tx: Connection, publication: Publication, conversation: Conversation, reply_to: str, now: datetime
) -> list[Message]:
    drafts = answers.compose(publication, [{"name": "utter_unavailable"}], None, now)
    return add_drafts(tx, publication, conversation, drafts, reply_to, now)


def _turn_values(work: Work, turn: Turn, milliseconds: int, dropped: int, now: datetime) -> dict[str, Any]:
    return {
        "message_id": work.message.id,
        "conversation_id": work.conversation.id,
        "episode": work.conversation.episode,
        "seq": work.message.seq,
        "label": turn.label,
        "decision": turn.decision,
        "confidence": f"{turn.confidence:.3f}",
        "ranking": list(turn.ranking)[:5],
        "model_id": turn.model_id,
        "milliseconds": milliseconds,
        "dropped": dropped,
        "at": now,
    }
