"""Messages to the number or the app inbox on file (docs/bank-api.yml)."""

from dataclasses import dataclass
from typing import Annotated, Literal, Protocol

from pydantic import Field, TypeAdapter

from shouwen.errors import Unavailable
from shouwen.outside.partner import Partner, Refused

Channel = Literal["sms", "voice", "app"]


class Messenger(Protocol):
    """Whoever sends."""

    async def send(self, to: str, channel: Channel, text: str, key: str) -> None:
        """Send `text` once per `key`; `voice` reads it out by telephone. Raises Unavailable("sms", …)."""
        ...

    async def check(self) -> None:
        """Whether a message would be taken now, without sending one. Raises Unavailable("sms", …)."""
        ...


@dataclass(frozen=True)
class _Accepted:
    id: Annotated[str, Field(min_length=1, max_length=128)]


@dataclass(frozen=True)
class _Health:
    status: Literal["ok"]


_ACCEPTED, _HEALTH = TypeAdapter(_Accepted), TypeAdapter(_Health)


class HttpMessenger:
    """The SMS gateway over HTTP."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner

    async def send(self, to: str, channel: Channel, text: str, key: str) -> None:
        """See `Messenger`. A refusal is Unavailable too: nothing the customer could change."""
        body = {"to": to, "channel": channel, "text": text}
        try:
            answer = await self._partner.ask("POST", "/v1/messages", body, key=key)
        except Refused as refused:
            raise Unavailable("sms", refused.why) from None
        self._partner.read(_ACCEPTED, answer)

    async def check(self) -> None:
        """See `Messenger`."""
        try:
            answer = await self._partner.ask("GET", "/v1/health")
        except Refused as refused:
            raise Unavailable("sms", refused.why) from None
        self._partner.read(_HEALTH, answer)
