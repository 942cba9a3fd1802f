"""Taking a customer's message in: masked, judged, stored with its place, before anybody answers it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import answers, button_store, escalation, store
from shouwen.conversations.answering import Work, next_work
from shouwen.conversations.conversation import BOT, Conversation
from shouwen.conversations.escalation import Signals
from shouwen.conversations.message import Message
from shouwen.conversations.sessions import new_id
from shouwen.conversations.writing import add_drafts
from shouwen.errors import ButtonUsed, NotFound
from shouwen.text import mood, wishes, zh
from shouwen.text.masking import Masked, mask
from shouwen.vault import service as vault
from shouwen.vault.keyring import Keyring

TRAIL = 4  # the customer's earlier messages that detection sees joined to a new one (design.md 5)
_EXPLAINED_KINDS = ("card", "account", "id_number", "permit")


@dataclass(frozen=True)
class Intake:
    """What intake needs of its surroundings. `holder` names the run of turns that would answer, new a message.

    `touch` is told of every word of a customer whose identity was checked: the check ends after idle minutes.
    """

    keyring: Keyring
    publication: Publication
    holder: str
    lease: timedelta
    episode_idle: timedelta
    touch: Callable[[Connection, str, datetime], None]


@dataclass(frozen=True)
class Accepted:
    """A message in its place; `notices` were written beside it. `work` is what the caller must answer now, if any.

    `renewed`: the session got a new token with it; whoever listens with an older one must hear nothing that follows.
    """

    message: Message
    is_new: bool
    work: Work | None
    notices: Sequence[Message] = ()
    renewed: bool = False


def accept(
    tx: Connection,
    intake: Intake,
    conversation_id: str,
    client_id: str,
    text: str | None,
    button: str | None,
    now: datetime,
) -> Accepted:
    """Store one message of the customer. The same `client_id` again gives the first message back.

    Raises ButtonUsed for a token that is unknown here or was pressed before.
    """

    def write(conversation: Conversation) -> tuple[Message, list[Message]]:
        if button is not None:
            return _press(tx, conversation, client_id, button, now), []
        return _write(tx, intake, conversation, client_id, text or "", now)

    return _accept(tx, intake, conversation_id, client_id, write, now)


def accept_secure(
    tx: Connection,
    intake: Intake,
    conversation_id: str,
    client_id: str,
    placeholder: str,
    replies: Sequence[Mapping[str, Any]],
    label: str | None,
    form: str | None,
    now: datetime,
) -> Accepted:
    """Store that a secure form was answered; of what was typed only `placeholder` stays.

    `replies` go with it at once; with a `label` the dialogue goes on from there. `form` is the one that is answered
    and over with it.
    """

    def write(conversation: Conversation) -> tuple[Message, list[Message]]:
        payload = {key: value for key, value in (("label", label), ("form", form)) if value}
        message = _add(tx, conversation, new_id(), client_id, placeholder, payload, now)
        if not label and store.mark_answered(tx, message.id, now):
            message = replace(message, answered_at=now)
        drafts = answers.compose(intake.publication, replies, None, now, simple=conversation.simple)
        return message, add_drafts(tx, intake.publication, conversation, drafts, message.id, now)

    return _accept(tx, intake, conversation_id, client_id, write, now)


def _accept(
    tx: Connection,
    intake: Intake,
    conversation_id: str,
    client_id: str,
    write: Callable[[Conversation], tuple[Message, list[Message]]],
    now: datetime,
) -> Accepted:
    conversation = store.lock_conversation(tx, conversation_id)
    if conversation is None:
        raise NotFound("conversation", conversation_id)
    known = store.message_of_client(tx, conversation_id, client_id)
    if known:
        return Accepted(known, is_new=False, work=_take_up(tx, intake, conversation, known, now))
    if conversation.starts_new_episode(now, intake.episode_idle):
        conversation = replace(conversation, episode=conversation.episode + 1)
        store.start_episode(tx, conversation_id, conversation.episode)
    if conversation.level:
        intake.touch(tx, conversation_id, now)
    message, notices = write(conversation)
    store.note_customer(tx, conversation_id, now)
    work = _take_up(tx, intake, conversation, message, now)
    return Accepted(message, is_new=True, work=work, notices=notices)


def _take_up(
    tx: Connection, intake: Intake, conversation: Conversation, message: Message, now: datetime
) -> Work | None:
    if message.answered_at is not None or conversation.is_leased(now):
        return None
    return next_work(tx, conversation.id, intake.holder, now, intake.lease)


def _press(tx: Connection, conversation: Conversation, client_id: str, token: str, now: datetime) -> Message:
    message_id = new_id()
    pressed = button_store.use_button(tx, conversation.id, token, message_id)
    if pressed is None:
        raise ButtonUsed(token)
    payload: dict[str, Any] = {"label": pressed.label}
    if pressed.entities:
        payload["entities"] = [{"entity": name, "value": value} for name, value in pressed.entities]
    return _add(tx, conversation, message_id, client_id, pressed.title, payload, now)


def _write(
    tx: Connection, intake: Intake, conversation: Conversation, client_id: str, text: str, now: datetime
) -> tuple[Message, list[Message]]:
    message_id = new_id()
    trail = store.customer_trail(tx, conversation.id, conversation.last_seq + 1, TRAIL)
    masked = mask(text, [earlier.text for earlier in trail])
    for index, stricter in masked.earlier.items():
        store.mask_again(tx, trail[index].id, stricter)
    payload = _judge(masked, trail)
    if payload.get("preface") == "elder" and not conversation.simple:
        store.prefer_simple(tx, conversation.id, True)
    payload["vault"] = _keep(tx, intake.keyring, message_id, masked, now)
    message = _add(tx, conversation, message_id, client_id, masked.text, payload, now)
    names = []
    if masked.secrets_dropped:
        names.append("utter_secret_hidden")
    elif any(span.kind in _EXPLAINED_KINDS for span in masked.spans):
        names.append("utter_personal_hidden")
    drafts = answers.compose(intake.publication, [{"name": name} for name in names], None, now)
    notices = add_drafts(tx, intake.publication, conversation, drafts, message.id, now)
    if payload.get("silent") and store.mark_answered(tx, message.id, now):
        message = store.message(tx, message.id) or message
    return message, notices


def _judge(masked: Masked, trail: Sequence[Message]) -> dict[str, Any]:
    """What the message asks for besides its topic; kept with it, so that a repair after a crash decides the same."""
    text = zh.normalise(masked.text)
    feeling = mood.read(text)
    signals = Signals(
        wish=wishes.find(text),
        angry=feeling.angry,
        elderly=feeling.elderly,
        helpless=feeling.helpless,
        repeated=any(zh.normalise(m.text) == text and "label" not in m.payload for m in trail),
    )
    due = escalation.of_message(signals)
    if due.due == "hand_off":
        return {"label": answers.HUMAN_LABEL, "reason": due.reason}
    payload: dict[str, Any] = {"preface": due.reason} if due.due == "offer" else {}
    if masked.only_masks and masked.secrets_dropped:
        payload["silent"] = True
    return payload


def _keep(tx: Connection, keyring: Keyring, message_id: str, masked: Masked, now: datetime) -> list[dict[str, Any]]:
    kept = []
    for span in masked.spans:
        if span.value is not None:
            vault.keep(
                tx,
                keyring,
                message_id=message_id,
                start=span.start,
                kind=span.kind,
                mask=span.mask,
                value=span.plain or span.value,
                now=now,
            )
            kept.append({"kind": span.kind, "mask": span.mask})
    return kept


def _add(
    tx: Connection,
    conversation: Conversation,
    message_id: str,
    client_id: str,
    text: str,
    payload: dict[str, Any],
    now: datetime,
) -> Message:
    [seq] = store.next_seqs(tx, conversation.id, 1)
    answered_at = None if conversation.owner == BOT else now  # a person's turn: the bot owes nothing
    message = Message(
        message_id,
        conversation.id,
        seq,
        "customer",
        text,
        now,
        client_id=client_id,
        payload=payload,
        answered_at=answered_at,
    )
    store.add_messages(tx, [message], conversation.episode)
    return message
