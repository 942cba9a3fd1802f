"""Secure forms answered, codes sent. An edge: it owns the transactions.

The bank is asked before the transaction, codes are sent after it; a code is never stored, so it lives in this process
until it is sent.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import answers, frames, requests, session_store, sessions
from shouwen.conversations import store as conversations
from shouwen.conversations.conversation import Consent, Session
from shouwen.conversations.intake import Accepted, Intake, accept_secure
from shouwen.conversations.message import Message
from shouwen.conversations.sessions import Lifetime, new_id
from shouwen.conversations.turns import Outcome, TurnRunner
from shouwen.conversations.writing import add_drafts
from shouwen.db import Database
from shouwen.errors import BankRefused, FormOver, TooManyRequests, Unavailable
from shouwen.identity import fields, service
from shouwen.identity.progress import Channel, OpenStep, Progress
from shouwen.identity.refusals import Refusals
from shouwen.identity.rules import Rules
from shouwen.identity.sending import NOBODY, Sending
from shouwen.identity.sign_ins import BankSignIns
from shouwen.outside.bus import Bus
from shouwen.outside.corebank import CoreBank, Customer
from shouwen.outside.sms import Messenger
from shouwen.text import wishes, zh

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answered:
    """What an answer to a secure form led to. `token` replaces the session's own; `errors` say what to type again."""

    outcome: Outcome | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None


