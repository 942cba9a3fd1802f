"""`shouwen bench`: start the stack, load it in three ways, print what came of it."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from pathlib import Path

import aiohttp
import yaml

from shouwen import engine_process
from shouwen.bench import identity, loops, report
from shouwen.bench.conversation import buttons_of, compose
from shouwen.bench.customer import Customer
from shouwen.bench.identity import IdentityTurns
from shouwen.bench.loops import Crowd
from shouwen.bench.machine import this_machine
from shouwen.bench.processes import Process
from shouwen.bench.report import Report
from shouwen.bench.samples import Phase
from shouwen.bench.script import Script, parse_script
from shouwen.bench.stack import BenchStack
from shouwen.content.publication import read_folder
from shouwen.errors import Unavailable
from shouwen.settings import Settings

SCRIPT = Path(__file__).with_name("script.yml")
USERS = 10
RATE = 30.0  # turns a second
_SEED = 1
_WARM_UP = 5.0  # seconds
_CALL_TIMEOUT = 40.0  # seconds; the stack itself gives up after 30
_INTERRUPTED = 130

Load = Callable[[Crowd], Awaitable[None]]


def read_script() -> Script:
    """The script that ships with this package. Raises Misconfigured."""
    return parse_script(yaml.safe_load(SCRIPT.read_text(encoding="utf-8")))


def run(settings: Settings, seconds: float) -> int:
    """Bench the stack, each phase `seconds` long; 0 when every reply was right."""
    script = read_script()
    if engine_process.newest_model(settings) is None and (code := engine_process.train(settings)):
        return code
    try:
        return asyncio.run(_run(settings, script, seconds))
    except asyncio.CancelledError:
        return _INTERRUPTED


async def _run(settings: Settings, script: Script, seconds: float) -> int:
    if this_task := asyncio.current_task():
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, this_task.cancel)
    machine, setup = this_machine(), _setup(settings, script, seconds)
    print(report.head(machine, setup), flush=True)
    async with BenchStack(settings) as stack:
        ready = stack.processes()
        print(f"start to ready: {stack.seconds_to_ready:.1f} s", flush=True)
        print(report.memory_line("when ready", _memory(ready)), flush=True)
        phases = await _phases(stack, settings, script, seconds)
        checks = await _identity(stack)
        print(checks.line(), flush=True)
        after = stack.processes()
        print(report.memory_line("after", _memory(after)), flush=True)
        faults = _replaced(ready, after)
        stack.keep = any(phase.failures for phase in phases) or bool(faults)
    if stack.left_running:
        faults.append(f"still running after the stop: {stack.left_running}")
    made = Report(machine, setup, stack.seconds_to_ready, _memory(ready), _memory(after), phases, checks, faults)
    if failed := report.failure_list(phases, faults):
        print(failed)
        print(f"logs and database: {stack.var}")
    print(json.dumps(made.as_json(), ensure_ascii=False), flush=True)
    return 1 if made.failures else 0


async def _phases(stack: BenchStack, settings: Settings, script: Script, seconds: float) -> list[Phase]:
    numbers, buttons = count(), buttons_of(read_folder(settings.data))
    timeout = aiohttp.ClientTimeout(total=_CALL_TIMEOUT)
    connector = aiohttp.TCPConnector(limit=0)
    print(report.table_head(), flush=True)
    async with aiohttp.ClientSession(stack.url, timeout=timeout, connector=connector) as http:

        def newcomer() -> Customer:
            number = next(numbers)
            return Customer(http, number, compose(script, buttons, number))

        async def measure(name: str, load: Load, prepare: Load | None = None) -> Phase:
            crowd = Crowd(newcomer)
            phase = await _measure(stack, name, crowd, load, prepare)
            print(report.table_row(phase), flush=True)
            return phase

        return [
            await measure("warm-up", lambda crowd: loops.closed(crowd, 1, min(_WARM_UP, seconds))),
            await measure("1 user, closed loop", lambda crowd: loops.closed(crowd, 1, seconds)),
            await measure(f"{USERS} users, closed loop", lambda crowd: loops.closed(crowd, USERS, seconds)),
            await measure(
                f"{RATE:.0f}/s, open loop",
                lambda crowd: loops.open_at(crowd, RATE, seconds, _SEED),
                lambda crowd: loops.stand_by(crowd, RATE),
            ),
        ]


async def _identity(stack: BenchStack) -> IdentityTurns:
    async with aiohttp.ClientSession(stack.url, timeout=aiohttp.ClientTimeout(total=_CALL_TIMEOUT)) as http:
        return await identity.measure(http, stack.sandbox, stack.var)


async def _measure(stack: BenchStack, name: str, crowd: Crowd, load: Load, prepare: Load | None) -> Phase:
    before, own, began = stack.processes(), time.process_time(), time.perf_counter()
    try:
        if prepare:
            await prepare(crowd)
            before, own, began = stack.processes(), time.process_time(), time.perf_counter()
        await load(crowd)
    except* Unavailable as errors:
        crowd.faults += [f"the phase broke off: {error}" for error in errors.exceptions]
    took = time.perf_counter() - began
    cpu = _burnt(before, stack.processes()) | {"load generator": time.process_time() - own}
    return Phase(name, took, tuple(crowd.samples), cpu, tuple(await crowd.look_back()))


def _setup(settings: Settings, script: Script, seconds: float) -> dict[str, str]:
    model = engine_process.newest_model(settings)
    address = os.environ.get("SHOUWEN_DATABASE_URL", "")
    lines = f"{len(script.faq)} faq, {len(script.unclear)} unclear, {sum(map(len, script.action))} action"
    return {
        "database": f"given, {address.partition(':')[0]}" if address else "SQLite, new, every commit synced to disk",
        "redis": "given" if os.environ.get("SHOUWEN_REDIS_URL") else "none",
        "model": model.name if model else "none",
        "processes": f"{settings.web_processes} web, {settings.rasa_processes} rasa, 1 actions",
        "script": f"conversations of {script.turns} turns; lines: {lines}",
        "phases": f"{seconds:g} s each",
        "load before": f"{os.getloadavg()[0]:.1f} runnable, mean of the last minute",
    }


def _memory(processes: Sequence[Process]) -> dict[str, int]:
    held: dict[str, int] = {}
    for process in processes:
        held[process.name] = held.get(process.name, 0) + process.memory
    return held


def _burnt(before: Sequence[Process], after: Sequence[Process]) -> dict[str, float]:
    earlier = {process.pid: process.cpu for process in before}
    burnt: dict[str, float] = {}
    for process in after:
        burnt[process.name] = burnt.get(process.name, 0.0) + process.cpu - earlier.get(process.pid, 0.0)
    return burnt


def _replaced(before: Sequence[Process], after: Sequence[Process]) -> list[str]:
    running = {process.pid for process in after}
    return [f"{process.name} ended while it was loaded" for process in before if process.pid not in running]
