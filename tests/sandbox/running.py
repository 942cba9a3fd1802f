"""The sandbox bank on a free port, in this process, with a clock of the test's own: for all tests that need a bank."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import aiohttp
from sanic import Sanic

from shouwen.outside.http_corebank import HttpCoreBank
from shouwen.outside.partner import Pace, Partner
from shouwen.outside.sms import HttpMessenger
from shouwen.sandbox.app import make_app
from shouwen.sandbox.http import Sandbox
from shouwen.settings import Settings

SECRET = "a-secret-of-tests"
PACE = Pace(within=5.0, at_once=20)


@asynccontextmanager
async def serving(app: "Sanic[Any, Any]") -> AsyncIterator[str]:
    """A Sanic application on a free port of loopback; gives its address."""
    app.config.TOUCHUP = False  # Sanic rewrites its own methods for the first application of a process only
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = await app.create_server(sock=listening, return_asyncio_server=True)
        assert running is not None
        await running.startup()
        await running.before_start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        running.close()
        await running.wait_closed()
        await running.after_stop()


@dataclass
class RunningBank:
    """A sandbox bank that runs, the adapters that talk with it, and its inside."""

    url: str
    parts: Sandbox
    bank: HttpCoreBank
    messenger: HttpMessenger
    http: aiohttp.ClientSession

    async def weather(self, mode: str, system: str = "bank", seconds: float = 10.0) -> None:
        """How it behaves from now on."""
        order = {"mode": mode, "system": system, "seconds": seconds}
        async with self.http.post("/sandbox/weather", json=order) as response:
            assert response.status == 200

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Any call, as the assistant makes it."""
        async with self.http.request(method, path, json=body, headers=headers) as response:
            return response.status, await response.json(content_type=None)


def settings_of_sandbox(**given: Any) -> Settings:
    return Settings(_env_file=None, **{"internal_secret": SECRET, "bank_timeout": 5.0} | given)


@asynccontextmanager
async def running_bank(
    now: Callable[[], datetime], pace: Pace = PACE, secret: str = SECRET, **settings: Any
) -> AsyncIterator[RunningBank]:
    """Start one with fresh customers, and end it."""
    app = make_app(settings_of_sandbox(**settings), now, f"sandbox-{uuid4().hex}")
    async with (
        serving(app) as url,
        aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {SECRET}"}) as http,
    ):
        partners = Partner("bank", url, secret, pace), Partner("sms", f"{url}/sms", secret, pace)
        yield RunningBank(url, app.ctx.sandbox, HttpCoreBank(partners[0]), HttpMessenger(partners[1]), http)
        for partner in partners:
            await partner.close()
