"""Open requests: what people must see to because the bot could not. Complaints turn them into tickets with promises."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from shouwen.conversations import store
from shouwen.conversations.escalation import Escalation, graver, of_miss
from shouwen.conversations.sessions import new_id
from shouwen.errors import NotFound
from shouwen.vault import store as vault_store

CALL_BACK = "call_back"
QUESTION = "question"
PHONE_KINDS = ("phone", "landline")
OF_CUSTOMER = "customer:"  # a contact that is no reference into the vault: the number the bank has on file


@dataclass(frozen=True)
class OpenRequest:
    """`contact_mask` is where the customer wants to be called, masked; None as long as we do not know."""

    id: str
    kind: str
    reason: str
    contact_mask: str | None
    is_new: bool


def wish_for_human(
    tx: Connection, conversation_id: str, episode: int, message_id: str, reason: str, now: datetime
) -> OpenRequest:
    """The open request for a person. A second wish joins the first, which keeps the graver reason of the two."""
    known = store.request_of_message(tx, message_id)
    if known:
        return _request(known, is_new=True)
    earlier = store.open_request_of(tx, conversation_id, CALL_BACK)
    if earlier:
        store.set_reason(tx, earlier["id"], graver(earlier["reason"], reason))
        return _request(earlier, is_new=False)
    return _open(tx, conversation_id, episode, message_id, CALL_BACK, reason, now)


def unanswered_question(
    tx: Connection, conversation_id: str, episode: int, message_id: str, reason: str, now: datetime
) -> OpenRequest:
    """Keep a question the bot could not answer, so that a person does (R7)."""
    known = store.request_of_message(tx, message_id)
    return (
        _request(known, is_new=False)
        if known
        else _open(tx, conversation_id, episode, message_id, QUESTION, reason, now)
    )


def give_contact(tx: Connection, conversation_id: str, message_id: str) -> OpenRequest:
    """Put the phone number that stands in a message into the open request. Raises NotFound when either is missing."""
    request = store.open_request_of(tx, conversation_id, CALL_BACK)
    if request is None:
        raise NotFound("open request", conversation_id)
    phones = [(start, mask) for start, kind, mask in vault_store.entries(tx, message_id) if kind in PHONE_KINDS]
    if not phones:
        raise NotFound("phone number", message_id)
    start, mask = phones[0]
    store.set_contact(tx, request["id"], f"{message_id}:{start}", mask)
    return OpenRequest(request["id"], request["kind"], request["reason"], mask, is_new=False)


def use_number_on_file(tx: Connection, request: OpenRequest, customer_ref: str, mask: str) -> OpenRequest:
    """Let a verified customer be called at the bank's number for him, unless he gave another one. The bank knows it."""
    if request.contact_mask is not None:
        return request
    store.set_contact(tx, request.id, f"{OF_CUSTOMER}{customer_ref}", mask)
    return replace(request, contact_mask=mask)


def judge_miss(tx: Connection, conversation_id: str, message_id: str) -> Escalation:
    """What it means that the bot did not understand this message, given the episode so far (tone.md 7c)."""
    message = store.message(tx, message_id)
    if message is None:
        raise NotFound("message", message_id)
    conversation = store.conversation(tx, conversation_id)
    if conversation is None:
        raise NotFound("conversation", conversation_id)
    return of_miss(store.decisions(tx, conversation_id, conversation.episode, message.seq))


def _open(
    tx: Connection, conversation_id: str, episode: int, message_id: str, kind: str, reason: str, now: datetime
) -> OpenRequest:
    request = OpenRequest(new_id(), kind, reason, None, is_new=True)
    values = {"id": request.id, "conversation_id": conversation_id, "episode": episode, "message_id": message_id}
    store.add_request(tx, values | {"kind": kind, "reason": reason, "state": "open", "at": now})
    return request


def _request(row: Any, *, is_new: bool) -> OpenRequest:
    return OpenRequest(row["id"], row["kind"], row["reason"], row["contact_mask"], is_new)
