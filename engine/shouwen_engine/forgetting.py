"""Trackers are forgotten with the transcript they belong to (retention: identity-and-privacy §4)."""

import asyncio
import logging
from datetime import datetime, timedelta, timezone

from shouwen_engine.errors import EngineError
from shouwen_engine.tracker_store import TurnTrackerStore

log = logging.getLogger(__name__)

EVERY = 3600.0  # seconds


async def keep_forgetting(store: TurnTrackerStore, days: int) -> None:
    """Delete turns older than so many days, again and again; several processes may do it."""
    while True:
        try:
            gone = await store.forget(datetime.now(timezone.utc) - timedelta(days=days))
            if gone:
                log.info("forgot %d turns older than %d days", gone, days)
        except EngineError as error:
            log.warning("old turns were not forgotten, trying again: %s", error)
        await asyncio.sleep(EVERY)
