"""A notification to a customer over all channels on file, kept until it is sent (identity §3.3 step 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

GIVE_UP_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Notification:
    """`reply` names its words, `details` are what they need; the number is asked of the bank when it is sent."""

    id: str
    customer_ref: str
    reply: str
    details: Mapping[str, Any]
    state: Literal["waiting", "sent", "given_up"]
    tries: int
    at: datetime
    next_try_at: datetime

    def is_hopeless(self, now: datetime) -> bool:
        """True when news of it would come too late to be of use."""
        return now - self.at >= GIVE_UP_AFTER
