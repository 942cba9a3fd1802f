"""Forgetting what the identity check need not know any longer."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from shouwen.db import Database
from shouwen.identity import service

log = logging.getLogger(__name__)

FORGET_EVERY = 300.0  # seconds; a code lives ten minutes at most, and its hash no longer than that (identity §4)


async def keep_forgetting_checks(database: Database, now: Callable[[], datetime]) -> None:
    """Delete codes that are over and counts older than any window, for ever; one failure must not end it."""
    while True:
        try:
            await database.write(partial(service.forget, now=now()))
        except Exception:
            log.exception("forgetting failed, trying again")
        await asyncio.sleep(FORGET_EVERY)
