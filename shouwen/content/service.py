"""Which publication is in service."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.engine import Connection

from shouwen.content import store
from shouwen.content.publication import Publication, from_raw
from shouwen.errors import Misconfigured


def publish(tx: Connection, publication: Publication, now: datetime) -> bool:
    """Put a publication into service. False when it is in service already."""
    current = store.newest(tx)
    if current and current[1] == publication.version:
        return False
    store.add(tx, publication.version, _plain(publication.raw), now)
    return True


def in_service(tx: Connection, known: tuple[int, Publication] | None) -> tuple[int, Publication]:
    """The publication in service and its number; `known` is returned when it still is the newest.

    Raises Misconfigured when nothing was ever published.
    """
    if known and store.newest_number(tx) == known[0]:
        return known
    found = store.newest(tx)
    if found is None:
        raise Misconfigured(["no content is published: run `shouwen content publish`"])
    return found[0], from_raw(found[2])


def _plain(raw: Mapping[str, object]) -> dict[str, object]:
    return dict(raw)
