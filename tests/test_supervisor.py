"""Which processes a machine runs, and what each of them is told."""

from pathlib import Path
from typing import Any

import pytest

from shouwen import supervisor
from shouwen.child import Child
from shouwen.settings import Settings
from tests.test_settings import REAL_BANK


def plan(tmp_path: Path, **given: Any) -> list[Child]:
    return supervisor.plan(
        Settings(_env_file=None, var=tmp_path, internal_secret="a-secret-of-tests", **given)
    ).children


def test_the_sandbox_bank_starts_first_while_there_is_no_real_one(tmp_path: Path) -> None:
    assert [child.name for child in plan(tmp_path)] == ["sandbox", "actions", "rasa-0", "web-0"]


def test_with_a_real_bank_there_is_no_sandbox(tmp_path: Path) -> None:
    assert [child.name for child in plan(tmp_path, **REAL_BANK)] == ["actions", "rasa-0", "web-0"]


@pytest.mark.parametrize("name", ["SHOUWEN_BANK_SECRET", "SHOUWEN_SMS_SECRET"])
def test_rasa_never_gets_a_key_to_the_bank(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "from-the-environment")
    given = {child.name: child._environment[name] for child in plan(tmp_path, **REAL_BANK)}
    expected = REAL_BANK[name.removeprefix("SHOUWEN_").lower()]
    assert given == {"actions": expected, "rasa-0": "", "web-0": expected}


def test_a_taken_port_of_the_sandbox_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_taken", lambda port: port == 8123)
    with pytest.raises(supervisor.Misconfigured, match="SHOUWEN_SANDBOX_PORT"):
        supervisor._check_ports(Settings(_env_file=None, var=tmp_path, sandbox_port=8123))
