"""Originals are forgotten with the transcript; the masked text stays (retention: identity-and-privacy §4)."""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.engine import Connection

from shouwen.db import Database
from shouwen.vault import store

log = logging.getLogger(__name__)

EVERY = 3600.0  # seconds


async def keep_forgetting_originals(
    database: Database, days: int, needed: Callable[[Connection], Collection[str]], now: Callable[[], datetime]
) -> None:
    """Delete originals older than so many days, again and again. `needed`: references open matters still hold."""
    while True:
        try:
            gone = await database.write(partial(_forget, needed=needed, before=now() - timedelta(days=days)))
            if gone:
                log.info("forgot %d originals older than %d days", gone, days)
        except Exception:
            log.exception("forgetting originals failed, trying again")
        await asyncio.sleep(EVERY)


def _forget(tx: Connection, needed: Callable[[Connection], Collection[str]], before: datetime) -> int:
    return store.forget(tx, before, needed(tx))
