"""What goes wrong is told with a code and leaves the conversation as it was."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shouwen_engine.settings import ROOT

from tests.engine.standins import ActionServer, Engine, names, somebody


def failing(engine: Engine, sender: str, **body: object) -> tuple[int, str]:
    status, answer = engine.post("turn", {"sender": sender, "message_id": "m1", **body})
    return status, answer["error"]["code"]


def stored_turns(engine: Engine, sender: str) -> int:
    with sqlite3.connect(engine.var / "tracker.db") as database:
        return int(database.execute("SELECT count(*) FROM rasa_turn WHERE sender_id = ?", (sender,)).fetchone()[0])


@pytest.mark.parametrize("fault", ["500", "403", "404", "garbage"])
def test_an_action_that_fails_fails_the_turn(engine: Engine, actions: ActionServer, fault: str) -> None:
    sender = somebody()
    actions.fault = fault
    assert failing(engine, sender, intent="handoff_request") == (503, "action_unavailable")
    assert stored_turns(engine, sender) == 0
    actions.fault = ""
    assert names(engine.turn(sender, message_id="m1", intent="handoff_request"))[0] == "utter_handoff_open"


def test_an_action_that_hangs_is_given_up(engine: Engine, actions: ActionServer) -> None:
    actions.fault = "hang"
    began = time.monotonic()
    assert failing(engine, somebody(), intent="nlu_fallback") == (503, "action_unavailable")
    assert time.monotonic() - began < 15


def test_others_are_served_while_an_action_hangs(engine: Engine, actions: ActionServer) -> None:
    actions.fault = "hang"
    command = [sys.executable, "-c", _ASK, str(engine.port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as waiting:
        time.sleep(1)
        began = time.monotonic()
        assert names(engine.turn(somebody(), intent="faq/balance")) == ["utter_faq/balance"]
        assert time.monotonic() - began < 5
        waiting.wait(timeout=30)


_ASK = """
import sys
from urllib.request import Request, urlopen
body = b'{"sender": "hang.1", "message_id": "m", "intent": "nlu_fallback"}'
secret = "the gateway and the engine share this"
request = Request(f"http://127.0.0.1:{sys.argv[1]}/webhooks/shouwen/turn", body, {"X-Shouwen-Secret": secret})
try:
    urlopen(request)
except OSError:
    pass
