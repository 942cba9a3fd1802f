"""Codes and notices to customers' telephones, after the transaction that asked for them. An edge."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

from shouwen.content.publication import Publication
from shouwen.content.render import render
from shouwen.errors import Unavailable
from shouwen.identity.progress import Channel, LockNotice, OtpToSend, Progress
from shouwen.identity.rules import Rules
from shouwen.outside.corebank import CoreBank
from shouwen.outside.sms import Messenger

log = logging.getLogger(__name__)

NOBODY = "nobody"  # the bank is asked about a customer in any case: it takes the same time


class Sending:
    """What is on its way to telephones. A turn never waits for it."""

    def __init__(
        self,
        bank: CoreBank,
        messenger: Messenger,
        publication: Callable[[], Publication],
        rules: Rules,
        now: Callable[[], datetime],
    ) -> None:
        self._bank = bank
        self._messenger = messenger
        self._publication = publication
        self._rules = rules
        self._now = now
        self._running: set[asyncio.Task[None]] = set()

    def start(self, progress: Progress, not_sent: Callable[[], Awaitable[None]]) -> None:
        """Send what follows from a step; `not_sent` is called when no code can be sent now."""
        if progress.otp:
            self._start(self._code(progress.otp, not_sent))
        if progress.notice:
            self._start(self._send_notice(progress.notice))

    async def close(self) -> None:
        """Wait for messages on their way."""
        if self._running:
            await asyncio.wait(self._running, timeout=5)

    async def _code(self, otp: OtpToSend, not_sent: Callable[[], Awaitable[None]]) -> None:
        try:
            await self._send_code(otp)
        except Unavailable as failure:
            log.warning("no code can be sent: %s", failure)
            await not_sent()

    async def _send_code(self, otp: OtpToSend) -> None:
        customer = await self._bank.customer(otp.customer_ref or NOBODY)
        if customer is None:
            # an unknown number: nobody gets anything, and an outage is told as it is to a customer
            return await self._messenger.check()
        values = {
            "code": otp.code,
            "minutes": int(self._rules.otp_life.total_seconds() // 60),
            "purpose": self._publication().bank["purpose_names"][otp.purpose],
        }
        return await self._send(customer.phone, otp.channel, "utter_text_otp", values, otp.key)

    async def _send_notice(self, notice: LockNotice) -> None:
        customer = await self._bank.customer(notice.customer_ref) if notice.customer_ref else None
        if customer is not None:
            await self._send(customer.phone, "sms", "utter_text_lock_notice", {"until": notice.until}, notice.key)

    async def _send(self, to: str, channel: Channel, reply: str, values: Mapping[str, Any], key: str) -> None:
        text = render(self._publication(), reply, values, self._now()).text
        await self._messenger.send(to, channel, text, key)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(_log_failure)


def _log_failure(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("a message to a customer's phone was not sent: %s", type(error).__name__)
