"""From settings to working parts: the one place that knows which implementation stands behind each protocol."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shouwen.content.live import ContentInService
from shouwen.conversations.turns import Pace, TurnRunner
from shouwen.db import Database
from shouwen.errors import Misconfigured
from shouwen.outside.bus import Bus, LocalBus, RedisBus
from shouwen.outside.rasa_server import RasaServer
from shouwen.private_file import write_once
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


def internal_secret(settings: Settings) -> str:
    """The secret shared by web, Rasa and actions: a setting, or made at first run and kept in `var`."""
    given = settings.internal_secret.get_secret_value()
    return given or _read_or_make_secret(settings.var / "keys" / "internal.secret")


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


def _read_or_make_secret(path: Path) -> str:
    if not path.exists():
        write_once(path, secrets.token_urlsafe(32))
    secret = path.read_text().strip()
    if not secret:
        raise Misconfigured([f"{path} is empty: remove it, and a new secret is made"])
    return secret
