import os
import subprocess
import sys
from pathlib import Path

import pytest

from shouwen.bench.machine import this_machine
from shouwen.bench.processes import alive, family

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux")

PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
CHILD = "import sys; print('up', flush=True); sys.stdin.read()"


@pytest.fixture
def running():
    command = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "up\n"
        yield process
        process.stdin.close()


def test_a_family_is_the_process_and_what_it_started(running):
    found = family(running.pid)
    assert found[0].pid == running.pid
    assert len(found) == 2
    assert all(process.memory > 1_000_000 for process in found)


def test_a_process_that_ended_is_not_alive(running):
    pids = [process.pid for process in family(running.pid)]
    assert all(alive(pid) for pid in pids)
    running.stdin.close()
    running.wait()
    assert not any(alive(pid) for pid in pids)


def test_a_process_that_never_was_has_no_family():
    assert family(2**22 + 1) == []


def test_the_machine_is_this_one():
    machine = this_machine()
    assert machine.cores == len(os.sched_getaffinity(0))
    assert machine.memory > 2**28
    assert machine.cpu
