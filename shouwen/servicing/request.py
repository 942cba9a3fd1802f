"""A service request: what a customer wants done at the bank, kept until the bank has answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from shouwen.identity.level import Act

# offered: a quote waits for the customer's word. wanted: the bank was asked, or is to be asked again.
State = Literal["offered", "wanted", "done", "failed", "given_up"]

FIRST_RETRY = timedelta(seconds=60)  # beyond the longest turn: two never ask for the same thing at once
LAST_GAP = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=24)
# What is asked for again until there is an answer. A reset link is not: it would come when nobody waits for it.
RETRIED: tuple[Act, ...] = ("loss_stop", "sms_notice", "bill_instalment")


@dataclass(frozen=True)
class ServiceRequest:
    """`details` hold ids of the bank's and what was agreed, no personal values. `tries` counts answers that never came.

    `message_id` is the message that asked for it; a repeat of that message finds this request.
    """

    id: str
    conversation_id: str
    message_id: str
    act: Act
    customer_ref: str
    details: Mapping[str, Any]
    state: State
    receipt: str | None
    reason: str | None
    tries: int
    at: datetime
    next_try_at: datetime | None

    @property
    def key(self) -> str:
        """The idempotency key of the act: asked twice, the bank does it once."""
        return f"{self.message_id}:{self.act}"

    @property
    def may_be_repeated(self) -> bool:
        """Whether it is asked for again when the bank did not answer."""
        return self.act in RETRIED

    def is_hopeless(self, now: datetime) -> bool:
        """True when it has waited too long. A card that is to be stopped never is: a person ends that."""
        return self.act != "loss_stop" and now - self.at >= GIVE_UP_AFTER


def gap(tries: int) -> timedelta:
    """How long to wait after so many tries without an answer."""
    doubled = FIRST_RETRY * (1 << min(tries, 10))
    return min(doubled, LAST_GAP)
