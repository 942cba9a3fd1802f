"""The bank's own sign-in taken over: at the opening of a session, or in mid-chat. An edge: it owns transactions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from shouwen.content.publication import Publication
from shouwen.conversations import frames, opening
from shouwen.conversations.opening import Arrival, Opened
from shouwen.conversations.sessions import Lifetime
from shouwen.db import Database
from shouwen.errors import NotAllowed, NotFound
from shouwen.identity import service, store
from shouwen.identity.progress import Progress
from shouwen.identity.refusals import Refusals
from shouwen.identity.rules import Rules
from shouwen.outside.bank_login import BankLogin
from shouwen.outside.bus import Bus
from shouwen.outside.corebank import CoreBank, Customer

_REFUSED = "bank_token"


@dataclass(frozen=True)
class SignedIn:
    """Whom the bank signed in, and its token's own id, good once before `expires_at`."""

    customer: Customer
    token_id: str
    expires_at: datetime


class BankSignIns:
    """Takes sign-ins over. One a process."""

    def __init__(
        self,
        database: Database,
        bank: CoreBank,
        bank_login: BankLogin,
        bus: Bus,
        publication: Callable[[], Publication],
        rules: Rules,
        lifetime: Lifetime,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._bank = bank
        self._bank_login = bank_login
        self._bus = bus
        self._publication = publication
        self._rules = rules
        self._lifetime = lifetime
        self._now = now
        self._refusals = Refusals(database, now)

    async def read(self, token: str, conversation_id: str | None, address: str | None) -> SignedIn:
        """Whom the bank signed in. Raises NotAllowed (which goes on record), NotFound, Unavailable."""
        try:
            sign_in = await self._bank_login.read(token, self._now())
        except NotAllowed:
            await self._refusals.note(_REFUSED, conversation_id=conversation_id, address=address)
            raise
        customer = await self._bank.customer(sign_in.customer_ref)
        if customer is None:
            raise NotFound("customer", "of the bank token")
        return SignedIn(customer, sign_in.token_id, sign_in.expires_at)

    def take_over(self, tx: Connection, conversation_id: str, signed_in: SignedIn) -> Progress:
        """Give the conversation the level, inside the caller's transaction."""
        return service.bank_signed_in(
            tx,
            self._rules,
            conversation_id,
            signed_in.customer,
            signed_in.token_id,
            signed_in.expires_at,
            self._now(),
        )

    async def arrive(self, arrival: Arrival, token: str) -> Opened:
        """Open a session for whom the bank signed in: the customer's open conversation goes on, or a new one begins.

        Raises NotAllowed, NotFound, Unavailable.
        """
        signed_in, now = await self.read(token, None, None), self._now()
        ref = signed_in.customer.ref

        def write(tx: Connection) -> Opened:
            known = store.conversation_of(tx, ref, now - self._lifetime.absolute)
            opened = (
                opening.resume(tx, known, arrival, self._lifetime, now)
                if known
                else opening.begin(tx, self._publication(), arrival, self._lifetime, now)
            )
            if self.take_over(tx, opened.conversation_id, signed_in).state == "void":
                raise NotAllowed("bank token: used or over")  # the session that was opened goes with it
            return opened

        try:
            opened = await self._database.write(write)
        except NotAllowed:
            await self._refusals.note(_REFUSED, customer_ref=ref)
            raise
        await self._bus.publish(opened.conversation_id, frames.SESSIONS_CHANGED)
        return opened
