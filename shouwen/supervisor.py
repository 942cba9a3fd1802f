"""`shouwen up`: everything on one machine, kept running, ended cleanly."""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from shouwen import engine_process
from shouwen.child import Child
from shouwen.errors import Misconfigured
from shouwen.migrating import migrate
from shouwen.outside.health import answers
from shouwen.publishing import publish
from shouwen.settings import ROOT, Settings
from shouwen.stack_file import address_file

log = logging.getLogger(__name__)

_READY_WITHIN = 120.0  # seconds
_PROBE_EVERY = 2.0
_DEAF_FOR = 30.0  # seconds without an answer after which a process is replaced (design.md, a message's way)


@dataclass
class Stack:
    """The children and where each tells of its health."""

    children: list[Child] = field(default_factory=list)
    health: dict[str, str] = field(default_factory=dict)


def run(settings: Settings) -> int:
    """Prepare what is missing, start everything, and stay until SIGINT or SIGTERM."""
    _check_ports(settings)
    migrate(settings)
    publish(settings)
    if engine_process.newest_model(settings) is None:
        print("training the first model …", flush=True)
        if code := engine_process.train(settings):
            return code
    return asyncio.run(_keep_up(settings))


def plan(settings: Settings) -> Stack:
    """Which processes this machine runs."""
    environment, logs, stack = engine_process.environment(settings), settings.var / "log", Stack()
    secrets = engine_process.bank_secrets(settings)  # for all but Rasa

    def add(name: str, command: list[str], health: str, extra: dict[str, str] | None = None) -> None:
        stack.children.append(Child(name, command, {**environment, **(extra or {})}, ROOT, logs))
        stack.health[name] = health

    if settings.has_sandbox:
        add("sandbox", [sys.executable, "-m", "shouwen.cli", "sandbox"], f"{settings.bank_address}/healthz", secrets)
    add("actions", [sys.executable, "-m", "actions"], f"http://127.0.0.1:{settings.actions_port}/health", secrets)
    if not settings.rasa_urls:
        for number in range(settings.rasa_processes):
            port = settings.rasa_port + number
            command = [str(engine_process.python()), "-m", "shouwen_engine"]
            health = f"http://127.0.0.1:{port}/webhooks/shouwen/health"
            add(f"rasa-{number}", command, health, {"SHOUWEN_RASA_PORT": str(port)})
    for number in range(settings.web_processes):
        command = [sys.executable, "-m", "shouwen.cli", "web"]
        add(f"web-{number}", command, f"http://{settings.host}:{settings.port}/healthz", secrets)
    return stack


async def _keep_up(settings: Settings) -> int:
    stack, stop = plan(settings), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(child.keep(), name=child.name) for child in stack.children]
    watch = asyncio.create_task(_tell_when_ready_then_watch(settings, stack))
    try:
        ends = [asyncio.create_task(stop.wait()), watch, *tasks]  # a task that ends by itself has failed
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        print("stopping …", flush=True)
        address_file(settings).unlink(missing_ok=True)
        await _cancel([watch, *reversed(tasks)])
    return 0


async def _tell_when_ready_then_watch(settings: Settings, stack: Stack) -> None:
    started = time.monotonic()
    url = f"http://{settings.host}:{settings.port}"
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PROBE_EVERY)) as http:
        waiting = dict(stack.health)
        while waiting:
            if time.monotonic() - started > _READY_WITHIN:
                raise Misconfigured([f"{name} is not ready, see {settings.var}/log/{name}.log" for name in waiting])
            for name in [name for name, health in waiting.items() if await answers(http, health)]:
                del waiting[name]
                print(f"  {name} ready after {time.monotonic() - started:.1f} s", flush=True)
            await asyncio.sleep(0.1)
        _say_where(settings, url)
        await _watch(http, stack)


async def _watch(http: aiohttp.ClientSession, stack: Stack) -> None:
    heard = {child.name: time.monotonic() for child in stack.children}
    while True:
        await asyncio.sleep(_PROBE_EVERY)
        for child in stack.children:
            if child.pid is None or await answers(http, stack.health[child.name]):
                heard[child.name] = time.monotonic()
            elif time.monotonic() - heard[child.name] > _DEAF_FOR:
                log.error("%s has not answered for %d s, replacing it", child.name, _DEAF_FOR)
                heard[child.name] = time.monotonic()
                child.kill()


def _say_where(settings: Settings, url: str) -> None:
    path = address_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {"pid": os.getpid(), "url": url, "rasa": settings.rasa_addresses}
    path.write_text(json.dumps(body), encoding="utf-8")
    print(f"\n  the bank's page with the chat   {url}/\n  the chat alone                  {url}/chat", flush=True)
    if settings.has_sandbox:
        print(f"  telephones of the sandbox bank  {url}/sandbox/phone", flush=True)
    print(f"  is everything ready?            {url}/readyz\n\nCtrl-C stops everything.", flush=True)


async def _cancel(tasks: Iterable["asyncio.Task[None]"]) -> None:
    listed = list(tasks)
    for task in listed:
        task.cancel()
    for task in listed:
        with suppress(asyncio.CancelledError, Misconfigured):
            await task


def _check_ports(settings: Settings) -> None:
    ports = {"SHOUWEN_PORT": settings.port, "SHOUWEN_ACTIONS_PORT": settings.actions_port}
    if settings.has_sandbox:
        ports["SHOUWEN_SANDBOX_PORT"] = settings.sandbox_port
    if not settings.rasa_urls:
        ports |= {f"SHOUWEN_RASA_PORT (process {n})": settings.rasa_port + n for n in range(settings.rasa_processes)}
    faults = [f"port {port} is in use: choose another with {name}" for name, port in ports.items() if _taken(port)]
    if faults:
        raise Misconfigured(faults)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False
