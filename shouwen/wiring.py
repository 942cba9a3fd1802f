"""From settings to working parts: the one place that knows which implementation stands behind each protocol."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from shouwen.content.live import ContentInService
from shouwen.conversations.turns import Pace, TurnRunner
from shouwen.db import Database
from shouwen.internal_secret import internal_secret
from shouwen.outside.bus import Bus, LocalBus, RedisBus
from shouwen.outside.rasa_server import RasaServer
from shouwen.settings import Settings
from shouwen.vault.keyring import Keyring, read_or_make


@dataclass(frozen=True)
class Web:
    """What the web process works with."""

    settings: Settings
    database: Database
    bus: Bus
    rasa: RasaServer
    content: ContentInService
    runner: TurnRunner
    now: Callable[[], datetime]


@dataclass(frozen=True)
class Backstage:
    """What the action server works with: no customer reaches it."""

    database: Database
    keyring: Keyring
    secret: str
    now: Callable[[], datetime]


def wall_clock() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)


def keyring(settings: Settings) -> Keyring:
    """The keys of the vault."""
    return read_or_make(settings.var / "keys" / "vault.json")


@asynccontextmanager
async def open_web(settings: Settings, now: Callable[[], datetime] = wall_clock) -> AsyncIterator[Web]:
    """Everything the web process needs, closed in order at the end."""
    async with AsyncExitStack() as stack:
        database = Database(settings.database)
        stack.callback(database.close)
        redis_url = settings.redis_url.get_secret_value()
        bus: RedisBus | LocalBus = RedisBus(redis_url) if redis_url else LocalBus()
        await stack.enter_async_context(bus)
        rasa = await stack.enter_async_context(RasaServer(settings.rasa_addresses, internal_secret(settings)))
        content = ContentInService(database)
        await content.refresh()
        pace = Pace(settings.still_working_after, settings.turn_timeout, settings.lease, settings.episode_idle)
        runner = TurnRunner(database, rasa, bus, keyring(settings), content, pace, now)
        stack.push_async_callback(runner.close)
        yield Web(settings, database, bus, rasa, content, runner, now)


def open_backstage(settings: Settings) -> Backstage:
    """Everything an action needs."""
    return Backstage(Database(settings.database), keyring(settings), internal_secret(settings), wall_clock)
