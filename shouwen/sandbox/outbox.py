"""The messages "sent" to the customers' telephones."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shouwen.outside.sms import Channel

_KEPT = 60  # as many of the longest texts as an answer of a partner may hold


@dataclass(frozen=True)
class Sent:
    """One message as it arrived."""

    to: str
    channel: Channel
    text: str
    at: datetime


class Outbox:
    """The last messages, oldest first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._sent: deque[Sent] = deque(maxlen=_KEPT)

    def send(self, to: str, channel: Channel, text: str) -> None:
        """Deliver at once."""
        self._sent.append(Sent(to, channel, text, self._now()))

    def all(self) -> list[Sent]:
        """What arrived."""
        return list(self._sent)
