"""Pushes, in one process and over Redis: who gets them, in which order, and what happens without Redis."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from shouwen.outside import bus as bus_module
from shouwen.outside.bus import Bus, LocalBus, RedisBus
from tests.conftest import REDIS, redis_answers

WITHIN = 30  # seconds; only a lost push takes them
NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(scope="module")
def redis_is_there() -> bool:
    return redis_answers()


@pytest.fixture(params=[LocalBus, RedisBus])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    if request.param is LocalBus:
        async with LocalBus() as local:
            yield local
        return
    if not request.getfixturevalue("redis_is_there"):
        pytest.skip(f"Redis does not answer at {REDIS}")
    async with RedisBus(REDIS) as remote:
        yield remote


@pytest.fixture
def channel() -> str:
    """A channel no other run listens on."""
    return secrets.token_hex(8)


async def receive(queue: "asyncio.Queue[Any]") -> Any:
    async with asyncio.timeout(WITHIN):
        return await queue.get()


async def test_a_frame_reaches_who_listens(bus: Bus, channel: str) -> None:
    async with bus.subscribe(channel) as queue:
        await bus.publish(channel, {"text": "您好", "seq": 1})
        assert await receive(queue) == {"text": "您好", "seq": 1}


async def test_frames_arrive_in_order(bus: Bus, channel: str) -> None:
    async with bus.subscribe(channel) as queue:
        for number in range(100):
            await bus.publish(channel, {"seq": number})
        assert [(await receive(queue))["seq"] for _ in range(100)] == list(range(100))


async def test_everyone_who_listens_gets_every_frame(bus: Bus, channel: str) -> None:
    async with bus.subscribe(channel) as one, bus.subscribe(channel) as other:
        await bus.publish(channel, {"seq": 1})
        assert await receive(one) == await receive(other) == {"seq": 1}


async def test_a_frame_stays_in_its_channel(bus: Bus, channel: str) -> None:
    async with bus.subscribe(channel) as mine, bus.subscribe(channel + "x") as another_s:
        await bus.publish(channel + "x", {"seq": 1})
        await bus.publish(channel, {"seq": 2})
        assert await receive(mine) == {"seq": 2}
        assert await receive(another_s) == {"seq": 1}
        assert mine.empty()


async def test_who_stopped_listening_gets_nothing_more(bus: Bus, channel: str) -> None:
    async with bus.subscribe(channel) as gone:
        pass
    async with bus.subscribe(channel) as still_there:
        await bus.publish(channel, {"seq": 1})
        assert await receive(still_there) == {"seq": 1}
    assert gone.empty()


async def test_a_listener_that_does_not_keep_up_loses_the_oldest(monkeypatch: pytest.MonkeyPatch, channel: str) -> None:
    monkeypatch.setattr(bus_module, "_QUEUE_LIMIT", 3)
    async with LocalBus() as bus, bus.subscribe(channel) as slow:
        for number in range(5):
            await bus.publish(channel, {"seq": number})
        assert [slow.get_nowait()["seq"] for _ in range(3)] == [2, 3, 4]


@pytest.fixture
async def processes(redis_is_there: bool) -> AsyncIterator[Callable[[], Any]]:
    """As many buses as wanted, each as another process would have it."""
    if not redis_is_there:
        pytest.skip(f"Redis does not answer at {REDIS}")
    async with AsyncExitStack() as stack:
        yield lambda: stack.enter_async_context(RedisBus(REDIS))


async def test_a_frame_crosses_processes_and_comes_once(processes: Callable[[], Any], channel: str) -> None:
    here, there = await processes(), await processes()
    async with here.subscribe(channel) as near, there.subscribe(channel) as far:
        await here.publish(channel, {"seq": 1})
        await there.publish(channel, {"seq": 2})
        assert {(await receive(near))["seq"] for _ in range(2)} == {1, 2}
        assert {(await receive(far))["seq"] for _ in range(2)} == {1, 2}
        assert near.empty()
        assert far.empty()


async def test_a_bus_that_was_entered_misses_nothing(processes: Callable[[], Any], channel: str) -> None:
    sender = await processes()
    for number in range(20):
        async with RedisBus(REDIS) as fresh, fresh.subscribe(channel) as queue:
            await sender.publish(channel, {"seq": number})
            assert await receive(queue) == {"seq": number}


async def test_what_somebody_else_publishes_does_not_end_the_bus(processes: Callable[[], Any], channel: str) -> None:
    bus = await processes()
    async with bus.subscribe(channel) as queue:
        await bus._redis.publish(RedisBus.PREFIX + channel, "no JSON")
        await bus.publish(channel, {"seq": 1})
        assert await receive(queue) == {"seq": 1}


async def test_the_bus_listens_again_after_its_connection_was_cut(
    processes: Callable[[], Any], channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "_RECONNECT_GAP", 0.01)
    bus = await processes()
    async with bus.subscribe(channel) as queue, asyncio.timeout(WITHIN):
        pump = next(c for c in await bus._redis.client_list() if int(c["psub"]) and c["addr"] in addresses(bus))
        await bus._redis.client_kill(pump["addr"])
        while queue.empty():  # what is published before it listens again is lost: `?after=` makes it good
            await bus.publish(channel, {"seq": 1})
            await asyncio.sleep(0.01)
        assert queue.get_nowait() == {"seq": 1}


def addresses(bus: RedisBus) -> set[str]:
    """The local ends of a bus's connections to Redis."""
    pool = bus._redis.connection_pool
    return {
        "{}:{}".format(*connection._writer.get_extra_info("sockname"))
        for connection in pool._in_use_connections
        if connection._writer
    }


async def test_with_redis_gone_the_listeners_of_this_process_still_get_their_frames(
    monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    bus = RedisBus(NOBODY)
    monkeypatch.setattr(bus, "_listening", asyncio.Event())
    bus._listening.set()  # nobody to wait for
    async with bus, bus.subscribe(channel) as queue:
        await bus.publish(channel, {"seq": 1})
        assert await receive(queue) == {"seq": 1}
