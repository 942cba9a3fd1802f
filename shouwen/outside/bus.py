"""The bus carries pushes to whichever process holds a customer's socket. The database carries the truth.

In one process a queue will do; beyond it Redis publishes. A push that is lost is made good by `?after=`.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, Self

from redis import asyncio as redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

Frame = Mapping[str, Any]
_QUEUE_LIMIT = 1000
_RECONNECT_GAP = 1.0  # seconds


class Bus(Protocol):
    """Publish and subscribe by channel name."""

    async def publish(self, channel: str, frame: Frame) -> None:
        """Hand a frame to everyone who listens now, in any process."""
        ...

    def subscribe(self, channel: str) -> Any:
        """`async with subscribe(channel) as queue`: frames arrive in the queue, in order."""
        ...


class LocalBus:
    """A bus inside one process. A listener that does not keep up loses the oldest frames."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[Frame]]] = defaultdict(set)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._queues.clear()

    async def publish(self, channel: str, frame: Frame) -> None:
        """See `Bus.publish`."""
        self.deliver(channel, frame)

    def deliver(self, channel: str, frame: Frame) -> None:
        """Hand a frame to the listeners of this process."""
        for queue in self._queues.get(channel, ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(frame)

    @asynccontextmanager
    async def subscribe(self, channel: str) -> AsyncIterator[asyncio.Queue[Frame]]:
        """See `Bus.subscribe`."""
        queue: asyncio.Queue[Frame] = asyncio.Queue(_QUEUE_LIMIT)
        self._queues[channel].add(queue)
        try:
            yield queue
        finally:
            self._queues[channel].discard(queue)
            if not self._queues[channel]:
                del self._queues[channel]


class RedisBus:
    """A bus over Redis: one subscription a process, one pattern, frames fanned out locally."""

    PREFIX = "shouwen:push:"

    def __init__(self, url: str) -> None:
        self._redis = redis.from_url(url)
        self._local = LocalBus()
        self._pump_task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._pump_task = asyncio.create_task(self._pump())
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._listening.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pump_task:
            self._pump_task.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump_task
        await self._redis.aclose()

    async def publish(self, channel: str, frame: Frame) -> None:
        """See `Bus.publish`. With Redis away this process's own listeners still get the frame."""
        try:
            await self._redis.publish(self.PREFIX + channel, json.dumps(frame, ensure_ascii=False))
        except (RedisError, OSError) as error:
            log.warning("push %s stays in this process: %r", channel, error)
            self._local.deliver(channel, frame)

    def subscribe(self, channel: str) -> Any:
        """See `Bus.subscribe`."""
        return self._local.subscribe(channel)

    async def _pump(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.psubscribe(self.PREFIX + "*")
                    async for item in pubsub.listen():
                        if item["type"] == "psubscribe":  # only now does Redis send us what others publish
                            self._listening.set()
                        elif item["type"] == "pmessage":
                            self._take(item["channel"].decode(), item["data"])
            except (RedisError, OSError) as error:
                log.warning("the bus lost Redis, trying again: %r", error)
                await asyncio.sleep(_RECONNECT_GAP)

    def _take(self, channel: str, data: bytes) -> None:
        try:
            frame = json.loads(data)
        except ValueError:
            log.error("something else publishes on %s", channel)
            return
        self._local.deliver(channel.removeprefix(self.PREFIX), frame)