"""


def test_a_failing_form_keeps_its_place(engine: Engine, actions: ActionServer) -> None:
    sender = somebody()
    engine.turn(sender, intent="handoff_request")
    actions.fault = "500"
    assert failing(engine, sender, text="138****0000", metadata={"vault": [1]}) == (503, "action_unavailable")
    actions.fault = ""
    answer = engine.turn(sender, message_id="m1", text="138****0000", metadata={"vault": [1]})
    assert names(answer) == ["utter_callback_noted"]


def test_words_of_an_actions_own_are_an_error(engine: Engine, actions: ActionServer) -> None:
    actions.fault = "own words"
    status, answer = engine.post("turn", {"sender": somebody(), "message_id": "m", "intent": "nlu_fallback"})
    assert (status, answer["error"]["code"]) == (500, "internal")
    assert answer["error"]["reference"]


def test_a_locked_tracker_fails_the_turn_and_only_that_one(engine: Engine) -> None:
    sender = somebody()
    engine.turn(sender, intent="handoff_request")
    with sqlite3.connect(engine.var / "tracker.db", isolation_level=None) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        assert failing(engine, sender, intent="faq/balance") == (503, "tracker_unavailable")
        assert engine.get("health")["status"] == "ready"
        blocker.execute("ROLLBACK")
    answer = engine.turn(sender, message_id="m1", intent="faq/balance")
    assert names(answer) == ["utter_faq/balance", "utter_ask_callback_phone"]


@pytest.mark.parametrize("secret", ["", "wrong", "秘密"])
def test_a_stranger_is_refused(engine: Engine, secret: str) -> None:
    for call in ("turn", "parse"):
        status, answer = engine.post(call, {"texts": ["你好"]}, secret=secret.encode().decode("latin-1"))
        assert (status, answer["error"]["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        [],
        {},
        {"sender": "s.1", "message_id": "m"},
        {"sender": "s.1", "message_id": "m", "text": "a", "intent": "greet"},
        {"sender": "", "message_id": "m", "text": "a"},
        {"sender": "s.1", "message_id": 7, "text": "a"},
        {"sender": "s.1", "message_id": "m", "text": ["a"]},
        {"sender": "s.1", "message_id": "m", "text": "长" * 9000},
        {"sender": "s.1", "message_id": "m", "text": "a", "metadata": "x"},
        {"sender": "s.1", "message_id": "m", "text": "a", "slots": {"callback_wanted": True}},
        {"sender": "s.1", "message_id": "m", "intent": "greet", "entities": ["x"]},
    ],
)
def test_a_body_that_cannot_be_read_is_refused(engine: Engine, body: object) -> None:
    status, answer = engine.post("turn", body)
    assert (status, answer["error"]["code"]) == (400, "bad_call")


def test_an_error_does_not_repeat_what_was_said(engine: Engine, actions: ActionServer) -> None:
    actions.fault = "500"
    words = "我的秘密是芝麻开门"
    _, answer = engine.post(
        "turn", {"sender": somebody(), "message_id": "m", "intent": "nlu_fallback", "metadata": {"x": words}}
    )
    assert "芝麻" not in json.dumps(answer, ensure_ascii=False)
    assert "芝麻" not in engine.log.read_text()


@pytest.mark.parametrize("path", ["/", "/status", "/conversations/x/tracker", "/webhooks/rest/webhook", "/model/parse"])
def test_nothing_of_rasas_own_api_is_there(engine: Engine, path: str) -> None:
    import urllib.error
    import urllib.request

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://127.0.0.1:{engine.port}{path}")
    assert caught.value.code == 404


def test_it_listens_on_loopback_only(engine: Engine) -> None:
    import urllib.error
    import urllib.request

    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.2:{engine.port}/webhooks/shouwen/health", timeout=2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told(model: Path, actions: ActionServer, tmp_path: Path, number: int) -> None:
    with Engine(model, actions.url, tmp_path) as running:
        running.turn(somebody(), text="你好")
        running.process.send_signal(number)
        assert running.process.wait(timeout=20) == 0
    assert "Traceback" not in running.log.read_text()


def test_a_conversation_goes_on_in_another_process(model: Path, actions: ActionServer, tmp_path: Path) -> None:
    sender = somebody()
    with Engine(model, actions.url, tmp_path) as first:
        before = first.turn(sender, message_id="m1", intent="handoff_request")
    with Engine(model, actions.url, tmp_path) as second:
        again = second.turn(sender, message_id="m1", intent="handoff_request")
        assert (again["repeated"], again["replies"]) == (True, before["replies"])
        assert names(second.turn(sender, intent="deny")) == ["utter_callback_declined"]


def run(*arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    import os

    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'engine'}"}
    command = [sys.executable, "-m", "shouwen_engine", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


def test_parses_of_a_file_keep_its_rows(model: Path) -> None:
    rows = [{"text": "怎么查余额", "label": "faq/balance"}, {"text": "/restart", "label": "out_of_scope"}]
    done = run("parse", str(model), stdin="\n".join(json.dumps(row) for row in rows))
    assert done.returncode == 0, done.stderr
    parsed = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["label"] for row in parsed] == ["faq/balance", "out_of_scope"]
    assert parsed[0]["ranking"][0]["label"] == "faq/balance"
    assert parsed[0]["decision"] == "answer"


def test_broken_data_leaves_no_model(tmp_path: Path) -> None:
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "card.yml").write_text("nlu: [", encoding="utf-8")
    done = run("train", "--data", str(tmp_path / "data"), "--models", str(tmp_path / "models"))
    assert done.returncode == 2
    assert "card.yml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("models/*.tar.gz"))


def test_without_a_model_it_says_how_to_get_one(tmp_path: Path) -> None:
    done = run("parse", str(tmp_path / "none.tar.gz"))
    assert done.returncode == 2
    assert "none.tar.gz is missing" in done.stderr
