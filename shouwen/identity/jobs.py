"""Forgetting what the identity check need not know any longer."""

from collections.abc import Callable
from datetime import datetime

from shouwen.db import Database
from shouwen.identity import service
from shouwen.recurring import keep_doing

FORGET_EVERY = 300.0  # seconds; a code lives ten minutes at most, and its hash no longer than that (identity §4)


async def keep_forgetting_checks(database: Database, now: Callable[[], datetime]) -> None:
    """Delete codes that are over and counts older than any window, again and again."""

    async def forget() -> None:
        moment = now()
        await database.write(lambda tx: service.forget(tx, moment))

    await keep_doing("forgetting codes and counts", FORGET_EVERY, forget)
