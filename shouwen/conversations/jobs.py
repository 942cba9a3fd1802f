"""What must happen without anybody asking: repair after a crash."""

import logging

from shouwen.conversations.turns import TurnRunner
from shouwen.recurring import keep_doing

log = logging.getLogger(__name__)

REPAIR_EVERY = 2.0  # seconds


async def keep_repairing(runner: TurnRunner) -> None:
    """Take up unanswered messages again and again; safe in several processes, since the lease decides."""

    async def repair() -> None:
        taken = await runner.repair()
        if taken:
            log.warning("took up %d conversations that waited for an answer", taken)

    await keep_doing("the repair of unanswered messages", REPAIR_EVERY, repair)
