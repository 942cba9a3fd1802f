"""`shouwen up` from start to end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shouwen.settings import ROOT
from tests.e2e import stack as stacks

pytestmark = pytest.mark.stack


def test_ctrl_c_leaves_nothing_behind(own_var: Path) -> None:
    stacks.train_if_needed()
    with stacks.running(own_var) as stack:
        children = list(stack.pids().values())
        assert len(children) == 4
        assert stack.url in "".join(stack.output)
    assert stack.process.returncode == 0
    for pid in children:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert not (own_var / "run" / "stack.json").exists()


def test_a_port_in_use_is_named_before_anything_starts(own_var: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "SHOUWEN_VAR": str(own_var), "SHOUWEN_PORT": str(port)}
        command = [sys.executable, "-m", "shouwen.cli", "up"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert f"port {port} is in use" in done.stderr
    assert "SHOUWEN_PORT" in done.stderr
