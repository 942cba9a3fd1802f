"""The two ways to load a stack: so many users that wait for their answer, or turns that arrive whatever happens."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from shouwen.bench.customer import Customer
from shouwen.bench.samples import Sample
from shouwen.bench.schedule import arrivals
from shouwen.errors import Unavailable

_PATIENCE = 2  # seconds of arrivals for which a customer stands by, so that a stall does not hold arrivals back
_OPENING_TRIES, _OPENING_GAP = 5, 0.2  # seconds


@dataclass
class Crowd:
    """Everybody who came in a phase. `samples` in the order in which turns ended."""

    newcomer: Callable[[], Customer]
    samples: list[Sample] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def welcome(self) -> Customer:
        """A new customer, with a conversation open. Raises Unavailable when that fails again and again."""
        for _ in range(_OPENING_TRIES):
            customer = self.newcomer()
            try:
                await customer.come()
            except (aiohttp.ClientError, TimeoutError) as error:
                self.faults.append(f"conversation {customer.number}: cannot be opened: {error!r}")
                await asyncio.sleep(_OPENING_GAP)
            else:
                self.customers.append(customer)
                return customer
        raise Unavailable("stack", "opens no conversation")

    async def look_back(self) -> list[str]:
        """Faults of every transcript, one after the other, once the phase is over."""
        return self.faults + [fault for customer in self.customers for fault in await customer.look_back()]


async def closed(crowd: Crowd, users: int, seconds: float) -> None:
    """Each user says the next thing once the last is answered, without a pause to think."""
    end = time.perf_counter() + seconds

    async def talk() -> None:
        while time.perf_counter() < end:
            customer = await crowd.welcome()
            while not customer.is_over and time.perf_counter() < end:
                crowd.samples.append(await customer.take())

    async with asyncio.TaskGroup() as running:
        for _ in range(users):
            running.create_task(talk())


async def stand_by(crowd: Crowd, rate: float) -> None:
    """Let as many customers come as `open_at` needs, before its time begins."""
    for _ in range(round(rate * _PATIENCE)):
        await crowd.welcome()


async def open_at(crowd: Crowd, rate: float, seconds: float, seed: int) -> None:
    """Turns arrive at a fixed mean rate, each from a customer who has nothing else open.

    Latency counts from the arrival, also when nobody was free to send it.
    """
    idle: asyncio.Queue[Customer] = asyncio.Queue()
    for customer in crowd.customers:
        idle.put_nowait(customer)

    async def turn(arrived: float) -> None:
        customer = await idle.get()
        crowd.samples.append(await customer.take(since=arrived))
        idle.put_nowait(await crowd.welcome() if customer.is_over else customer)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as running:
        for offset in arrivals(rate, seconds, seed):
            await asyncio.sleep(began + offset - time.perf_counter())
            running.create_task(turn(began + offset))
