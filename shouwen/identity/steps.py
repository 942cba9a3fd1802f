"""What follows from an answered form: each step of a check inside the caller's transaction (identity §3.1, §3.2).

A number the bank does not know takes the same way as any other: the same rows, the same replies; only its code is
never right.
"""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from shouwen.conversations import store as conversations
from shouwen.errors import FormOver
from shouwen.identity import counters, granting, otp, store
from shouwen.identity.attempts import NoMoreCodes, TooSoon
from shouwen.identity.check import Check, next_step, number_is_new
from shouwen.identity.course import close, log, renewed, save
from shouwen.identity.fields import phone_mask
from shouwen.identity.progress import Channel, LockNotice, OpenStep, OtpToSend, Progress
from shouwen.identity.prompts import code_values, prompt, secure_form
from shouwen.identity.records import Otp
from shouwen.identity.rules import FORM_LIFE, Rules
from shouwen.identity.salutation import opening
from shouwen.text.moments import moment
from shouwen.text.zh import shanghai_day

if TYPE_CHECKING:
    from shouwen.outside.corebank import Customer


def take_phone(
    tx: Connection,
    rules: Rules,
    step: OpenStep,
    phone: str,
    customer: "Customer | None",
    address: str,
    simple: bool,
    now: datetime,
) -> Progress:
    """The number was typed, and the bank asked who has it on file: send a code there. `phone` is cleaned.

    Raises FormOver, and TooManyRequests for an address.
    """
    check = _current(tx, step, now)
    subject = otp.subject_of(rules.key, phone)
    named = replace(
        check,
        subject=subject,
        customer_ref=customer.ref if customer else None,
        salutation=customer.salutation if customer else None,
        phone_mask=phone_mask(phone),
        elder=customer is not None and customer.elder,
        number_is_new=customer is not None
        and number_is_new(customer.phone_since, shanghai_day(now), rules.number_age_days),
        simple=simple,
    )
    stopped = _stopped(tx, rules, named, address, now)
    return stopped or _send(tx, rules, check, named, "voice" if simple else "sms", address, now)


def send_again(
    tx: Connection, rules: Rules, conversation_id: str, form_id: str, channel: Channel, address: str, now: datetime
) -> Progress:
    """Another code was asked for; the one before it is dead. The form stays the same.

    Raises FormOver, also when the form asks for something else, and TooManyRequests for an address.
    """
    check = _hold(tx, conversation_id, form_id, now)
    if check.step != "otp":
        raise FormOver(form_id)
    stopped = _stopped(tx, rules, check, address, now)
    return stopped or _send(tx, rules, check, check, channel, address, now)


def take_otp(tx: Connection, rules: Rules, step: OpenStep, code: str, address: str, now: datetime) -> Progress:
    """The code was typed. Raises FormOver, and TooManyRequests for an address."""
    check = _current(tx, step, now)
    stopped = _stopped(tx, rules, check, address, now)
    if stopped:
        return stopped
    waiting = store.otp(tx, check.id)
    expected = waiting.code_hash if waiting else secrets.token_hex(32)
    hashed = otp.code_hash(rules.key, code, check.id, check.conversation_id, check.act, check.subject or "")
    is_right = otp.same(hashed, expected) & (check.customer_ref is not None)
    if waiting is None or now >= waiting.expires_at:
        return _code_is_over(tx, check, "utter_identity_expired" if waiting else "utter_identity_otp_void", now)
    if is_right:
        return _proven(tx, rules, check, address, now)
    return _wrong_code(tx, rules, check, waiting, address, now)


