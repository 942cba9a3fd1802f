"""What customers think of an answer, and of an episode (R81)."""

from datetime import datetime

from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import answers, opinion_store, store
from shouwen.conversations.message import Message
from shouwen.conversations.writing import add_drafts
from shouwen.errors import Conflict, NotFound

_APOLOGY = "utter_feedback_sorry"


def say_helpful(
    tx: Connection, publication: Publication, conversation_id: str, message_id: str, helpful: bool, now: datetime
) -> list[Message]:
    """Keep the customer's word on an answer; 没帮助 is met, once, with an apology and a human. Raises NotFound."""
    message = store.message(tx, message_id)
    conversation = store.lock_conversation(tx, conversation_id)
    if (
        message is None
        or conversation is None
        or message.conversation_id != conversation_id
        or message.role == "customer"
    ):
        raise NotFound("message", message_id)
    opinion_store.put_feedback(tx, message_id, conversation_id, helpful, now)
    if helpful or any(said.reply == _APOLOGY for said in store.replies_to(tx, message_id)):
        return []
    drafts = answers.compose(publication, [{"name": _APOLOGY}], None, now)
    return add_drafts(tx, publication, conversation, drafts, message_id, now)


def rate(tx: Connection, conversation_id: str, episode: int, score: int, comment: str | None, now: datetime) -> None:
    """Store the rating of an episode, once, with its owner of now. Raises NotFound, Conflict."""
    conversation = store.lock_conversation(tx, conversation_id)
    if conversation is None or episode > conversation.episode:
        raise NotFound("episode", str(episode))
    if opinion_store.has_rating(tx, conversation_id, episode):
        raise Conflict(f"episode {episode} is rated already")
    values = {"conversation_id": conversation_id, "episode": episode, "score": score, "comment": comment}
    opinion_store.add_rating(tx, values | {"owner": conversation.owner, "at": now})
