import asyncio
import socket
import sys

import pytest

from shouwen.bench import stack
from shouwen.bench.stack import BenchStack
from shouwen.child import Child
from shouwen.errors import Misconfigured
from shouwen.settings import ROOT, Settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name in ("SHOUWEN_DATABASE_URL", "SHOUWEN_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    return Settings(var=tmp_path / "var", models=tmp_path / "models", database_url="sqlite:///real.db", _env_file=None)


def environment(settings):
    return stack._environment(settings, settings.var / "bench-x")


def test_without_a_database_in_the_environment_a_new_one_in_the_own_folder_is_used(settings):
    assert environment(settings)["SHOUWEN_DATABASE_URL"] == ""
    assert environment(settings)["SHOUWEN_VAR"] == str(settings.var / "bench-x")


@pytest.mark.parametrize("name", ["SHOUWEN_DATABASE_URL", "SHOUWEN_REDIS_URL"])
def test_what_the_environment_gives_is_honoured(settings, monkeypatch, name):
    monkeypatch.setenv(name, "given://there")
    assert environment(settings)[name] == "given://there"


def test_nobody_is_slowed_down_and_nobody_else_is_let_in(settings):
    held = environment(settings)
    assert (held["SHOUWEN_RATE_LIMIT"], held["SHOUWEN_HOST"]) == ("off", "127.0.0.1")


def test_ports_stand_in_a_row_and_are_free():
    with stack._free_ports(4) as ports:
        pass
    assert ports == list(range(ports[0], ports[0] + 4))
    for port in ports:
        socket.create_server(("127.0.0.1", port)).close()


def test_each_run_has_a_folder_of_its_own_beside_the_real_data(settings):
    first, second = BenchStack(settings).var, BenchStack(settings).var
    assert first != second
    assert first.parent == second.parent == settings.var


async def test_a_stack_that_ends_before_it_is_ready_is_an_error_that_shows_its_log(settings):
    broken = BenchStack(settings)
    code = "import sys; sys.exit('port 8000 is taken')"
    broken._up = Child("up", [sys.executable, "-c", code], {}, ROOT, broken.var / "log")
    with pytest.raises(Misconfigured) as refusal:
        async with broken:
            raise AssertionError("it was never ready")
    assert "port 8000 is taken" in refusal.value.faults
    assert broken.var.exists()  # the logs stay


async def test_a_run_that_is_broken_off_leaves_nothing_behind(settings, monkeypatch):
    async def at_once(*_):
        raise asyncio.CancelledError

    monkeypatch.setattr(stack, "answers", at_once)
    broken = BenchStack(settings)
    broken._up = Child("up", [sys.executable, "-c", "import time; time.sleep(60)"], {}, ROOT, broken.var / "log")
    (broken.var / "run").mkdir()
    (broken.var / "run" / "stack.json").touch()
    with pytest.raises(asyncio.CancelledError):
        await broken.__aenter__()
    assert broken._up.pid is None
    assert not broken.var.exists()
