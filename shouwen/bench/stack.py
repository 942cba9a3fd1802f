"""The real stack in a folder and on ports of its own: `shouwen up`, exactly as `make run` starts it."""

import asyncio
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self

import aiohttp

from shouwen.bench.processes import Process, alive, family
from shouwen.child import Child
from shouwen.errors import Misconfigured
from shouwen.outside.health import answers
from shouwen.settings import ROOT, Settings

_READY_WITHIN = 180.0  # seconds
_GONE_WITHIN = 5.0  # seconds for the last descendants after `shouwen up` itself
_LOG_TAIL = 20  # lines
_GIVEN = ("SHOUWEN_DATABASE_URL", "SHOUWEN_REDIS_URL")  # honoured when given, never taken from .env


class BenchStack:
    """`async with BenchStack(settings) as stack`: ready inside, stopped after. Its folder goes unless `keep` is set."""

    def __init__(self, settings: Settings) -> None:
        settings.var.mkdir(parents=True, exist_ok=True)
        # beside the real data, on the same disk: in a memory file system commits would cost nothing
        self.var = Path(tempfile.mkdtemp(prefix="bench-", dir=settings.var.resolve()))
        self.keep = False
        self.seconds_to_ready = 0.0
        self.left_running: list[int] = []
        environment = _environment(settings, self.var)
        self.url = f"http://127.0.0.1:{environment['SHOUWEN_PORT']}"
        self.sandbox = f"http://127.0.0.1:{environment['SHOUWEN_SANDBOX_PORT']}"
        command = [sys.executable, "-m", "shouwen.cli", "up"]
        self._up = Child("up", command, environment, ROOT, self.var / "log")
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        began = time.perf_counter()
        self._running = asyncio.create_task(self._up.keep())
        try:
            await self._wait_until_ready(began)
        except BaseException as error:
            self.keep = isinstance(error, Misconfigured)
            await self._stop()
            raise
        self.seconds_to_ready = time.perf_counter() - began
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    def processes(self) -> list[Process]:
        """The supervisor and everything below it."""
        return family(self._up.pid) if self._up.pid else []

    async def _wait_until_ready(self, began: float) -> None:
        said = self.var / "run" / "stack.json"
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as http:
            while not (said.exists() and await answers(http, f"{self.url}/readyz")):
                if self._up.restarts or time.perf_counter() - began > _READY_WITHIN:
                    raise Misconfigured(["the stack did not get ready:", *self._tail(), f"logs: {self.var / 'log'}"])
                await asyncio.sleep(0.05)

    async def _stop(self) -> None:
        pids = [process.pid for process in self.processes()]
        if self._running:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
        self.left_running = await _outlive(pids)
        if not self.keep:
            shutil.rmtree(self.var)

    def _tail(self) -> list[str]:
        return (self.var / "log" / "up.log").read_text(encoding="utf-8").splitlines()[-_LOG_TAIL:]


async def _outlive(pids: list[int]) -> list[int]:
    for _ in range(round(_GONE_WITHIN / 0.05)):
        pids = [pid for pid in pids if alive(pid)]
        if not pids:
            break
        await asyncio.sleep(0.05)
    return pids


def _environment(settings: Settings, var: Path) -> dict[str, str]:
    with _free_ports(3 + settings.rasa_processes) as ports:
        given = {name: os.environ.get(name, "") for name in _GIVEN}
        own = {
            "SHOUWEN_VAR": str(var),
            "SHOUWEN_MODELS": str(settings.models.resolve()),
            "SHOUWEN_HOST": "127.0.0.1",
            "SHOUWEN_PORT": str(ports[0]),
            "SHOUWEN_ACTIONS_PORT": str(ports[1]),
            "SHOUWEN_SANDBOX_PORT": str(ports[2]),
            "SHOUWEN_RASA_PORT": str(ports[3]),
            "SHOUWEN_RATE_LIMIT": "off",
            "SHOUWEN_OTP_PER_ADDRESS_HOUR": "1000",
        }
    return {**os.environ, **given, **own}


@contextmanager
def _free_ports(count: int) -> Iterator[list[int]]:
    """Ports in a row that nobody uses now: Rasa processes count up from the first of theirs."""
    while True:
        with ExitStack() as held:
            first = held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
            try:
                for port in range(first + 1, first + count):
                    held.enter_context(socket.create_server(("127.0.0.1", port)))
            except (OSError, OverflowError):
                continue
            yield list(range(first, first + count))
            return
