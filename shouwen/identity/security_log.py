"""The security log: what was checked, refused, locked, granted. Never a value that was typed (ASVS 16.3, §3.2)."""

import ipaddress
from datetime import datetime
from typing import Literal

from sqlalchemy.engine import Connection

from shouwen.identity import store
from shouwen.identity.level import Lane

Kind = Literal[
    "check_opened", "check_cancelled", "check_done", "check_failed", "code_sent", "code_right", "code_wrong",
    "code_void", "details_right", "details_wrong", "refused", "locked", "unlocked", "level_changed", "bank_signed_in",
    "link_minted", "link_inspected", "link_redeemed",
]  # fmt: skip


def record(
    tx: Connection,
    kind: Kind,
    now: datetime,
    *,
    conversation_id: str | None = None,
    customer_ref: str | None = None,
    lane: Lane | None = None,
    reason: str | None = None,
    address: str | None = None,
) -> None:
    """Append one event. A refusal by exception undoes its transaction: the edge records it in one of its own."""
    store.add_event(
        tx,
        {
            "at": now, "kind": kind, "conversation_id": conversation_id, "customer_ref": customer_ref,
            "lane": lane, "reason": reason, "address": coarse(address),
        },
    )  # fmt: skip


def coarse(address: str | None) -> str | None:
    """The network of an address, /24 or /48, None for what is no address (identity §4)."""
    parsed = _parsed(address)
    return None if parsed is None else _network(parsed, 24 if parsed.version == 4 else 48)


def subscriber(address: str) -> str:
    """What one line has of an address: all of IPv4, the /64 of IPv6; what is no address as it is."""
    parsed = _parsed(address)
    if parsed is None:
        return address
    return str(parsed) if parsed.version == 4 else _network(parsed, 64)


def _parsed(address: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def _network(address: ipaddress.IPv4Address | ipaddress.IPv6Address, prefix: int) -> str:
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
