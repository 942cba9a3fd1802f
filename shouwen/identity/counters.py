"""Counting sends and failures, and what follows from them, inside the caller's transaction (identity §3.2)."""

from datetime import datetime

from sqlalchemy.engine import Connection

from shouwen.errors import TooManyRequests
from shouwen.identity import attempts, store
from shouwen.identity.attempts import DAY, HOUR, Lock, NoMoreCodes, TooSoon
from shouwen.identity.check import Check
from shouwen.identity.level import Lane
from shouwen.identity.otp import keyed_hash
from shouwen.identity.rules import Rules
from shouwen.identity.security_log import record, subscriber

SENT = "code_sent"
FAILED = "failed"


def address_key(rules: Rules, address: str) -> str:
    """Whose counters an address counts on: of IPv6 its /64, within which anybody may choose addresses at will."""
    return keyed_hash(rules.key, "address", subscriber(address))


def slow_down(tx: Connection, rules: Rules, lane: Lane, address: str, now: datetime) -> None:
    """Raise TooManyRequests when an address, which many may share, did too much: it is never locked (§3.1)."""
    key = address_key(rules, address)
    failed = store.attempts(tx, key, lane, FAILED, now - rules.failed_window)
    limit = rules.failed_checks * rules.address_factor
    wait = attempts.address_waits(failed, limit, rules.failed_window, now)
    if wait is not None:
        raise TooManyRequests(wait)


def slow_down_sends(tx: Connection, rules: Rules, lane: Lane, address: str, now: datetime) -> None:
    """The same for codes sent because of an address."""
    sent = store.attempts(tx, address_key(rules, address), lane, SENT, now - HOUR)
    wait = attempts.address_waits(sent, rules.otp_per_address_hour, HOUR, now)
    if wait is not None:
        raise TooManyRequests(wait)


def sending(tx: Connection, rules: Rules, subject: str, lane: Lane, now: datetime) -> TooSoon | NoMoreCodes | None:
    """Why no code may be sent to a subject now."""
    return attempts.sending(store.attempts(tx, subject, lane, SENT, now - DAY), rules, now)


def count_sent(tx: Connection, rules: Rules, subject: str, lane: Lane, address: str, now: datetime) -> None:
    """Count a code that is sent."""
    store.add_attempts(tx, [subject, address_key(rules, address)], lane, SENT, now)


def locked_until(
    tx: Connection, conversation_id: str, subject: str | None, lane: Lane, now: datetime
) -> datetime | None:
    """Until when neither this conversation nor this subject may be checked in a lane. Locks that ran out are noted."""
    untils = []
    for key in (conversation_id, subject):
        if key is None:
            continue
        if store.end_locks(tx, key, lane, now):
            record(tx, "unlocked", now, conversation_id=conversation_id, lane=lane)
        untils += [lock.until for lock in store.locks(tx, key, lane, now) if lock.until > now]
    return max(untils, default=None)


def fail(tx: Connection, rules: Rules, check: Check, address: str, now: datetime, *, details: bool) -> Lock | None:
    """Count a wrong code or, with `details`, wrong details; the lock that this leads to, if any."""
    assert check.subject is not None
    keys = [check.subject, address_key(rules, address)]
    store.add_attempts(tx, [*keys, check.conversation_id] if details else keys, check.lane, FAILED, now)
    due: list[Lock] = []
    for key, rule in ((check.subject, attempts.lock_due), (check.conversation_id, attempts.conversation_lock_due)):
        lock = rule(_failed(tx, key, check.lane, now), _locks(tx, key, check.lane, now), rules, now)
        if lock:
            store.add_lock(tx, key, check.lane, lock)
            due.append(lock)
            record(
                tx, "locked", now, conversation_id=check.conversation_id, customer_ref=check.customer_ref,
                lane=check.lane, reason=lock.reason, address=address,
            )  # fmt: skip
    return max(due, key=lambda lock: lock.until, default=None)


def tries_left(tx: Connection, rules: Rules, check: Check, now: datetime, *, details: bool) -> int:
    """How many failures are left before the next lock."""
    assert check.subject is not None
    lane = check.lane
    left = attempts.tries_left(_failed(tx, check.subject, lane, now), _locks(tx, check.subject, lane, now), rules, now)
    if not details:
        return left
    locks = _locks(tx, check.conversation_id, lane, now)
    failed = attempts.after(_failed(tx, check.conversation_id, lane, now), [lock.at for lock in locks])
    return max(1, min(left, rules.id_tries - len(failed)))


def _failed(tx: Connection, key: str, lane: Lane, now: datetime) -> list[datetime]:
    return store.attempts(tx, key, lane, FAILED, now - DAY)


def _locks(tx: Connection, key: str, lane: Lane, now: datetime) -> list[Lock]:
    return store.locks(tx, key, lane, now - DAY)
