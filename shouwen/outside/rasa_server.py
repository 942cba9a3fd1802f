"""Rasa, behind the engine's channel on loopback: one call a turn, repeatable by message id."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Protocol, Self

import aiohttp

from shouwen.errors import Unavailable
from shouwen.outside import health

_RETRY_GAP = 0.25  # seconds; Rasa starting again takes some of these
_CONNECT_TIMEOUT = 1.0
_REFUSALS = (400, 403, 404)


@dataclass(frozen=True)
class Utterance:
    """What Rasa is asked. Exactly one of `text` (masked) and `label` (a button, or a wish found by its words) is set.

    An `ephemeral` one leaves nothing behind. `entities` come with a label.
    """

    sender: str
    message_id: str
    text: str | None = None
    label: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    ephemeral: bool = False
    entities: Sequence[Mapping[str, Any]] = ()

    def body(self) -> dict[str, Any]:
        """The JSON of the call."""
        said = {"text": self.text} if self.text is not None else {"intent": self.label}
        body: dict[str, Any] = {
            "sender": self.sender,
            "message_id": self.message_id,
            "metadata": dict(self.metadata),
            **said,
        }
        if self.entities:
            body["entities"] = list(self.entities)
        return body | {"ephemeral": True} if self.ephemeral else body


@dataclass(frozen=True)
class Turn:
    """What Rasa answered: names of replies with their values, and how it understood."""

    replies: Sequence[Mapping[str, Any]]
    label: str | None
    decision: str
    confidence: float
    ranking: Sequence[Mapping[str, Any]]
    entities: Sequence[Mapping[str, Any]]
    active_form: str | None
    model_id: str | None

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> "Turn":
        """The turn in an answer's JSON. Raises Unavailable when it is not one."""
        try:
            parse = body["parse"]
            return cls(
                replies=body["replies"],
                label=parse["intent"],
                decision=parse["decision"],
                confidence=float(parse["confidence"]),
                ranking=parse["ranking"],
                entities=parse["entities"],
                active_form=body.get("active_form"),
                model_id=body.get("model_id"),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable("rasa", f"nonsense answer: {error!r}") from error


class _Refused(Unavailable):
    """The engine will give the same answer however often it is asked."""


class Dialogue(Protocol):
    """Whoever understands and talks."""

    async def turn(self, utterance: Utterance, deadline: float) -> Turn:
        """One turn, within `deadline` seconds. Raises Unavailable."""
        ...

    async def is_ready(self) -> bool:
        """True when a turn would be answered now."""
        ...


class RasaServer:
    """Asks the Rasa processes in turn; while none answers, goes on trying until the deadline."""

    def __init__(self, addresses: Sequence[str], secret: str) -> None:
        self._all = tuple(addresses)
        self._addresses = cycle(self._all)
        self._secret = secret
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_TIMEOUT)
        self._http = aiohttp.ClientSession(headers={"X-Shouwen-Secret": self._secret}, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http:
            await self._http.close()

    async def turn(self, utterance: Utterance, deadline: float) -> Turn:
        """See `Dialogue.turn`. Repeating is safe: the engine knows the message id."""
        failure = Unavailable("rasa", "no time left")
        try:
            async with asyncio.timeout(deadline):
                while True:
                    try:
                        return Turn.from_body(await self.post("turn", utterance.body()))
                    except _Refused:
                        raise
                    except Unavailable as error:
                        failure = error
                    await asyncio.sleep(_RETRY_GAP)
        except TimeoutError:
            raise failure from None

    async def post(self, call: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One call of the engine's channel. Raises Unavailable with the engine's own code."""
        if self._http is None:
            raise RuntimeError("use `async with RasaServer(...)`")
        url = f"{next(self._addresses)}/webhooks/shouwen/{call}"
        try:
            async with self._http.post(url, json=body) as response:
                answer: dict[str, Any] = await response.json(content_type=None)
                if response.status == 200:
                    return answer
                kind = _Refused if response.status in _REFUSALS else Unavailable
                raise kind("rasa", str(answer.get("error", response.status)))
        except (aiohttp.ClientError, ValueError, AttributeError) as error:
            raise Unavailable("rasa", repr(error)) from error

    async def is_ready(self) -> bool:
        """See `Dialogue.is_ready`: every Rasa process answers."""
        return all([await self.answers(f"{address}/webhooks/shouwen/health") for address in self._all])

    async def answers(self, url: str) -> bool:
        """See `health.answers`."""
        return self._http is not None and await health.answers(self._http, url)
