"""The engine's neighbours for its tests: an action server with the real one's contract, and the engine as a process."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from shouwen_engine import sentences
from shouwen_engine.settings import ROOT

from tests.engine import flow_standins
from tests.engine.flow_standins import result, said, slot

SECRET = "the gateway and the engine share this"
SENTENCES_A_TOPIC = 40


def small_data(data: Path, target: Path) -> Path:
    """The shipped rules, and the first sentences of each topic."""
    topics: dict[str, list[str]] = {}
    for path in sorted((data / "nlu").glob("*.yml")):
        for label, examples in sentences._read(path, []):
            topics[label] = examples[:SENTENCES_A_TOPIC]
    (target / "nlu").mkdir(parents=True)
    few = {label: examples for label, examples in topics.items() if len(examples) > 1}
    sentences.write_samples(few, target / "nlu" / "few.yml", SENTENCES_A_TOPIC)
    shutil.copytree(data / "rules", target / "rules")
    return target


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ActionServer:
    """Answers as actions/ does. `fault`: "" | status code | "garbage" | "hang" | "own words"."""

    def __init__(self) -> None:
        self.fault = ""
        self.calls: list[dict[str, Any]] = []
        self.given_up = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers.get("X-Shouwen-Secret") != SECRET:
                    return self.answer(403, {"error": "not allowed"})
                server.calls.append(body)
                return self.answer(*server.result(body))

            def answer(self, status: int, result: Any) -> None:
                content = json.dumps(result).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                try:
                    self.end_headers()
                    self.wfile.write(content)
                except ConnectionError:
                    server.given_up += 1

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/webhook"

    def __enter__(self) -> "ActionServer":
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()

    def result(self, body: dict[str, Any]) -> tuple[int, Any]:
        if self.fault.isdigit():
            return int(self.fault), {"error": "as ordered"}
        if self.fault == "garbage":
            return 200, {"events": "none", "responses": 7}
        if self.fault == "hang":
            time.sleep(30)
        if self.fault == "own words":
            return 200, {"events": [], "responses": [said(None, text="你好")]}
        turn = flow_standins.read(body)
        if turn.action in flow_standins.RESULTS:
            return 200, flow_standins.RESULTS[turn.action](turn)
        return 200, RESULTS[turn.action](turn.metadata)


RESULTS = {
    "action_handoff_open": lambda m: result(
        [said("utter_handoff_open", hours_now=False)], slot("callback_wanted", not m.get("has_number"))
    ),
    "action_miss": lambda m: (
        result([said("utter_handoff_open", hours_now=True)], slot("callback_wanted", True))
        if m.get("again")
        else result([said("utter_miss")])
    ),
    "validate_callback_form": lambda m: result(
        [], *([slot("callback_phone", "138****0000")] if m.get("vault") else [])
    ),
    "action_callback_done": lambda m: result(
        [said("utter_callback_noted", phone="138****0000")],
        slot("callback_wanted", False),
        slot("callback_phone", None),
    ),
}


class Engine:
    """`python -m shouwen_engine` with a model, spoken to over HTTP."""

    def __init__(self, model: Path, actions_url: str, var: Path, database_url: str = "") -> None:
        self.port = free_port()
        self.var = var
        self._command = [sys.executable, "-m", "shouwen_engine", "serve", str(model)]
        self._environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'engine'}",
            "SHOUWEN_RASA_PORT": str(self.port),
            "SHOUWEN_ACTIONS_URL": actions_url,
            "SHOUWEN_INTERNAL_SECRET": SECRET,
            "SHOUWEN_DATABASE_URL": database_url or f"sqlite:///{var / 'shouwen.db'}",
            "SHOUWEN_VAR": str(var),
        }

    def __enter__(self) -> "Engine":
        self.log = self.var / "engine.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=log)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(self.log.read_text())
            try:
                self.get("health")
                return self
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.log.read_text())

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def get(self, call: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/webhooks/shouwen/{call}", timeout=5) as response:
            return dict(json.load(response))

    def post(self, call: str, body: Any, secret: str = SECRET) -> tuple[int, dict[str, Any]]:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-Shouwen-Secret": secret, "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.port}/webhooks/shouwen/{call}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, content, headers), timeout=60) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def turn(self, sender: str, **said_or_pressed: Any) -> dict[str, Any]:
        """One turn that must go well."""
        body = {"sender": sender, "message_id": uuid.uuid4().hex, **said_or_pressed}
        status, answer = self.post("turn", body)
        assert status == 200, answer
        return answer


def names(answer: dict[str, Any]) -> list[str]:
    """The replies of a turn by name."""
    return [reply["name"] for reply in answer["replies"]]


def somebody() -> str:
    """A sender nobody has spoken to."""
    return f"{uuid.uuid4().hex}.1"
