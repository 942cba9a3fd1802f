"""The identity check as others use it. Everything here works inside the caller's transaction and never commits."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from shouwen.conversations import store as conversations
from shouwen.errors import FormOver, NotFound
from shouwen.identity import counters, granting, otp, store
from shouwen.identity.check import Check, next_step, number_is_new
from shouwen.identity.course import close, renewed
from shouwen.identity.fields import bare_phone, phone_mask
from shouwen.identity.granting import standing
from shouwen.identity.level import REQUIRED, Act, Level, lane_of
from shouwen.identity.progress import Granted, Locked, OpenStep, Progress, Prompt
from shouwen.identity.prompts import prompt
from shouwen.identity.records import Verification
from shouwen.identity.risk import Facts, Risk, stops
from shouwen.identity.rules import CHECK_LIFE, FORM_LIFE, Rules
from shouwen.identity.salutation import opening
from shouwen.identity.security_log import record
from shouwen.identity.steps import send_again, take_details, take_otp, take_phone
from shouwen.text import coercion
from shouwen.text.zh import SHANGHAI, shanghai_day

if TYPE_CHECKING:
    from shouwen.outside.corebank import Customer

__all__ = [
    "allows", "bank_signed_in", "begin", "cancel", "forget", "open_step", "risk", "send_again", "standing",
    "take_details", "take_otp", "take_phone", "touch",
]  # fmt: skip

_DAY = timedelta(hours=24)
_BANK_TOKEN = "bank_token"


def allows(tx: Connection, conversation_id: str, act: Act, now: datetime) -> bool:
    """Whether the customer of a conversation may do this now: level and age, asked anew each time (ASVS 7.5.3)."""
    return standing(tx, conversation_id, now).meets(REQUIRED[act])


def touch(tx: Connection, conversation_id: str, now: datetime) -> None:
    """The customer wrote: the idle end of a level moves on, never past the absolute one."""
    held = granting.live(tx, conversation_id, now)
    if held:
        idle_until = min(now + timedelta(seconds=held.idle_seconds), held.expires_at)
        store.keep_verification(tx, conversation_id, idle_until)


def begin(tx: Connection, rules: Rules, conversation_id: str, act: Act, now: datetime) -> Prompt | Granted | Locked:
    """What an act needs of this conversation: nothing, a step of a check, or patience. Raises NotFound.

    Asked again in the middle of a check, it shows the same step again.
    """
    conversation = conversations.lock_conversation(tx, conversation_id)
    if conversation is None:
        raise NotFound("conversation", conversation_id)
    check = store.open_check(tx, conversation_id)
    held = granting.live(tx, conversation_id, now)
    step = next_step(act, standing(tx, conversation_id, now))
    if step is None:
        if check:
            close(tx, check, "done" if check.act == act else "cancelled", now)
        return Granted(standing(tx, conversation_id, now))
    subject = held.subject if held else store.last_subject(tx, conversation_id)
    until = counters.locked_until(tx, conversation_id, subject, lane_of(act), now)
    if until:
        if check:
            close(tx, check, "locked" if check.lane == lane_of(act) else "cancelled", now, reason="locked")
        record(tx, "refused", now, conversation_id=conversation_id, lane=lane_of(act), reason="locked")
        return Locked(until)
    if check and check.act == act and not check.is_over(now):
        return _shown_again(tx, rules, check, held, now)
    if check:
        close(tx, check, "cancelled", now)
    new = Check(
        id=secrets.token_hex(16), conversation_id=conversation_id, act=act, state="open", step=step,
        form_id=secrets.token_hex(16), form_expires_at=now + FORM_LIFE, simple=conversation.simple,
        created_at=now, expires_at=now + CHECK_LIFE, **_known(held),
    )  # fmt: skip
    store.add_check(tx, new)
    store.set_secure_form(tx, conversation_id, new.form_id)
    record(
        tx,
        "check_opened",
        now,
        conversation_id=conversation_id,
        customer_ref=new.customer_ref,
        lane=new.lane,
        reason=act,
    )
    return Prompt(*prompt(new, rules, None, now))


def cancel(tx: Connection, conversation_id: str, now: datetime) -> None:
    """The customer does not want to go on: no form waits any more."""
    conversations.lock_conversation(tx, conversation_id)
    check = store.open_check(tx, conversation_id)
    if check:
        close(tx, check, "cancelled", now)


def open_step(tx: Connection, conversation_id: str, form_id: str, now: datetime) -> OpenStep:
    """The step behind a form. Raises FormOver when it is unknown here, of another conversation, answered or too old."""
    check = store.check_of_form(tx, conversation_id, form_id)
    if check is None or check.form_is_over(form_id, now):
        raise FormOver(form_id)
    return OpenStep(
        conversation_id, form_id, check.id, check.step, check.act, check.fields, check.customer_ref, check.subject,
        check.lane,
    )  # fmt: skip


def bank_signed_in(
    tx: Connection,
    rules: Rules,
    conversation_id: str,
    customer: "Customer",
    jti: str,
    expires: datetime,
    now: datetime,
) -> Progress:
    """The bank's app or site handed its signed-in customer over: L2. A token counts once (`jti`), before it expires.

    A check that waited for this is done with it. Where somebody else was known before, the dialogue begins anew: what
    that customer chose must not wait for this one's word. Raises NotFound for an unknown conversation.
    """
    conversation = conversations.lock_conversation(tx, conversation_id)
    if conversation is None:
        raise NotFound("conversation", conversation_id)
    key = otp.keyed_hash(rules.key, _BANK_TOKEN, jti)
    phone = bare_phone(customer.phone)
    subject = otp.subject_of(rules.key, phone)
    for held in sorted((key, subject)):
        store.hold(tx, held)
    is_used = bool(store.attempts(tx, key, "check", _BANK_TOKEN, now - _DAY))
    if is_used or now >= expires or customer.state == "closed":
        reason = "bank_token_used" if is_used else "bank_token_over" if now >= expires else "customer_closed"
        record(tx, "refused", now, conversation_id=conversation_id, customer_ref=customer.ref, reason=reason)
        return Progress("void", [("utter_identity_expired", {})])
    store.add_attempts(tx, [key], "check", _BANK_TOKEN, now)
    before = store.verification(tx, conversation_id)
    if before and before.customer_ref != customer.ref:
        conversations.start_episode(tx, conversation_id, conversation.episode + 1)
    granting.by_bank(tx, rules, _from_bank(rules, conversation_id, customer, subject, phone, now), now)
    record(tx, "bank_signed_in", now, conversation_id=conversation_id, customer_ref=customer.ref)
    check = store.open_check(tx, conversation_id)
    if check:
        close(tx, check, "done", now)
    said = ("utter_identity_done", {"salutation": opening(customer.salutation)})
    return Progress("done", [said], level_changed=True, outcome="identity_done" if check else None)


def risk(tx: Connection, rules: Rules, conversation_id: str, customer: "Customer", now: datetime) -> Risk | None:
    """Why a password reset of a verified customer must go to a person; None when it need not (identity §3.3)."""
    subject = otp.subject_of(rules.key, bare_phone(customer.phone))
    words = store.words_of(tx, conversation_id)
    device, devices = store.device_of(tx, conversation_id), store.devices_known(tx, customer.ref, now - _DAY)
    locks = [store.locks_of_any_lane(tx, key, now - _DAY) for key in (subject, conversation_id)]
    fraud = "fraud_report" in store.labels_of(tx, conversation_id) or any(map(coercion.speaks_of_fraud, words))
    facts = Facts(
        customer_state=customer.state,
        number_is_new=number_is_new(customer.phone_since, shanghai_day(now), rules.number_age_days),
        locked_lately=any(locks),
        fraud_spoken_of=fraud,
        elder=customer.elder,
        third_person=any(map(coercion.speaks_for_another, words)),
        # new is what differs from devices we know; whoever comes for the first time has none to differ from
        device_is_new=bool(devices) and device not in devices,
        hour=now.astimezone(SHANGHAI).hour,
    )
    reason = stops(facts)
    if reason:
        record(tx, "refused", now, conversation_id=conversation_id, customer_ref=customer.ref, reason=reason)
    return reason


def forget(tx: Connection, now: datetime) -> None:
    """Delete what need not be known any longer: codes that are over, counts older than any window (identity §4)."""
    store.forget(tx, now, now - 2 * _DAY)


def _shown_again(tx: Connection, rules: Rules, check: Check, held: Verification | None, now: datetime) -> Prompt:
    lapsed = check.step in ("person", "holder") and held is None
    shown = check
    if lapsed:
        shown = renewed(check, now, step="otp", name_matched=None)
    elif now >= check.form_expires_at:
        shown = renewed(check, now)
    if shown != check:
        store.save_check(tx, shown)
    store.set_secure_form(tx, shown.conversation_id, shown.form_id)
    waiting = store.otp(tx, shown.id)
    sent_at = waiting.sent_at if waiting and now < waiting.expires_at else None
    return Prompt(*prompt(shown, rules, sent_at, now))


def _known(held: Verification | None) -> dict[str, Any]:
    if held is None:
        return {}
    return {
        "subject": held.subject, "customer_ref": held.customer_ref, "salutation": held.salutation,
        "phone_mask": held.phone_mask, "elder": held.elder, "number_is_new": held.number_is_new,
    }  # fmt: skip


def _from_bank(
    rules: Rules, conversation_id: str, customer: "Customer", subject: str, phone: str, now: datetime
) -> Verification:
    return Verification(
        conversation_id=conversation_id, level=Level.CUSTOMER, customer_ref=customer.ref, subject=subject,
        salutation=customer.salutation, phone_mask=phone_mask(phone), elder=customer.elder,
        number_is_new=number_is_new(customer.phone_since, shanghai_day(now), rules.number_age_days), via="bank",
        holder_tail=None, verified_at=now, fresh_until=now, idle_seconds=0, idle_until=now, expires_at=now,
    )  # fmt: skip
