"""Rasa and the action server on free ports, for the length of one question."""

import asyncio
import socket
from datetime import UTC, datetime
from typing import Any

import aiohttp

from shouwen import engine_process, supervisor, trial
from shouwen.content.publication import read_folder
from shouwen.conversations.message import clean_text
from shouwen.errors import InvalidInput, Misconfigured, ShouwenError
from shouwen.internal_secret import internal_secret
from shouwen.migrating import migrate
from shouwen.outside.health import answers
from shouwen.outside.rasa_server import RasaServer
from shouwen.settings import Settings

_START_WITHIN = 60.0  # seconds
_PROBE_EVERY = 0.1


def ask(settings: Settings, text: str) -> dict[str, Any]:
    """One sentence, answered with what stands in data/ and the newest model. Raises Misconfigured."""
    try:
        said = clean_text(text, settings.message_limit)
    except InvalidInput as error:
        raise Misconfigured([str(error)]) from None
    if engine_process.newest_model(settings) is None:
        raise Misconfigured(["there is no model yet: run `make train`"])
    return asyncio.run(_ask(_on_free_ports(settings), said))


async def _ask(settings: Settings, text: str) -> dict[str, Any]:
    async with _TemporaryStack(settings) as stack:
        # neither process needs the schema before the question comes
        await asyncio.to_thread(migrate, settings)
        publication = await asyncio.to_thread(read_folder, settings.data)
        await stack.ready()
        async with RasaServer(settings.rasa_addresses, internal_secret(settings)) as rasa:
            try:
                return await trial.answer(rasa, publication, text, settings.turn_timeout, datetime.now(UTC))
            except ShouwenError as error:
                raise Misconfigured([str(error)]) from None


def _on_free_ports(settings: Settings) -> Settings:
    with socket.socket() as one, socket.socket() as other:
        for taken in (one, other):
            taken.bind(("127.0.0.1", 0))
        rasa_port, actions_port = one.getsockname()[1], other.getsockname()[1]
    ports = {"rasa_port": rasa_port, "actions_port": actions_port, "rasa_urls": "", "rasa_processes": 1}
    return settings.model_copy(update=ports)


class _TemporaryStack:
    def __init__(self, settings: Settings) -> None:
        plan = supervisor.plan(settings)
        self._children = [child for child in plan.children if child.name in ("actions", "rasa-0")]
        self._health = [plan.health[child.name] for child in self._children]
        self._logs = settings.var / "log"
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "_TemporaryStack":
        self._tasks = [asyncio.create_task(child.keep()) for child in self._children]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ready(self) -> None:
        """Returns once both answer. Raises Misconfigured when they do not."""
        async with aiohttp.ClientSession() as http:
            try:
                async with asyncio.timeout(_START_WITHIN):
                    waiting = list(self._health)
                    while waiting:
                        waiting = [url for url in waiting if not await answers(http, url)]
                        await asyncio.sleep(_PROBE_EVERY)
            except TimeoutError:
                raise Misconfigured([f"Rasa or the actions did not start, see {self._logs}"]) from None
