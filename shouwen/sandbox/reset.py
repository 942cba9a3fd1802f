"""The bank's own page for a new login password (identity §3.3): our server never sees password or PIN.

The link's token is ours. The bank shows it to us server to server, first to learn whose it is, then to use it up.
"""

import asyncio
import hashlib
import hmac
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, TypeAdapter

from shouwen.errors import Unavailable
from shouwen.outside.partner import Partner, Refused
from shouwen.sandbox import passwords
from shouwen.sandbox.ledger import Ledger, Person, Refusal
from shouwen.sandbox.seeds import words

log = logging.getLogger(__name__)

TRIES = 3  # of the second factor, for one token
_REMEMBERED = 10_000  # tokens


@dataclass(frozen=True)
class Submitted:
    """What the page sends."""

    token: Annotated[str, Field(min_length=16, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]
    card_tail: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    pin: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    password: Annotated[str, Field(max_length=1024)]


@dataclass(frozen=True)
class _Link:
    customer_ref: str
    expires_at: AwareDatetime


@dataclass(frozen=True)
class _Redeemed:
    customer_ref: str
    cool_down_until: AwareDatetime


_LINK, _REDEEMED = TypeAdapter(_Link), TypeAdapter(_Redeemed)


class PageRefusal(Refusal):
    """A refusal with words for the customer, and the tries that are left."""

    def __init__(self, status: int, code: str, said: str, left: int | None = None) -> None:
        super().__init__(status, code)
        self.message = str(words()["reset"][said]).format(left=left)
        self.left = left


class ResetPage:
    """Sets a new password, in memory. `ours` is the assistant's server."""

    def __init__(self, ledger: Ledger, ours: Partner, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._ours = ours
        self._now = now
        self._tries: OrderedDict[bytes, int] = OrderedDict()

    async def submit(self, given: Submitted) -> None:
        """Check everything, use the link up, set the password. Raises PageRefusal."""
        if weak := passwords.weakness(given.password):
            raise PageRefusal(422, "weak_password", weak)
        ref = (await self._ask("inspect", given.token, _LINK)).customer_ref
        person = self._ledger.by_ref(ref)
        self._check_second_factor(person, given)
        if passwords.is_personal(given.password, person):
            raise PageRefusal(422, "weak_password", "personal")
        if await asyncio.to_thread(passwords.fits, given.password, person.password_hash):
            raise PageRefusal(422, "weak_password", "same")
        stored = await asyncio.to_thread(passwords.hashed, given.password)
        redeemed = await self._ask("redeem", given.token, _REDEEMED)
        if redeemed.customer_ref != ref:
            raise PageRefusal(410, "link_over", "over")
        person.password_hash, person.password_changed_at = stored, self._now()
        person.cool_down_until = redeemed.cool_down_until
        if person.state == "locked":
            person.state = "active"

    def _check_second_factor(self, person: Person, given: Submitted) -> None:
        token = hashlib.sha256(given.token.encode()).digest()
        used = self._tries.pop(token, 0)
        self._tries[token] = used + 1
        if len(self._tries) > _REMEMBERED:
            self._tries.popitem(last=False)
        if used >= TRIES:
            raise PageRefusal(410, "link_over", "over")
        if _is_second_factor(person, given, self._now()):
            self._tries[token] = used  # only wrong ones count
            return
        left = TRIES - used - 1
        if not left:
            raise PageRefusal(410, "link_over", "last_try")
        raise PageRefusal(403, "wrong_second_factor", "second_factor", left)

    async def _ask(self, step: str, token: str, adapter: "TypeAdapter[Any]") -> Any:
        try:
            answer = await self._ours.ask(
                "POST", f"/api/bank/reset/{step}", {"token": token}, only_reads=step == "inspect"
            )
            return self._ours.read(adapter, answer)
        except Refused:
            raise PageRefusal(410, "link_over", "over") from None
        except Unavailable as error:
            log.warning("a reset link could not be asked about: %s", error)
            raise PageRefusal(503, "unavailable", "unavailable") from None


def _is_second_factor(person: Person, given: Submitted, now: datetime) -> bool:
    """Card tail and PIN of one card in normal use; every card is compared, whichever it is."""
    right = False
    for card in person.cards:
        right |= (
            hmac.compare_digest(card.tail.encode(), given.card_tail.encode())
            & hmac.compare_digest(card.pin.encode(), given.pin.encode())
            & (card.public(now).state == "normal")
        )
    return right
