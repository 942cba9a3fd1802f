"""One child process, kept running: real processes, short ones."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from shouwen.child import Child

WITHIN = 60  # seconds; far more than needed, so that only a hang fails
Start = Callable[[str], Child]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Keep a Python program running; all of them end with the test."""
    tasks = []

    def begin(program: str) -> Child:
        child = Child("it", [sys.executable, "-u", "-c", program], dict(os.environ), tmp_path, tmp_path / "log")
        tasks.append(asyncio.create_task(child.keep()))
        return child

    yield begin
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def lives(pid: int) -> bool:
    """True for a process that runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


RUNS = "import os, time; print(os.getpid(), file=open('pids', 'a')); time.sleep(1000)"
# a program that starts another, which writes to the same log and would outlive it
STARTS_ANOTHER = (
    "import os, subprocess, sys, time\n"
    "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'])\n"
    "print(os.getpid(), other.pid, file=open('pids', 'a'), flush=True)\n"
    "time.sleep(1000)"
)
DEAF = (
    "import os, signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print(os.getpid(), file=open('pids', 'a'), flush=True)\n"
    "time.sleep(1000)"
)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
async def test_what_is_killed_comes_back(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    child = start(RUNS)
    await until(lambda: len(pids(tmp_path / "pids")) == 1)
    os.kill(pids(tmp_path / "pids")[0], number)
    await until(lambda: len(pids(tmp_path / "pids")) == 2)
    assert child.pid == pids(tmp_path / "pids")[1]
    assert child.restarts == 1


async def test_kill_brings_up_a_fresh_one(start: Start, tmp_path: Path) -> None:
    child = start(RUNS)
    await until(lambda: len(pids(tmp_path / "pids")) == 1)
    child.kill()
    await until(lambda: len(pids(tmp_path / "pids")) == 2)
    assert not lives(pids(tmp_path / "pids")[0])


async def test_what_ends_by_itself_comes_back(start: Start) -> None:
    child = start("raise SystemExit(3)")
    await until(lambda: child.restarts >= 2)


async def test_it_comes_back_though_a_process_it_had_started_still_holds_the_log(start: Start, tmp_path: Path) -> None:
    start(STARTS_ANOTHER)
    await until(lambda: len(pids(tmp_path / "pids")) == 2)
    first, other = pids(tmp_path / "pids")
    os.kill(first, signal.SIGKILL)
    await until(lambda: len(pids(tmp_path / "pids")) == 4)
    await until(lambda: not lives(other))


async def test_stop_leaves_no_process_of_the_group(start: Start, tmp_path: Path) -> None:
    child = start(STARTS_ANOTHER)
    await until(lambda: len(pids(tmp_path / "pids")) == 2)
    await child.stop()
    first, other = pids(tmp_path / "pids")
    await until(lambda: not lives(first) and not lives(other))


async def test_what_does_not_listen_is_ended_all_the_same(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shouwen.child._STOP_WITHIN", 0.1)
    child = start(DEAF)
    await until(lambda: len(pids(tmp_path / "pids")) == 1)
    await child.stop()
    assert not lives(pids(tmp_path / "pids")[0])


async def test_the_end_of_keeping_is_the_end_of_the_process(tmp_path: Path) -> None:
    child = Child("it", [sys.executable, "-c", RUNS], dict(os.environ), tmp_path, tmp_path / "log")
    task = asyncio.create_task(child.keep())
    await until(lambda: len(pids(tmp_path / "pids")) == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert child.pid is None
    assert not lives(pids(tmp_path / "pids")[0])


async def test_stopping_what_never_ran_does_nothing(tmp_path: Path) -> None:
    child = Child("it", ["true"], {}, tmp_path, tmp_path / "log")
    await child.stop()
    child.kill()
    assert child.pid is None


def log_of(tmp_path: Path) -> str:
    return (tmp_path / "log" / "it.log").read_text(encoding="utf-8")


async def test_both_outputs_are_written_to_the_log(start: Start, tmp_path: Path) -> None:
    start("import sys, time; print('说出的'); print('100% 出错', file=sys.stderr); time.sleep(1000)")
    await until(lambda: "说出的\n" in log_of(tmp_path) and "100% 出错\n" in log_of(tmp_path))


async def test_a_line_of_two_megabytes_does_not_end_it_and_is_written_whole(start: Start, tmp_path: Path) -> None:
    child = start("import time; print('x' + '长' * 700_000); print('after'); time.sleep(1000)")
    await until(lambda: "after" in log_of(tmp_path))
    assert log_of(tmp_path).splitlines() == ["x" + "长" * 700_000, "after"]
    assert child.restarts == 0
    assert child.pid


async def test_the_last_words_before_the_end_are_in_the_log(start: Start, tmp_path: Path) -> None:
    goodbye = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('再见'), sys.exit()))\n"
        "print('ready'); time.sleep(1000)"
    )
    child = start(goodbye)
    await until(lambda: "ready" in log_of(tmp_path))
    await child.stop()
    assert "再见" in log_of(tmp_path)
