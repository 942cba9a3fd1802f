"""Work that is done again and again while a process lives."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def keep_doing(what: str, every: float, work: Callable[[], Awaitable[object]], *, at_once: bool = True) -> None:
    """Do `work` for ever, `every` seconds after the last time; a failure is logged and must not end it.

    `at_once`: the first time is now, else after the first wait.
    """
    if not at_once:
        await asyncio.sleep(every)
    while True:
        try:
            await work()
        except Exception:
            log.exception("%s failed, trying again", what)
        await asyncio.sleep(every)
