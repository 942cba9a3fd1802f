"""What must happen without anybody asking: the bank asked again, its late answer told, notifications sent."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.content.render import render
from shouwen.conversations import answers, frames
from shouwen.conversations import store as conversations
from shouwen.conversations.message import Message
from shouwen.conversations.writing import add_drafts
from shouwen.db import Database
from shouwen.errors import BankRefused, NotFound, Unavailable
from shouwen.outside.bus import Bus
from shouwen.outside.corebank import CoreBank, Customer
from shouwen.outside.sms import Channel, Messenger
from shouwen.recurring import keep_doing
from shouwen.servicing import service, store
from shouwen.servicing.notification import Notification
from shouwen.servicing.request import FIRST_RETRY, ServiceRequest, gap

log = logging.getLogger(__name__)

EVERY = 3.0  # seconds
_AT_ONCE = 20


@dataclass(frozen=True)
class ServicingJobs:
    """Several processes may run them: who claims something first has it, and keys make repeats harmless."""

    database: Database
    bank: CoreBank
    messenger: Messenger
    bus: Bus
    publication: Callable[[], Publication]
    now: Callable[[], datetime]

    async def run(self) -> None:
        """Everything that is due now."""
        now = self.now()
        requests = await self.database.read(lambda tx: store.due_requests(tx, now, _AT_ONCE))
        notifications = await self.database.read(lambda tx: store.due_notifications(tx, now, _AT_ONCE))
        await _all(
            [
                *(self._try_again(request) for request in requests),
                *(self._send(notification) for notification in notifications),
            ]
        )

    async def _try_again(self, request: ServiceRequest) -> None:
        if not await self.database.write(lambda tx: self._claim(tx, request)):
            return
        try:
            answer = await service.question(request)(self.bank)
        except (Unavailable, BankRefused) as error:
            log.warning("%s, asked again for %s", error, request.act)
            answer = error
        messages = await self.database.write(lambda tx: self._record(tx, request, answer))
        for message in messages:
            await self.bus.publish(request.conversation_id, frames.message(message))

    def _claim(self, tx: Connection, request: ServiceRequest) -> bool:
        now = self.now()
        if not store.claim_request(tx, request, now + FIRST_RETRY):
            return False
        if service.was_taken_over(tx, request):
            service.give_up(tx, request, "taken_over")
            return False
        if request.is_hopeless(now):
            service.give_up(tx, request, "no_answer")
            return False
        return True

    def _record(self, tx: Connection, request: ServiceRequest, answer: Any) -> list[Message]:
        now = self.now()
        current = store.lock_request(tx, request.id)
        if current is None or current.state != "wanted":
            return []  # the turn that asked for it has told the customer
        recorded = service.record(tx, current, answer, now).request
        if recorded.state == "wanted":
            return []
        return self._tell(tx, recorded.conversation_id, service.told_later(recorded), now)

    def _tell(
        self, tx: Connection, conversation_id: str, replies: Iterable[service.Reply], now: datetime
    ) -> list[Message]:
        conversation = conversations.lock_conversation(tx, conversation_id)
        if conversation is None:
            raise NotFound("conversation", conversation_id)
        publication = self.publication()
        named = [{"name": name, "values": values} for name, values in replies]
        drafts = answers.compose(publication, named, None, now)
        return add_drafts(tx, publication, conversation, drafts, None, now)

    async def _send(self, notification: Notification) -> None:
        now = self.now()
        if not await self.database.write(lambda tx: store.claim_notification(tx, notification, now + FIRST_RETRY)):
            return
        try:
            customer = await self.bank.customer(notification.customer_ref)
            if customer is not None:
                await self._over_all_channels(customer, notification)
        except Unavailable as error:
            log.warning("%s, a notification waits", error)
            await self.database.write(lambda tx: self._put_off(tx, notification))
            return
        state = "sent" if customer else "given_up"
        await self.database.write(lambda tx: store.change_notification(tx, notification.id, state=state))

    async def _over_all_channels(self, customer: Customer, notification: Notification) -> None:
        text = render(self.publication(), notification.reply, notification.details, self.now()).text
        channels: list[Channel] = ["sms", "app"] if customer.app_since else ["sms"]
        for channel in channels:
            await self.messenger.send(customer.phone, channel, text, f"{notification.id}:{channel}")

    def _put_off(self, tx: Connection, notification: Notification) -> None:
        now = self.now()
        state = "given_up" if notification.is_hopeless(now) else "waiting"
        next_try_at = now + gap(notification.tries)
        store.change_notification(
            tx, notification.id, state=state, tries=notification.tries + 1, next_try_at=next_try_at
        )


async def keep_servicing(jobs: ServicingJobs) -> None:
    """Run them again and again."""
    await keep_doing("looking for what is to be done at the bank", EVERY, jobs.run)


async def _all(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    # one that fails leaves the others alone; it is due again when its claim has run out
    for outcome in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(outcome, Exception):
            log.error("a job at the bank broke off: %s", type(outcome).__name__, exc_info=outcome)
