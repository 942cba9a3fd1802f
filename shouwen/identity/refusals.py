"""Refusals that undid their own transaction are put on record in one of their own. An edge."""

from collections.abc import Callable
from datetime import datetime

from shouwen.db import Database
from shouwen.identity.security_log import record


class Refusals:
    """The edges' way into the security log."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def note(
        self,
        reason: str,
        *,
        conversation_id: str | None = None,
        customer_ref: str | None = None,
        address: str | None = None,
    ) -> None:
        """Append one refusal."""
        now = self._now()
        await self._database.write(
            lambda tx: record(
                tx, "refused", now, reason=reason, conversation_id=conversation_id, customer_ref=customer_ref,
                address=address,
            )
        )  # fmt: skip
