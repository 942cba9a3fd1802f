"""One child process that is kept running: its log, its restarts, its end."""

import asyncio
import codecs
import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 0.2, 10.0  # seconds between restarts, doubling
_STEADY_AFTER = 30.0  # seconds of running that make the next restart quick again
_STOP_WITHIN = 10.0  # seconds from SIGTERM to SIGKILL
_LOG_WITHIN = 2.0  # seconds for the rest of the log; who left the group may hold it open for ever
_LOG_BYTES, _LOG_FILES = 10_000_000, 3
_CHUNK_BYTES = 1 << 16
_PR_SET_PDEATHSIG = 1


class Child:
    """A named command. `keep` runs it until cancelled; whatever kills it, it comes back."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path, logs: Path
    ) -> None:
        self.name = name
        self.restarts = 0
        self._command = command
        self._environment = environment
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._copying: asyncio.Task[None] | None = None
        logs.mkdir(parents=True, exist_ok=True)
        self._log = RotatingFileHandler(
            logs / f"{name}.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
        )
        self._log.terminator = ""  # the child ends its lines itself

    @property
    def pid(self) -> int | None:
        """The running process, if one runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def keep(self) -> None:
        """Run the command again and again, waiting longer while it keeps dying early."""
        wait = _FIRST_WAIT
        try:
            while True:
                started = time.monotonic()
                code = await self._run_once()
                wait = _FIRST_WAIT if time.monotonic() - started > _STEADY_AFTER else min(wait * 2, _LONGEST_WAIT)
                self.restarts += 1
                log.warning("%s ended with %s, starting it again in %.1f s", self.name, code, wait)
                await asyncio.sleep(wait)
        finally:
            self._log.close()

    def kill(self) -> None:
        """End it at once; `keep` brings up a fresh one."""
        if self._process:
            _signal_group(self._process.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end, insist after a while. Nothing of its group stays, and its last words are in the log."""
        process, copying = self._process, self._copying
        if process is None or copying is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(_STOP_WITHIN):
                await process.wait()
        except TimeoutError:
            log.warning("%s did not end in time", self.name)
        _signal_group(process.pid, signal.SIGKILL)  # what it had started would hold on to its ports and to the log
        await process.wait()
        await asyncio.wait({copying}, timeout=_LOG_WITHIN)
        copying.cancel()
        if self._process is process:  # `keep` may have started the next one meanwhile
            self._process = None

    async def _run_once(self) -> int:
        # a pipe of our own: asyncio's `wait` would last until all who inherited its pipe have closed it (gh-119710)
        read_end, write_end = os.pipe()
        output = os.fdopen(read_end, "rb", buffering=0)
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                env=dict(self._environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_end,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        except BaseException:
            output.close()
            raise
        finally:
            os.close(write_end)
        self._process, self._copying = process, asyncio.create_task(self._copy(output))
        try:
            return await process.wait()
        finally:
            await self.stop()

    async def _copy(self, output: IO[bytes]) -> None:
        reader = asyncio.StreamReader()
        loop, protocol = asyncio.get_running_loop(), asyncio.StreamReaderProtocol(reader)
        transport, _ = await loop.connect_read_pipe(lambda: protocol, output)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        try:
            while chunk := await reader.read(_CHUNK_BYTES):  # by chunks: a line may be of any length
                self._log.emit(logging.makeLogRecord({"msg": decode(chunk)}))
        finally:
            transport.close()


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
