"""Where a check stands: a fresh form, the end, and the record of both, inside the caller's transaction."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from shouwen.identity import store
from shouwen.identity.check import Check, State
from shouwen.identity.rules import FORM_LIFE
from shouwen.identity.security_log import Kind, record

_ENDINGS: Mapping[State, Kind] = {
    "done": "check_done", "locked": "check_failed", "over": "check_failed", "cancelled": "check_cancelled",
}  # fmt: skip


def close(tx: Connection, check: Check, state: State, now: datetime, *, reason: str | None = None) -> None:
    """End a check: no form waits and no code is right any more."""
    store.save_check(tx, replace(check, state=state))
    store.drop_otp(tx, check.id)
    store.set_secure_form(tx, check.conversation_id, None)
    log(tx, _ENDINGS[state], check, now, reason=reason)


def renewed(check: Check, now: datetime, **changes: Any) -> Check:
    """The check with a fresh form; the one before it is answered."""
    return replace(check, form_id=secrets.token_hex(16), form_expires_at=now + FORM_LIFE, **changes)


def save(tx: Connection, check: Check) -> None:
    """Store where a check stands, and show its form on the conversation."""
    store.save_check(tx, check)
    store.set_secure_form(tx, check.conversation_id, check.form_id)


def log(
    tx: Connection, kind: Kind, check: Check, now: datetime, *, reason: str | None = None, address: str | None = None
) -> None:
    """Record what happened in a check."""
    record(
        tx, kind, now, conversation_id=check.conversation_id, customer_ref=check.customer_ref, lane=check.lane,
        reason=reason, address=address,
    )  # fmt: skip
