"""`make say`: one sentence, one JSON object. Asks the running stack, else starts Rasa and the actions for one turn."""

import asyncio
import json
import logging
import secrets
import socket
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import aiohttp

from shouwen.content.publication import Publication, read_folder
from shouwen.conversations import answers, escalation
from shouwen.conversations.escalation import Signals
from shouwen.errors import Misconfigured, Unavailable
from shouwen.internal_secret import internal_secret
from shouwen.outside.rasa_server import RasaServer, Turn, Utterance
from shouwen.settings import Settings
from shouwen.text import wishes, zh
from shouwen.text.masking import mask


def say(settings: Settings, text: str) -> int:
    """Print `intent`, `confidence`, `ranking`, `entities`, `replies` for a sentence. Nothing is stored."""
    logging.getLogger().setLevel(logging.WARNING)
    result = asyncio.run(_say(settings, text))
    print(json.dumps(result, ensure_ascii=False, indent=2))
    return 0


async def _say(settings: Settings, text: str) -> dict[str, Any]:
    publication = read_folder(settings.data)
    async with AsyncExitStack() as stack:
        if not await _stack_answers(settings):
            settings = _on_free_ports(settings)
            await stack.enter_async_context(_Temporary(settings))
        rasa = await stack.enter_async_context(RasaServer(settings.rasa_addresses, internal_secret(settings)))
        try:
            return _shown(publication, await rasa.turn(_utterance(text), deadline=60.0))
        except Unavailable as error:
            raise Misconfigured([str(error)]) from None


async def _stack_answers(settings: Settings) -> bool:
    async with RasaServer(settings.rasa_addresses, internal_secret(settings)) as rasa:
        return await rasa.is_ready()


def _on_free_ports(settings: Settings) -> Settings:
    from shouwen import engine_process  # not needed, and slow to import, while a stack runs
    from shouwen.migrating import migrate

    if engine_process.newest_model(settings) is None:
        raise Misconfigured(["there is no model yet: run `make train`"])
    migrate(settings)
    with socket.socket() as one, socket.socket() as other:
        for taken in (one, other):
            taken.bind(("127.0.0.1", 0))
        rasa_port, actions_port = one.getsockname()[1], other.getsockname()[1]
    return settings.model_copy(update={"rasa_port": rasa_port, "actions_port": actions_port, "rasa_urls": ""})


def _utterance(text: str) -> Utterance:
    masked = mask(text).text
    wish = escalation.of_message(Signals(wish=wishes.find(zh.normalise(masked))))
    sender, message_id = f"say-{secrets.token_hex(8)}.1", secrets.token_hex(16)
    if wish.due == "hand_off":
        metadata = {"reason": wish.reason, "ephemeral": True}
        return Utterance(sender, message_id, label=answers.HUMAN_LABEL, metadata=metadata, ephemeral=True)
    return Utterance(sender, message_id, text=masked, metadata={"ephemeral": True}, ephemeral=True)


def _shown(publication: Publication, turn: Turn) -> dict[str, Any]:
    drafts = answers.compose(publication, turn.replies, None, datetime.now(UTC))
    return {
        "intent": turn.label,
        "confidence": turn.confidence,
        "decision": turn.decision,
        "ranking": turn.ranking,
        "entities": turn.entities,
        "replies": [{"name": d.reply, "text": d.text, "buttons": [title for title, _ in d.buttons]} for d in drafts],
    }


class _Temporary:
    """Rasa and the action server for the length of one question."""

    def __init__(self, settings: Settings) -> None:
        from shouwen import supervisor  # see above

        self._stack = supervisor.plan(settings)
        self._children = [child for child in self._stack.children if not child.name.startswith("web-")]
        self._logs = settings.var / "log"
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> None:
        print("starting Rasa for this one question …", file=sys.stderr)
        self._tasks = [asyncio.create_task(child.keep()) for child in self._children]
        async with aiohttp.ClientSession() as http:
            try:
                for child in self._children:
                    await self._wait(http, self._stack.health[child.name])
            except TimeoutError:
                raise Misconfigured([f"Rasa or the actions did not start, see {self._logs}"]) from None

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @staticmethod
    async def _wait(http: aiohttp.ClientSession, url: str) -> None:
        async with asyncio.timeout(60):
            while True:
                try:
                    async with http.get(url) as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
