"""Originals are forgotten with the transcript; the masked text stays (retention: identity-and-privacy §4)."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from shouwen.db import Database
from shouwen.recurring import keep_doing
from shouwen.vault import store

log = logging.getLogger(__name__)

EVERY = 3600.0  # seconds


async def keep_forgetting_originals(
    database: Database, days: int, needed: Callable[[Connection], Collection[str]], now: Callable[[], datetime]
) -> None:
    """Delete originals older than so many days, again and again. `needed`: references open matters still hold."""

    async def forget() -> None:
        before = now() - timedelta(days=days)
        gone = await database.write(lambda tx: store.forget(tx, before, needed(tx)))
        if gone:
            log.info("forgot %d originals older than %d days", gone, days)

    await keep_doing("forgetting originals", EVERY, forget)
