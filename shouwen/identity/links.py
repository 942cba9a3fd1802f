"""Links to the bank's page for a new login password: 256 random bits, a hash stored, used once (identity §3.3)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from shouwen.identity import store
from shouwen.identity.otp import keyed_hash
from shouwen.identity.rules import Rules
from shouwen.identity.security_log import record

_TOKEN_BYTES = 32
_PURPOSE = "password_reset"


@dataclass(frozen=True)
class Link:
    """A link that can still be redeemed: whose, and until when."""

    customer_ref: str
    expires_at: datetime


@dataclass(frozen=True)
class Redeemed:
    """A link was used. `ended`: conversations in which the customer was verified until now; their sessions must end."""

    customer_ref: str
    asked_in: str
    ended: tuple[str, ...]


def mint(tx: Connection, rules: Rules, customer_ref: str, conversation_id: str, now: datetime) -> str:
    """A token for the number on file, never for the chat. Every earlier link of the customer is dead from here on."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    store.void_links(tx, customer_ref, _PURPOSE, now)
    store.add_link(
        tx,
        {
            "token_hash": _hash(rules, token), "customer_ref": customer_ref, "conversation_id": conversation_id,
            "purpose": _PURPOSE, "created_at": now, "expires_at": now + rules.reset_link_life,
        },
    )  # fmt: skip
    record(tx, "link_minted", now, conversation_id=conversation_id, customer_ref=customer_ref, reason=_PURPOSE)
    return token


def inspect(tx: Connection, rules: Rules, token: str, now: datetime) -> Link | None:
    """Whose link this is, None when it opens nothing (any more); nothing is used up."""
    found = store.link(tx, _hash(rules, token), _PURPOSE, now)
    if found is None:
        _refuse(tx, now)
        return None
    link = Link(*found)
    record(tx, "link_inspected", now, customer_ref=link.customer_ref, reason=_PURPOSE)
    return link


def redeem(tx: Connection, rules: Rules, token: str, now: datetime) -> Redeemed | None:
    """Use a link up, and end every level its customer reached. Of two callers one gets None."""
    used = store.use_link(tx, _hash(rules, token), _PURPOSE, now)
    if used is None:
        _refuse(tx, now)
        return None
    customer_ref, asked_in = used
    ended = store.end_verifications(tx, customer_ref)
    record(tx, "link_redeemed", now, conversation_id=asked_in, customer_ref=customer_ref, reason=_PURPOSE)
    return Redeemed(customer_ref, asked_in, tuple(sorted(ended)))


def _refuse(tx: Connection, now: datetime) -> None:
    """No exception: it would undo the record. The edge raises LinkOver once this is kept."""
    record(tx, "refused", now, reason="link_over")


def _hash(rules: Rules, token: str) -> str:
    return keyed_hash(rules.key, "reset_link", token)
