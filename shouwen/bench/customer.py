"""One scripted customer at the public door: HTTP only, as any customer's page."""

import time
from collections.abc import Sequence
from typing import Any

import aiohttp

from shouwen.bench.checking import Answered, fault_of_turn, faults_of_transcript
from shouwen.bench.conversation import Step
from shouwen.bench.samples import Sample

_BROKEN = (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError)
_PAGE = 100  # messages; the most that one call gives


class Customer:
    """A conversation that is walked through step by step. After a fault it is over: what follows would be wrong too."""

    def __init__(self, http: aiohttp.ClientSession, number: int, steps: Sequence[Step]) -> None:
        self.number = number
        self._http = http
        self._steps = steps
        self._headers: dict[str, str] = {}
        self._taken = 0
        self._failed = False
        self._buttons: dict[str, str] = {}
        self._answered: list[Answered] = []

    @property
    def is_over(self) -> bool:
        """True when no step is left, or one went wrong."""
        return self._failed or self._taken == len(self._steps)

    async def come(self) -> None:
        """Open the conversation. Raises aiohttp.ClientError, TimeoutError."""
        async with self._http.post("/api/chat/sessions", json={"channel": "web"}) as response:
            response.raise_for_status()
            body = await response.json()
        self._headers = {"Authorization": f"Bearer {body['token']}"}

    async def take(self, since: float | None = None) -> Sample:
        """The next turn. Its time counts from `since` (time.perf_counter), else from now."""
        step = self._steps[self._taken]
        self._taken += 1
        began = time.perf_counter() if since is None else since
        try:
            fault = await self._ask(step)
        except _BROKEN as error:
            fault = f"broken call: {error!r}"
        milliseconds = (time.perf_counter() - began) * 1000
        self._failed = fault is not None
        return Sample(self.number, self._taken, step, milliseconds, fault)

    async def look_back(self) -> list[str]:
        """Faults of the transcript, read again as after a reload. A conversation that failed is left out."""
        if self._failed:
            return []
        transcript: list[dict[str, Any]] = []
        more = True
        try:
            while more:
                after = transcript[-1]["seq"] if transcript else 0
                query = {"after": str(after), "limit": str(_PAGE)}
                async with self._http.get("/api/chat/messages", params=query, headers=self._headers) as response:
                    response.raise_for_status()
                    body = await response.json()
                transcript += body["messages"]
                more = bool(body["more"]) and bool(body["messages"])
        except _BROKEN as error:
            return [f"conversation {self.number}: no transcript: {error!r}"]
        return [f"conversation {self.number}: {fault}" for fault in faults_of_transcript(transcript, self._answered)]

    async def _ask(self, step: Step) -> str | None:
        client_id = f"bench-{self.number}-{self._taken}"
        if step.press and step.say not in self._buttons:
            return f"no such button among {', '.join(self._buttons)}"
        said = {"button": self._buttons[step.say]} if step.press else {"text": step.say}
        body = {"client_id": client_id, **said}
        async with self._http.post("/api/chat/messages", json=body, headers=self._headers) as response:
            answer = await response.json()
        fault = fault_of_turn(step.expected, response.status, answer)
        if fault is None:
            messages = answer["messages"]
            self._buttons = {b["title"]: b["token"] for message in messages for b in message["buttons"]}
            self._answered.append(Answered(client_id, answer["accepted"]["id"], tuple(m["id"] for m in messages)))
        return fault
