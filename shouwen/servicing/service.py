"""What is done at the bank for a customer: asked for, answered, kept when there was no answer.

Asking the bank is not done here: it must not happen inside a transaction. `question` says what to ask; the caller asks
it between two transactions and hands the answer, or the error, to `record`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from shouwen.conversations import requests
from shouwen.conversations import store as conversations
from shouwen.conversations.sessions import new_id
from shouwen.errors import BankRefused, NotFound, Unavailable
from shouwen.identity import service as identity
from shouwen.identity.level import Act, Standing
from shouwen.outside.corebank import CoreBank
from shouwen.servicing import instalment, loss_stop, sms_notice, store
from shouwen.servicing.notification import Notification
from shouwen.servicing.request import FIRST_RETRY, ServiceRequest, gap

Reply = tuple[str, Mapping[str, Any]]
BankAnswer = Any  # what a call of CoreBank returns, or Unavailable, or BankRefused


@dataclass(frozen=True)
class Recorded:
    """A request after an answer, and what the customer is told of it now."""

    request: ServiceRequest
    replies: tuple[Reply, ...]


def want(
    tx: Connection,
    conversation_id: str,
    message_id: str,
    act: Act,
    customer_ref: str,
    details: Mapping[str, Any],
    now: datetime,
) -> ServiceRequest:
    """The request a message makes, kept before the bank is asked. A repeat of the message finds the first one."""
    known = store.request_of_message(tx, message_id)
    if known:
        return known
    request = _new(conversation_id, message_id, act, customer_ref, details, now)
    request = replace(request, next_try_at=now + FIRST_RETRY if request.may_be_repeated else None)
    store.add_request(tx, request)
    return request


def keep_offer(
    tx: Connection, conversation_id: str, message_id: str, standing: Standing, details: Mapping[str, Any], now: datetime
) -> ServiceRequest:
    """Keep a quote until the customer says yes to it. A repeat of the message replaces what it was offered."""
    known = store.request_of_message(tx, message_id)
    if known:
        store.change_request(tx, known.id, details=dict(details))
        return replace(known, details=details)
    offered = _new(conversation_id, message_id, "bill_instalment", str(standing.customer_ref), details, now)
    offered = replace(offered, state="offered")
    store.add_request(tx, offered)
    return offered


def offer_for(
    tx: Connection, conversation_id: str, standing: Standing, bill_id: object, terms: object
) -> ServiceRequest | None:
    """The quote that waits for this customer's word, when it is for this bill and this number of payments."""
    offer = store.newest_request(tx, conversation_id, "bill_instalment")
    if offer is None or offer.state != "offered" or offer.customer_ref != standing.customer_ref:
        return None
    return offer if instalment.is_for(offer.details, bill_id, terms) else None


def accept_offer(tx: Connection, offer: ServiceRequest, message_id: str, now: datetime) -> ServiceRequest:
    """The customer said yes in this message: from here on the bank is asked until it answers."""
    changes: dict[str, Any] = {
        "state": "wanted", "next_try_at": now + FIRST_RETRY, "details": {**offer.details, "agreed_in": message_id}
    }  # fmt: skip
    store.change_request(tx, offer.id, **changes)
    return replace(offer, **changes)


def agreed_in(tx: Connection, conversation_id: str, message_id: str) -> ServiceRequest | None:
    """The offer that was accepted in this message: a repeat of the message finds it again."""
    request = store.newest_request(tx, conversation_id, "bill_instalment")
    return request if request and request.details.get("agreed_in") == message_id else None


def question(request: ServiceRequest) -> Callable[[CoreBank], Awaitable[BankAnswer]]:
    """What to ask the bank for a request. Asked again with the same key it is still done once."""
    details = request.details
    match request.act:
        case "loss_stop":
            return lambda bank: bank.stop_card(str(details["card"]), request.key)
        case "sms_notice":
            return lambda bank: bank.set_sms_notice(request.customer_ref, details["wish"] == "on", request.key)
        case "bill_instalment":
            return lambda bank: bank.apply_instalment(str(details["quote"]), request.key)
        case "password_reset":
            return lambda bank: bank.start_password_reset(request.customer_ref, request.key)
        case "ticket_status":
            raise ValueError("a ticket's status is not the bank's")


def record(tx: Connection, request: ServiceRequest, answer: BankAnswer, now: datetime) -> Recorded:
    """Keep what the bank answered to a request, and say what the customer is told in the turn that asked for it.

    A request that has an answer already keeps it. Raises NotFound.
    """
    current = store.lock_request(tx, request.id)
    if current is None:
        raise NotFound("service request", request.id)
    if current.state == "done":
        return Recorded(current, told(current))
    request = current
    if isinstance(answer, Unavailable):
        return _unanswered(tx, request, now)
    if isinstance(answer, BankRefused):
        return _refused(tx, request, answer, now)
    return _done(tx, request, answer, now)


def told(request: ServiceRequest) -> tuple[Reply, ...]:
    """What the customer reads of a request that was done."""
    match request.act:
        case "loss_stop":
            return (loss_stop.told(request.details, request.receipt),)
        case "sms_notice":
            return (sms_notice.told(request.details, request.receipt),)
        case "bill_instalment":
            return (instalment.told(request.details, request.receipt),)
        case _:
            return ()