class IdentityTurns:
    """Leads customers through identity checks. One a process."""

    def __init__(
        self,
        database: Database,
        runner: TurnRunner,
        bank: CoreBank,
        messenger: Messenger,
        sign_ins: BankSignIns,
        bus: Bus,
        publication: Callable[[], Publication],
        rules: Rules,
        lifetime: Lifetime,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._runner = runner
        self._bank = bank
        self._sign_ins = sign_ins
        self._refusals = Refusals(database, now)
        self._bus = bus
        self._publication = publication
        self._rules = rules
        self._lifetime = lifetime
        self._now = now
        self._sending = Sending(bank, messenger, publication, rules, now)

    async def answer(
        self, session: Session, form: str, raw: Mapping[str, Any], address: str, client_id: str | None = None
    ) -> Answered:
        """Take the fields of a secure form. Raises FormOver, TooManyRequests."""
        now = self._now()
        try:
            step = await self._database.read(lambda tx: service.open_step(tx, session.conversation_id, form, now))
        except FormOver:
            await self._refusals.note("form_over", conversation_id=session.conversation_id, address=address)
            raise
        given, faults = fields.check(step.fields, raw)
        if faults:
            return Answered(errors=self._in_words(faults))
        try:
            asked = await self._ask_bank(step, given)
        except Unavailable as failure:
            log.warning("%s", failure)
            return Answered(await self._apologise(session, given))
        except BankRefused as refusal:
            log.warning("the bank refused to look: %s", refusal)
            asked = None  # as if it knew nobody: to pass the refusal on would tell that it does
        return await self._advance(
            session,
            client_id or f"form-{form}",
            list(given),
            lambda tx: self._take(tx, step, given, asked, address),
            address,
            form,
        )

    async def send_again(
        self, session: Session, form: str, channel: Channel, address: str, client_id: str | None = None
    ) -> Answered:
        """Send another code. Raises FormOver, TooManyRequests."""
        now = self._now()
        return await self._advance(
            session,
            client_id or f"again-{new_id()}",
            [],
            lambda tx: service.send_again(tx, self._rules, session.conversation_id, form, channel, address, now),
            address,
        )

    async def typed(self, session: Session, client_id: str, text: str, address: str) -> Answered | str:
        """The same for a text that is what an open form waits for (text-only clients): only a placeholder is stored.

        Any other text is given back as it may go on as an ordinary message: without what the form asks for (§3.4).
        """
        if session.secure_form is None:
            return text
        form, now = session.secure_form, self._now()
        try:
            step = await self._database.read(lambda tx: service.open_step(tx, session.conversation_id, form, now))
        except FormOver:
            return text
        if not wishes.find(zh.normalise(text)):
            if "otp" in step.fields and (channel := fields.asks_again(text)):
                return await self.send_again(session, form, channel, address, client_id)
            given = fields.recognise(step.fields, text)
            answered = await self.answer(session, form, given, address, client_id) if given else Answered()
            if answered.outcome is not None:
                return answered
        return fields.conceal(step.fields, text)

    async def shown(self, conversation_id: str) -> dict[str, Any] | None:
        """What a page may show of the identity check: level, how to address the customer, until when it holds."""
        now = self._now()
        standing = await self._database.read(lambda tx: service.standing(tx, conversation_id, now))
        if not standing.level or standing.until is None:
            return None
        return {
            "level": int(standing.level),
            "salutation": standing.salutation,
            "until": standing.until.isoformat(),
        }

    async def sign_in(self, session: Session, token: str, address: str) -> Answered:
        """Take the bank's own sign-in over, in mid-chat. Raises NotAllowed, NotFound, Unavailable."""
        signed_in = await self._sign_ins.read(token, session.conversation_id, address)
        return await self._advance(
            session,
            f"bank-{signed_in.token_id}"[:64],
            [],
            lambda tx: self._sign_ins.take_over(tx, session.conversation_id, signed_in),
            address,
        )

    async def _ask_bank(self, step: OpenStep, given: Mapping[str, str]) -> Customer | bool | None:
        match step.step:
            case "phone":
                return await self._bank.find_by_phone(given["phone"])
            case "otp":
                return None
            case _:
                return await self._bank.matches(step.customer_ref or NOBODY, **given)

    def _take(
        self, tx: Connection, step: OpenStep, given: Mapping[str, str], asked: Customer | bool | None, address: str
    ) -> Progress:
        now = self._now()
        # read again under the conversation's lock: of two answers to one form the second finds it over
        step = service.open_step(tx, step.conversation_id, step.form_id, now)
        match step.step:
            case "phone":
                customer = asked if isinstance(asked, Customer) else None
                conversation = conversations.conversation(tx, step.conversation_id)
                simple = conversation is not None and conversation.simple
                return service.take_phone(tx, self._rules, step, given["phone"], customer, address, simple, now)
            case "otp":
                return service.take_otp(tx, self._rules, step, given["otp"], address, now)
            case _:
                return service.take_details(tx, self._rules, step, asked is True, given.get("card_tail"), address, now)

    async def _advance(
        self,
        session: Session,
        client_id: str,
        names: Sequence[str],
        take: Callable[[Connection], Progress],
        address: str,
        form: str | None = None,
    ) -> Answered:
        now, conversation_id = self._now(), session.conversation_id
        made: list[tuple[Progress, str | None]] = []

        def intake_work(tx: Connection, intake: Intake) -> Accepted:
            conversations.lock_conversation(tx, conversation_id)
            if conversations.message_of_client(tx, conversation_id, client_id):
                return accept_secure(tx, intake, conversation_id, client_id, "", [], None, None, now)
            if names:
                self._note_consent(tx, conversation_id, now)
            progress = take(tx)
            replies = [{"name": name, "values": values} for name, values in progress.replies]
            accepted = accept_secure(
                tx, intake, conversation_id, client_id, fields.placeholder(names), replies, progress.outcome, form, now
            )
            renewed = (
                sessions.renew_session(tx, conversation_id, session.device, self._lifetime, now)
                if progress.level_changed
                else None
            )
            made.append((progress, renewed))
            return replace(accepted, renewed=renewed is not None)

        try:
            outcome = await self._runner.take(conversation_id, intake_work)
        except (FormOver, TooManyRequests) as refusal:
            await self._refusals.note(refusal.code, conversation_id=conversation_id, address=address)
            raise
        if not made:
            return Answered(outcome)
        progress, token = made[0]
        if token:
            await self._bus.publish(conversation_id, frames.SESSIONS_CHANGED)
        self._sending.start(progress, partial(self._tell_not_sent, conversation_id))
        return Answered(outcome, token=token)

    async def _tell_not_sent(self, conversation_id: str) -> None:
        """Say that no code comes now; the form stays open, and the loss line is named."""
        now, publication = self._now(), self._publication()

        def write(tx: Connection) -> list[Message]:
            conversation = conversations.lock_conversation(tx, conversation_id)
            if conversation is None or conversation.secure_form is None:
                return []
            drafts = answers.compose(publication, [{"name": "utter_identity_code_not_sent"}], None, now)
            return add_drafts(tx, publication, conversation, drafts, None, now)

        for message in await self._database.write(write):
            await self._bus.publish(conversation_id, frames.message(message))

    def _note_consent(self, tx: Connection, conversation_id: str, now: datetime) -> None:
        # filling a secure form in is the separate consent its words ask for (PIPL 29)
        known = session_store.consent(tx, conversation_id)
        if known is None or not known.sensitive:
            version = known.notice_version if known else str(self._publication().bank["page"]["notice_version"])
            consent = Consent(version, training=known.training if known else False, sensitive=True)
            sessions.change_consent(tx, conversation_id, consent, now)

    async def _apologise(self, session: Session, given: Mapping[str, str]) -> Outcome:
        """Say that the bank cannot be reached; the form stays open, and a person learns of it (R61)."""
        now, client_id = self._now(), f"outage-{new_id()}"

        def work(tx: Connection, intake: Intake) -> Accepted:
            replies = [{"name": "utter_identity_unavailable", "values": {}}]
            accepted = accept_secure(
                tx,
                intake,
                session.conversation_id,
                client_id,
                fields.placeholder(list(given)),
                replies,
                None,
                None,
                now,
            )
            conversation = conversations.conversation(tx, session.conversation_id)
            if conversation is not None:
                requests.unanswered_question(
                    tx, conversation.id, conversation.episode, accepted.message.id, "bank_unavailable", now
                )
            return accepted

        return await self._runner.take(session.conversation_id, work)

    def _in_words(self, faults: Mapping[str, str]) -> dict[str, str]:
        words = self._publication().bank["secure_faults"]
        return {name: words[code] for name, code in faults.items()}

    async def close(self) -> None:
        """Wait for messages on their way."""
        await self._sending.close()
