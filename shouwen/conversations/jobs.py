"""What must happen without anybody asking: repair after a crash."""

import asyncio
import logging

from shouwen.conversations.turns import TurnRunner

log = logging.getLogger(__name__)

REPAIR_EVERY = 2.0  # seconds


async def keep_repairing(runner: TurnRunner) -> None:
    """Take up unanswered messages again and again; safe in several processes, since the lease decides."""
    while True:
        try:
            taken = await runner.repair()
            if taken:
                log.warning("took up %d conversations that waited for an answer", taken)
        except Exception:
            log.exception("the repair of unanswered messages failed, trying again")
        await asyncio.sleep(REPAIR_EVERY)