def take_details(
    tx: Connection, rules: Rules, step: OpenStep, matched: bool, card_tail: str | None, address: str, now: datetime
) -> Progress:
    """Name and number were typed, and the bank asked whether they match; one by one the first half waits untold.

    Raises FormOver, and TooManyRequests for an address.
    """
    check = _current(tx, step, now)
    stopped = _stopped(tx, rules, check, address, now)
    if stopped:
        return stopped
    held = granting.live(tx, check.conversation_id, now)
    if held is None or held.customer_ref != check.customer_ref:
        return _code_is_over(tx, replace(check, step="otp", name_matched=None), "utter_identity_expired", now)
    if check.is_first_half:
        return _ask(tx, rules, replace(check, name_matched=matched), now)
    if not (matched and check.name_matched is not False):
        return _wrong_details(tx, rules, check, address, now)
    log(tx, "details_right", check, now, address=address)
    if check.step == "person" and check.number_is_new:  # possession proves nothing yet (§3.1 L2)
        return _ended(tx, check, "utter_identity_elsewhere", "number_is_new", now)
    granting.by_details(tx, rules, held, card_tail if check.step == "holder" else None, address, now)
    return _onwards(tx, rules, check, now, level_changed=check.step == "person")


def _current(tx: Connection, step: OpenStep, now: datetime) -> Check:
    check = _hold(tx, step.conversation_id, step.form_id, now)
    if check.step != step.step or check.fields != step.fields:
        raise FormOver(step.form_id)
    return check


def _hold(tx: Connection, conversation_id: str, form_id: str, now: datetime) -> Check:
    conversations.lock_conversation(tx, conversation_id)  # first, as everywhere: no two wait for each other
    check = store.check_of_form(tx, conversation_id, form_id, hold=True)
    if check is None or check.form_is_over(form_id, now):
        raise FormOver(form_id)
    return check


def _stopped(tx: Connection, rules: Rules, check: Check, address: str, now: datetime) -> Progress | None:
    """What ends a step before it is looked at: a fast address raises, a lock answers."""
    assert check.subject is not None
    store.hold(tx, check.subject)
    counters.slow_down(tx, rules, check.lane, address, now)
    until = counters.locked_until(tx, check.conversation_id, check.subject, check.lane, now)
    if until is None:
        return None
    log(tx, "refused", check, now, reason="locked", address=address)
    return _locked(tx, check, until, None, now)


def _send(
    tx: Connection, rules: Rules, before: Check, check: Check, channel: Channel, address: str, now: datetime
) -> Progress:
    """Send a code, unless it is too soon; `before` is the check as it stays then."""
    assert check.subject is not None
    counters.slow_down_sends(tx, rules, check.lane, address, now)
    refusal = counters.sending(tx, rules, check.subject, check.lane, now)
    if isinstance(refusal, NoMoreCodes):
        log(tx, "refused", check, now, reason="code_limit", address=address)
        return _ended(tx, check, "utter_identity_otp_limit", "code_limit", now)
    if isinstance(refusal, TooSoon):
        log(tx, "refused", check, now, reason="code_too_soon", address=address)
        return _too_soon(tx, rules, before, refusal, now)
    again = before.step == "otp"
    check = replace(check, step="otp", form_expires_at=now + FORM_LIFE) if again else renewed(check, now, step="otp")
    code = otp.new_code()
    hashed = otp.code_hash(rules.key, code, check.id, check.conversation_id, check.act, check.subject or "")
    store.save_check(tx, check)
    store.put_otp(tx, Otp(check.id, hashed, 0, now, now + rules.otp_life))
    store.set_secure_form(tx, check.conversation_id, check.form_id)
    counters.count_sent(tx, rules, check.subject or "", check.lane, address, now)
    log(tx, "code_sent", check, now, reason=channel, address=address)
    reply = "utter_identity_otp_again" if again else "utter_identity_otp"
    return Progress(
        "again" if again else "next",
        [(reply, code_values(check, rules, now))],
        otp=OtpToSend(check.customer_ref, code, channel, check.act, secrets.token_hex(16)),
    )


