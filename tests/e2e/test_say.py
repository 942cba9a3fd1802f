"""`shouwen say`: the running stack answers, at once and without keeping anything."""

import json
import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import create_engine, text

from shouwen.settings import ROOT
from tests.e2e.stack import Stack

SLOW_TO_IMPORT = ("aiohttp", "jinja2", "opencc", "sanic", "sqlalchemy", "yaml")


def say(var: Path, words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "shouwen.cli", "say", words]
    environment = {**os.environ, "SHOUWEN_VAR": str(var)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_asking_a_running_stack_imports_nothing_slow() -> None:
    script = f"import sys, shouwen.cli, shouwen.saying; print([m for m in {SLOW_TO_IMPORT} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.stack
def test_the_running_stack_answers(stack: Stack) -> None:
    done = say(stack.var, "卡丢了怎么办")
    assert done.returncode == 0, done.stderr
    assert "starting Rasa" not in done.stderr
    answer = json.loads(done.stdout)
    assert list(answer) == ["intent", "confidence", "decision", "ranking", "entities", "replies"]
    assert answer["intent"] == answer["ranking"][0]["label"] == "card_report_loss"
    assert answer["replies"][0]["text"]


@pytest.mark.stack
def test_nothing_of_it_is_stored(stack: Stack) -> None:
    engine = create_engine(f"sqlite:///{stack.var / 'shouwen.db'}")
    count = text("SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM conversation)")
    with engine.connect() as tx:
        before = tx.execute(count).scalar_one()
    assert say(stack.var, "转账限额是多少").returncode == 0
    with engine.connect() as tx:
        assert tx.execute(count).scalar_one() == before
    engine.dispose()


@pytest.mark.stack
def test_what_cannot_be_asked_is_refused_in_words(stack: Stack) -> None:
    done = say(stack.var, "   ")
    assert done.returncode == 2
    assert "400: empty_message" in done.stderr


@pytest.mark.stack
async def test_without_the_secret_there_is_no_such_path(stack: Stack, http: aiohttp.ClientSession) -> None:
    for headers in ({}, {"X-Shouwen-Secret": "guessed"}):
        async with http.post(f"{stack.url}/internal/say", json={"text": "你好"}, headers=headers) as response:
            assert response.status == 404
            assert (await response.json())["error"]["code"] == "not_found"
