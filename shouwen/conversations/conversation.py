"""A conversation: one customer, one owner at a time, numbered episodes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Channel = Literal["web", "app"]

BOT = "bot"
QUEUE = "queue"


@dataclass(frozen=True)
class Conversation:
    """`owner` is `bot`, `queue` or `agent:<id>`; `fence` grows by one with every change of owner (design.md 4).

    `lease_holder` is the turn runner that may answer now, until `lease_until`. `secure_form` is the secure form that
    waits for an answer. `level` is the identity level last granted; whether it still holds, the identity service says.
    `simple` asks for one question a turn and a second confirmation: large type, or an elderly customer (R75, R77).
    """

    id: str
    channel: Channel
    owner: str
    fence: int
    episode: int
    last_seq: int
    created_at: datetime
    last_customer_at: datetime | None
    lease_holder: str | None
    lease_until: datetime | None
    secure_form: str | None = None
    level: int = 0
    simple: bool = False

    @property
    def sender(self) -> str:
        """The tracker's id: trackers live as long as an episode."""
        return f"{self.id}.{self.episode}"

    def starts_new_episode(self, now: datetime, idle: timedelta) -> bool:
        """True when the customer comes back after `idle` without a word: an old form must not go on."""
        return self.last_customer_at is not None and now - self.last_customer_at >= idle

    def is_leased(self, now: datetime) -> bool:
        """True while some runner is at work on this conversation."""
        return self.lease_holder is not None and self.lease_until is not None and self.lease_until > now


@dataclass(frozen=True)
class Session:
    """A customer's access to one conversation. Only a hash of the token is kept.

    `secure_form` is that of the conversation, as the session was read: what is typed now may be meant for it.
    """

    conversation_id: str
    expires_at: datetime
    idle_until: datetime
    revoked: bool
    device: str | None = None
    secure_form: str | None = None

    def is_over(self, now: datetime) -> bool:
        """True once revoked, idle too long or past the absolute end (ASVS 7.3.1, 7.3.2)."""
        return self.revoked or now >= self.expires_at or now >= self.idle_until


@dataclass(frozen=True)
class Consent:
    """What the customer agreed to, of which version of the notice (PIPL 14-17).

    Two consents are separate: to training, and to an identity check with sensitive data (PIPL 29).
    """

    notice_version: str
    training: bool
    sensitive: bool = False
