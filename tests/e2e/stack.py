"""The real stack for tests: `shouwen up` on free ports with a folder of its own, ended cleanly."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from shouwen.settings import ROOT
from tests.e2e import canaries

READY = "Ctrl-C stops everything."
START_WITHIN = 180.0


@dataclass
class Stack:
    """A running stack."""

    url: str
    var: Path
    process: "subprocess.Popen[str]"
    output: list[str]
    sandbox: str

    def pids(self) -> dict[str, int]:
        """The children by what they run: sandbox, rasa, actions, web."""
        found = {}
        for line in Path("/proc").iterdir():
            if not line.name.isdigit():
                continue
            try:
                parent = int((line / "stat").read_text().rpartition(")")[2].split()[1])
                command = (line / "cmdline").read_bytes().decode(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.process.pid:
                name = next(
                    n
                    for n, w in (
                        ("rasa", "shouwen_engine"),
                        ("actions", "actions"),
                        ("sandbox", "sandbox"),
                        ("web", "web"),
                    )
                    if w in command
                )
                found[name] = int(line.name)
        return found


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def newest_model_is_fresh() -> bool:
    models = list((ROOT / "models").glob("*.tar.gz"))
    made_of = [*(ROOT / "data").rglob("*.yml"), ROOT / "config.yml", ROOT / "domain.yml"]
    made_of += (ROOT / "engine" / "shouwen_engine").rglob("*.py")
    responses = ROOT / "data" / "responses"
    changed = max(p.stat().st_mtime for p in made_of if responses not in p.parents and p.name != "bank.yml")
    return bool(models) and max(p.stat().st_mtime for p in models) > changed


def train_if_needed() -> None:
    if not newest_model_is_fresh():
        subprocess.run([sys.executable, "-m", "shouwen.cli", "train"], cwd=ROOT, check=True)


@contextmanager
def running(var: Path, **settings: str) -> Iterator[Stack]:
    """Start, wait until ready, hand out, end; nothing of it stays, and no canary stands in what it wrote."""
    web, rasa, actions, sandbox = free_ports(4)
    given = {
        "SHOUWEN_VAR": str(var),
        "SHOUWEN_PORT": str(web),
        "SHOUWEN_RASA_PORT": str(rasa),
        "SHOUWEN_ACTIONS_PORT": str(actions),
        "SHOUWEN_SANDBOX_PORT": str(sandbox),
        **settings,
    }
    command = [sys.executable, "-m", "shouwen.cli", "up"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    stack = Stack(f"http://127.0.0.1:{web}", var, process, [], f"http://127.0.0.1:{sandbox}")
    try:
        _wait_until_ready(stack)
        yield stack
        secret = (var / "keys" / "internal.secret").read_text().strip()
        found = canaries.of_sandbox(stack.sandbox, secret)
    finally:
        _end(process)
    assert canaries.leaks(var, found) == []


def _wait_until_ready(stack: Stack) -> None:
    assert stack.process.stdout is not None
    started = time.monotonic()
    for line in stack.process.stdout:
        stack.output.append(line)
        if READY in line:
            return
        assert time.monotonic() - started < START_WITHIN, "".join(stack.output)
    raise AssertionError(f"the stack ended before it was ready:\n{''.join(stack.output)}")


def _end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


class Customer:
    """A customer's client over HTTP."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str, greeting: list[dict[str, Any]]) -> None:
        self.http, self.url, self.token, self.greeting = http, url, token, greeting

    @classmethod
    async def arrives(cls, http: aiohttp.ClientSession, url: str) -> "Customer":
        async with http.post(f"{url}/api/chat/sessions", json={"channel": "web"}) as response:
            assert response.status == 201, await response.text()
            body = await response.json()
        return cls(http, url, body["token"], body["messages"])

    async def post(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.http.post(f"{self.url}/api/chat/messages", json=body, headers=headers) as response:
            return response.status, await response.json()

    async def says(self, text: str) -> list[dict[str, Any]]:
        """What comes back at once."""
        status, body = await self.post({"client_id": uuid4().hex, "text": text})
        assert status == 200, json.dumps(body, ensure_ascii=False)
        return list(body["messages"])

    async def presses(self, token: str) -> list[dict[str, Any]]:
        status, body = await self.post({"client_id": uuid4().hex, "button": token})
        assert status == 200, json.dumps(body, ensure_ascii=False)
        return list(body["messages"])

    async def history(self, after: int = 0) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.http.get(f"{self.url}/api/chat/messages?after={after}", headers=headers) as response:
            return list((await response.json())["messages"])


def replies(messages: list[dict[str, Any]]) -> list[str]:
    return [m["reply"] for m in messages if m["role"] == "bot"]