def told_later(request: ServiceRequest) -> tuple[Reply, ...]:
    """What the customer reads when the answer came after the turn was over."""
    if request.state == "done" and request.act == "loss_stop":
        return (loss_stop.told_later(request.details, request.receipt),)
    if request.state == "done":
        return tuple((name, {**values, "salutation": ""}) for name, values in told(request))
    if request.act == "loss_stop":
        return (("utter_loss_locked", {}),)
    return (("utter_bank_refused", {"salutation": ""}),)


def was_taken_over(tx: Connection, request: ServiceRequest) -> bool:
    """True when people were called for what the bank did not answer, and have seen to it."""
    if not request.tries:
        return False  # nobody was called yet
    by_people = conversations.request_of_message(tx, request.message_id)
    if by_people is None:  # it joined one that was open already
        return conversations.open_request_of(tx, request.conversation_id, requests.CALL_BACK) is None
    return bool(by_people["state"] != "open")


def give_up(tx: Connection, request: ServiceRequest, reason: str) -> ServiceRequest:
    """Ask the bank no more."""
    store.change_request(tx, request.id, state="given_up", reason=reason, next_try_at=None)
    return replace(request, state="given_up", reason=reason, next_try_at=None)


def finish(tx: Connection, request: ServiceRequest, details: Mapping[str, Any], receipt: str | None) -> ServiceRequest:
    """Mark a request done with what there is to tell of it."""
    kept = {**request.details, **details}
    store.change_request(tx, request.id, state="done", details=kept, receipt=receipt, next_try_at=None)
    return replace(request, state="done", details=kept, receipt=receipt, next_try_at=None)


def fail(tx: Connection, request: ServiceRequest, reason: str) -> ServiceRequest:
    """Mark a request as one that was not done, and why in one word."""
    store.change_request(tx, request.id, state="failed", reason=reason[:64], next_try_at=None)
    return replace(request, state="failed", reason=reason[:64], next_try_at=None)


def call_people(tx: Connection, request: ServiceRequest, reason: str, now: datetime) -> None:
    """Let a person see to what the bank did not do (R7, R61): a lost card urgently, all else as a question."""
    conversation = conversations.conversation(tx, request.conversation_id)
    if conversation is None:
        raise NotFound("conversation", request.conversation_id)
    episode = conversation.episode
    if request.act == "loss_stop":
        wish = requests.wish_for_human(tx, request.conversation_id, episode, request.message_id, "loss", now)
        phone_mask = identity.standing(tx, request.conversation_id, now).phone_mask
        if phone_mask:
            requests.use_number_on_file(tx, wish, request.customer_ref, phone_mask)
    else:
        requests.unanswered_question(tx, request.conversation_id, episode, request.message_id, reason, now)


def password_was_reset(tx: Connection, customer_ref: str, now: datetime) -> None:
    """The bank's page has set a new password: tell all channels on file (identity §3.3 step 5)."""
    tell(tx, customer_ref, ("utter_text_reset_done", {}), now)


def tell(tx: Connection, customer_ref: str, words: Reply, now: datetime) -> None:
    """Put a notification where jobs find and send it."""
    name, details = words
    store.add_notification(tx, Notification(new_id(), customer_ref, name, dict(details), "waiting", 0, now, now))


def open_matters(tx: Connection, conversation_id: str, customer_ref: str) -> list[datetime]:
    """When a customer's open requests were made, newest first, in whatever conversation."""
    return store.open_requests(tx, [conversation_id, *store.conversations_of(tx, customer_ref)])


def _new(
    conversation_id: str, message_id: str, act: Act, customer_ref: str, details: Mapping[str, Any], now: datetime
) -> ServiceRequest:
    return ServiceRequest(
        new_id(), conversation_id, message_id, act, customer_ref, dict(details), "wanted", None, None, 0, now, None
    )


def _unanswered(tx: Connection, request: ServiceRequest, now: datetime) -> Recorded:
    tries = request.tries + 1
    next_try_at = now + gap(tries - 1) if request.may_be_repeated else None
    store.change_request(tx, request.id, tries=tries, next_try_at=next_try_at)
    request = replace(request, tries=tries, next_try_at=next_try_at)
    call_people(tx, request, "bank_unavailable", now)
    if request.act == "loss_stop":
        return Recorded(request, (("utter_loss_kept", {"tail": request.details["tail"]}),))
    return Recorded(request, (("utter_bank_unavailable", {}),))


def _refused(tx: Connection, request: ServiceRequest, answer: BankRefused, now: datetime) -> Recorded:
    request = fail(tx, request, answer.code)
    call_people(tx, request, "bank_refused", now)
    name = "utter_loss_locked" if request.act == "loss_stop" else "utter_bank_refused"
    return Recorded(request, ((name, {}),))


def _done(tx: Connection, request: ServiceRequest, answer: BankAnswer, now: datetime) -> Recorded:
    facts: dict[str, Any] = {}
    match request.act:
        case "loss_stop":
            facts = loss_stop.facts(answer)
        case "sms_notice":
            facts = sms_notice.facts(answer)
        case "bill_instalment":
            facts = instalment.facts(answer)
    request = finish(tx, request, facts, getattr(answer, "receipt", None))
    if request.act == "loss_stop" and not request.details["already"]:
        tell(tx, request.customer_ref, loss_stop.notification(request.details), now)
    return Recorded(request, told(request))
