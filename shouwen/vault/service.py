"""Keeping and fetching originals. A reference is `<message id>:<start>`."""

from datetime import datetime

from sqlalchemy.engine import Connection

from shouwen.errors import NotFound
from shouwen.vault import store
from shouwen.vault.keyring import Keyring


def keep(
    tx: Connection, ring: Keyring, *, message_id: str, start: int, kind: str, mask: str, value: str, now: datetime
) -> str:
    """Seal a value found in a message and return its reference."""
    reference = f"{message_id}:{start}"
    key_id, sealed = ring.seal(value, reference)
    store.add(tx, message_id, start, kind, mask, key_id, sealed, now)
    return reference


def fetch(tx: Connection, ring: Keyring, reference: str) -> str:
    """The original behind a reference. Raises NotFound."""
    message_id, _, start = reference.rpartition(":")
    found = store.entry(tx, message_id, int(start)) if start.isdecimal() else None
    if found is None:
        raise NotFound("vault entry", reference)
    _kind, key_id, sealed = found
    return ring.open(key_id, sealed, reference)