def _too_soon(tx: Connection, rules: Rules, check: Check, refusal: TooSoon, now: datetime) -> Progress:
    waiting = store.otp(tx, check.id)
    if check.step == "phone":
        check = renewed(check, now)
        save(tx, check)
    form = secure_form(check, waiting.sent_at + rules.otp_resend_gap if waiting else now)
    return Progress("again", [("utter_identity_otp_too_soon", {"seconds": refusal.seconds, "secure_form": form})])


def _wrong_code(tx: Connection, rules: Rules, check: Check, waiting: Otp, address: str, now: datetime) -> Progress:
    log(tx, "code_wrong", check, now, address=address)
    store.count_try(tx, check.id)
    lock = counters.fail(tx, rules, check, address, now, details=False)
    if lock:
        return _locked(tx, check, lock.until, lock.reason, now)
    tries_left = rules.otp_tries - waiting.tries - 1
    if tries_left <= 0:
        store.drop_otp(tx, check.id)
        log(tx, "code_void", check, now, address=address)
        return _code_is_over(tx, check, "utter_identity_otp_void", now)
    check = renewed(check, now)
    save(tx, check)
    left = min(tries_left, counters.tries_left(tx, rules, check, now, details=False))
    form = secure_form(check, waiting.sent_at + rules.otp_resend_gap)
    return Progress("again", [("utter_identity_otp_wrong", {"left": left, "secure_form": form})])


def _code_is_over(tx: Connection, check: Check, reply: str, now: datetime) -> Progress:
    """No code waits: the form stays, and another code can be asked for."""
    check = renewed(check, now)
    save(tx, check)
    return Progress("void", [(reply, {"secure_form": secure_form(check, now)})])


def _proven(tx: Connection, rules: Rules, check: Check, address: str, now: datetime) -> Progress:
    store.drop_otp(tx, check.id)
    log(tx, "code_right", check, now, address=address)
    granting.by_code(tx, rules, check, address, now)
    return _onwards(tx, rules, check, now, level_changed=True)


def _wrong_details(tx: Connection, rules: Rules, check: Check, address: str, now: datetime) -> Progress:
    log(tx, "details_wrong", check, now, address=address)
    lock = counters.fail(tx, rules, check, address, now, details=True)
    if lock:
        return _locked(tx, check, lock.until, lock.reason, now)
    check = renewed(check, now, name_matched=None)
    save(tx, check)
    left = counters.tries_left(tx, rules, check, now, details=True)
    return Progress("again", [("utter_identity_failed", {"left": left, "secure_form": secure_form(check, None)})])


def _onwards(tx: Connection, rules: Rules, check: Check, now: datetime, *, level_changed: bool) -> Progress:
    step = next_step(check.act, granting.standing(tx, check.conversation_id, now))
    if step is not None:
        return replace(_ask(tx, rules, replace(check, step=step), now), level_changed=level_changed)
    close(tx, check, "done", now)
    said = ("utter_identity_done", {"salutation": opening(check.salutation)})
    return Progress("done", [said], level_changed=level_changed, outcome="identity_done")


def _ask(tx: Connection, rules: Rules, check: Check, now: datetime) -> Progress:
    check = renewed(check, now)
    save(tx, check)
    return Progress("next", [prompt(check, rules, None, now)])


def _ended(tx: Connection, check: Check, reply: str, reason: str, now: datetime) -> Progress:
    close(tx, check, "over", now, reason=reason)
    return Progress("void", [(reply, _spoken(check))], outcome="identity_failed")


def _locked(tx: Connection, check: Check, until: datetime, reason: str | None, now: datetime) -> Progress:
    close(tx, check, "locked", now, reason="locked")
    notice = None
    if reason == "failed_checks_day":
        notice = LockNotice(check.customer_ref, moment(until), secrets.token_hex(16))
    said = ("utter_identity_locked", {"until": moment(until)})
    return Progress("locked", [said], outcome="identity_failed", notice=notice)


def _spoken(check: Check) -> dict[str, Any]:
    return {"salutation": opening(check.salutation)} if check.step in ("person", "holder") else {}
