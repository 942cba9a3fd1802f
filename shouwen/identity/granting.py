"""Levels given, kept and lost, inside the caller's transaction (identity §3.1, §3.2, ASVS 7.3, 7.5.3)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from shouwen.conversations import store as conversations
from shouwen.identity import store
from shouwen.identity.check import Check
from shouwen.identity.level import ANONYMOUS, Level, Standing
from shouwen.identity.records import Verification
from shouwen.identity.rules import Rules
from shouwen.identity.security_log import record


def live(tx: Connection, conversation_id: str, now: datetime) -> Verification | None:
    """The level that holds now, None when none does."""
    found = store.verification(tx, conversation_id)
    return None if found is None or found.is_over(now) else found


def standing(tx: Connection, conversation_id: str, now: datetime) -> Standing:
    """Who the customer of a conversation is now."""
    found = live(tx, conversation_id, now)
    return found.standing(now) if found else ANONYMOUS


def by_code(tx: Connection, rules: Rules, check: Check, address: str, now: datetime) -> Verification:
    """The right code came: L1, or the freshness of a level the same customer holds; its absolute end stays then."""
    assert check.customer_ref and check.subject and check.salutation and check.phone_mask
    held = live(tx, check.conversation_id, now)
    if held and held.customer_ref == check.customer_ref and held.level > Level.CONTACT:
        return _put(tx, rules, held, address, now)
    new = Verification(
        conversation_id=check.conversation_id, level=Level.CONTACT, customer_ref=check.customer_ref,
        subject=check.subject, salutation=check.salutation, phone_mask=check.phone_mask, elder=check.elder,
        number_is_new=check.number_is_new, via="otp", holder_tail=None, verified_at=now, fresh_until=now,
        idle_seconds=0, idle_until=now, expires_at=now + rules.verified_absolute,
    )  # fmt: skip
    return _put(tx, rules, new, address, now)


def by_details(tx: Connection, rules: Rules, held: Verification, tail: str | None, address: str, now: datetime) -> None:
    """The details matched: L2, or with a card tail L1 as the holder. The absolute end stays that of the code."""
    if tail is None:
        _put(tx, rules, replace(held, level=Level.CUSTOMER), address, now)
    else:
        _put(tx, rules, replace(held, holder_tail=tail), address, now)


def by_bank(tx: Connection, rules: Rules, new: Verification, now: datetime) -> None:
    """The bank's own sign-in was handed over: L2."""
    _put(tx, rules, replace(new, expires_at=now + rules.verified_absolute), None, now)


def _put(tx: Connection, rules: Rules, given: Verification, address: str | None, now: datetime) -> Verification:
    proven = replace(
        given,
        verified_at=now,
        fresh_until=now + rules.fresh_for,
        idle_seconds=int(rules.verified_idle.total_seconds()),
        idle_until=now + rules.verified_idle,
    )
    store.put_verification(tx, proven)
    device = store.device_of(tx, proven.conversation_id)
    if device:
        store.see_device(tx, proven.customer_ref, device, now)
    if proven.elder:
        conversations.prefer_simple(tx, proven.conversation_id, simple=True)
    record(
        tx, "level_changed", now, conversation_id=proven.conversation_id, customer_ref=proven.customer_ref,
        reason=Level(proven.level).name.lower(), address=address,
    )  # fmt: skip
    return proven
