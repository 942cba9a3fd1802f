"""From settings to working parts: the one place that knows which implementation stands behind each protocol."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from shouwen.clock import wall_clock
from shouwen.complaints.calendar import Calendar
from shouwen.complaints.year_files import read_calendar
from shouwen.content.live import ContentInService
from shouwen.conversations.calls import lifetime
from shouwen.conversations.turns import Pace, TurnRunner
from shouwen.db import Database
from shouwen.identity import service
from shouwen.identity.rules import Rules
from shouwen.identity.sign_ins import BankSignIns
from shouwen.identity.turns import IdentityTurns
from shouwen.identity_rules import identity_rules
from shouwen.internal_secret import bank_secret, internal_secret, sms_secret
from shouwen.outside.bank_login import BankLogin
from shouwen.outside.bus import Bus, LocalBus, RedisBus
from shouwen.outside.corebank import CoreBank
from shouwen.outside.http_corebank import HttpCoreBank
from shouwen.outside.partner import Pace as PartnerPace
from shouwen.outside.partner import Partner
from shouwen.outside.rasa_server import RasaServer
from shouwen.outside.sms import HttpMessenger, Messenger
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
    bank: CoreBank
    messenger: Messenger
    rules: Rules
    identity: IdentityTurns
    sign_ins: BankSignIns
    bank_secret: str = field(repr=False)
    calendar: Calendar = field(default_factory=read_calendar, repr=False)


@dataclass(frozen=True)
class Backstage:
    """What the action server works with: no customer reaches it. `partners` are closed with the process."""

    database: Database
    keyring: Keyring
    secret: str
    now: Callable[[], datetime]
    bank: CoreBank
    messenger: Messenger
    rules: Rules
    partners: tuple[Partner, ...] = ()

    async def close(self) -> None:
        """Give back what was opened, on the event loop that used it."""
        for partner in self.partners:
            await partner.close()
        self.database.close()


def keyring(settings: Settings) -> Keyring:
    """The keys of the vault."""
    return read_or_make(settings.var / "keys" / "vault.json")


def partners(settings: Settings) -> tuple[Partner, Partner]:
    """The core bank and the SMS gateway; both are the sandbox's while no bank is configured."""
    pace = PartnerPace(settings.bank_timeout, settings.bank_calls)
    bank = Partner("bank", settings.bank_address, bank_secret(settings), pace)
    return bank, Partner("sms", settings.sms_address, sms_secret(settings), pace)


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
        bank_line, sms_line = partners(settings)
        for partner in (bank_line, sms_line):
            stack.push_async_callback(partner.close)
        bank, messenger, rules = HttpCoreBank(bank_line), HttpMessenger(sms_line), identity_rules(settings)
        pace = Pace(settings.still_working_after, settings.turn_timeout, settings.lease, settings.episode_idle)
        runner = TurnRunner(database, rasa, bus, keyring(settings), content, pace, now, service.touch)
        stack.push_async_callback(runner.close)
        login = BankLogin(settings.jwks_address, settings.bank_token_audience, settings.bank_timeout)
        life = lifetime(settings)
        sign_ins = BankSignIns(database, bank, login, bus, content, rules, life, now)
        identity = IdentityTurns(database, runner, bank, messenger, sign_ins, bus, content, rules, life, now)
        stack.push_async_callback(identity.close)
        secret = bank_secret(settings)
        yield Web(
            settings, database, bus, rasa, content, runner, now, bank, messenger, rules, identity, sign_ins, secret
        )


def open_backstage(settings: Settings) -> Backstage:
    """Everything an action needs."""
    bank, sms = partners(settings)
    return Backstage(
        Database(settings.database),
        keyring(settings),
        internal_secret(settings),
        wall_clock,
        HttpCoreBank(bank),
        HttpMessenger(sms),
        identity_rules(settings),
        (bank, sms),
    )
