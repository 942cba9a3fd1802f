"""Bad weather on purpose: how the sandbox bank, or its SMS gateway, behaves today. For tests and demonstrations."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from sanic import HTTPResponse, Request, raw

System = Literal["bank", "sms"]
NONSENSE = b'["nonsense"]'


@dataclass(frozen=True)
class Weather:
    """`slow`: works, and answers `seconds` later. `down`: 500. `nonsense`: works, and answers something else."""

    mode: Literal["fine", "slow", "down", "nonsense"] = "fine"
    seconds: float = 10.0


class Sky:
    """The weather over each system."""

    def __init__(self) -> None:
        self._over: dict[System, Weather] = {"bank": Weather(), "sms": Weather()}

    def change(self, system: System, weather: Weather) -> None:
        """From now on."""
        self._over[system] = weather

    def before(self, system: System) -> HTTPResponse | None:
        """What is answered instead of doing the work."""
        return raw(b"", 500) if self._over[system].mode == "down" else None

    async def after(self, system: System) -> HTTPResponse | None:
        """What is answered instead of the result; a slow answer is held back here, after the work."""
        weather = self._over[system]
        if weather.mode == "slow":
            await asyncio.sleep(weather.seconds)
        return raw(NONSENSE, 200, content_type="application/json") if weather.mode == "nonsense" else None


def under(system: System) -> "tuple[object, object]":
    """Middleware for the calls of a system: before and after."""

    async def before(request: Request) -> HTTPResponse | None:
        return _sky(request).before(system)

    async def after(request: Request, _response: HTTPResponse) -> HTTPResponse | None:
        return await _sky(request).after(system)

    return before, after


def _sky(request: Request) -> Sky:
    sky: Sky = request.app.ctx.sandbox.sky
    return sky
