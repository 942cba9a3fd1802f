"""What is kept of codes and of levels reached."""

from dataclasses import dataclass
from datetime import datetime

from shouwen.identity.level import Level, Standing, Via


@dataclass(frozen=True)
class Otp:
    """A code that was sent, as its hash."""

    check_id: str
    code_hash: str
    tries: int
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Verification:
    """A level a conversation reached, until it idles (`idle_until`), or ends (`expires_at`)."""

    conversation_id: str
    level: int
    customer_ref: str
    subject: str
    salutation: str
    phone_mask: str
    elder: bool
    number_is_new: bool
    via: Via
    holder_tail: str | None
    verified_at: datetime
    fresh_until: datetime
    idle_seconds: int
    idle_until: datetime
    expires_at: datetime

    def is_over(self, now: datetime) -> bool:
        """True once idle too long or past the absolute end (ASVS 7.3)."""
        return now >= self.idle_until or now >= self.expires_at

    def standing(self, now: datetime) -> Standing:
        """What it is worth now; the caller has asked `is_over`."""
        return Standing(
            Level(self.level), self.customer_ref, self.salutation, self.phone_mask, now - self.verified_at,
            self.holder_tail, self.via, now < self.fresh_until, min(self.idle_until, self.expires_at),
        )  # fmt: skip
