"""`shouwen sandbox` as a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from shouwen.errors import Unavailable
from shouwen.outside.health import answers
from shouwen.outside.http_corebank import HttpCoreBank
from shouwen.outside.partner import Partner
from shouwen.settings import ROOT
from tests.e2e.stack import free_ports
from tests.sandbox.running import PACE, SECRET

COMMAND = [sys.executable, "-m", "shouwen.cli", "sandbox"]


def environment(var: Path, port: int, **given: str) -> dict[str, str]:
    own = {"SHOUWEN_VAR": str(var), "SHOUWEN_SANDBOX_PORT": str(port), "SHOUWEN_INTERNAL_SECRET": SECRET}
    return {**os.environ, **own, **given}


@asynccontextmanager
async def process(var: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    running = await asyncio.create_subprocess_exec(*COMMAND, cwd=ROOT, env=environment(var, port))
    try:
        async with aiohttp.ClientSession() as http, asyncio.timeout(30):
            while not await answers(http, f"http://127.0.0.1:{port}/healthz"):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
        yield running
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()


async def test_it_serves_writes_nothing_and_a_kill_in_mid_call_is_unavailable(tmp_path: Path) -> None:
    [port] = free_ports(1)
    partner = Partner("bank", f"http://127.0.0.1:{port}", SECRET, PACE)
    async with process(tmp_path / "var", port) as running:
        bank = HttpCoreBank(partner)
        assert await bank.find_by_phone("13800138001")
        await bank.set_sms_notice("YS0001", False, "key-1")
        await partner.ask("POST", "/sandbox/weather", {"mode": "slow", "seconds": 60})
        call = asyncio.create_task(bank.customer("YS0001"))
        await asyncio.sleep(0.2)
        running.kill()
        with pytest.raises(Unavailable, match="bank"):
            await call
    await partner.close()
    assert not (tmp_path / "var").exists()


async def test_with_a_real_bank_it_does_not_start(tmp_path: Path) -> None:
    real = {
        "SHOUWEN_BANK_URL": "https://bank.example", "SHOUWEN_BANK_SECRET": "b",
        "SHOUWEN_SMS_URL": "https://sms.example", "SHOUWEN_SMS_SECRET": "s",
    }  # fmt: skip
    running = await asyncio.create_subprocess_exec(
        *COMMAND, cwd=ROOT, env=environment(tmp_path, 1, **real), stderr=asyncio.subprocess.PIPE
    )
    _, said = await running.communicate()
    assert running.returncode == 2
    assert b"SHOUWEN_BANK_URL names a real bank" in said
