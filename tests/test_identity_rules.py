"""Rules of the identity check out of settings, and the server key."""

import stat
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from shouwen.errors import Misconfigured
from shouwen.identity.rules import Rules
from shouwen.identity_rules import identity_rules
from shouwen.settings import Settings


def settings(tmp_path: Path, **given: int) -> Settings:
    return Settings(_env_file=None, var=tmp_path, **given)


def test_the_defaults_of_settings_are_the_defaults_of_the_rules(tmp_path: Path) -> None:
    rules = identity_rules(settings(tmp_path))
    assert rules == Rules(key=rules.key)


def test_every_rule_can_be_set(tmp_path: Path) -> None:
    changed = {
        "otp_life": 240, "otp_tries": 2, "otp_resend_gap": 90, "otp_per_hour": 4, "otp_per_day": 8,
        "otp_per_address_hour": 30, "failed_checks": 4, "failed_window": 2400, "check_lock": 2400,
        "failed_checks_day": 9, "check_lock_day": 172_800, "address_factor": 10, "id_tries": 2, "verified_idle": 500,
        "verified_absolute": 1700, "fresh_for": 200, "reset_link_life": 300, "number_age_days": 60,
    }  # fmt: skip
    rules = identity_rules(settings(tmp_path, **changed))
    assert {field.name for field in fields(Rules)} == {*changed, "key"}
    for name, value in changed.items():
        assert getattr(rules, name) in (value, timedelta(seconds=value)), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("otp_life", 601),
        ("otp_tries", 6),
        ("otp_resend_gap", 29),
        ("otp_per_hour", 11),
        ("failed_checks", 11),
        ("failed_checks_day", 101),
        ("check_lock", 599),
        ("verified_idle", 901),
        ("verified_absolute", 3601),
        ("fresh_for", 301),
        ("reset_link_life", 601),
        ("number_age_days", 29),
        ("id_tries", 6),
    ],
)
def test_no_setting_passes_its_ceiling(tmp_path: Path, name: str, value: int) -> None:
    with pytest.raises(ValidationError):
        settings(tmp_path, **{name: value})


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = identity_rules(settings(tmp_path)).key
    path = tmp_path / "keys" / "identity.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first) == 32
    assert identity_rules(settings(tmp_path)).key == first
    assert identity_rules(settings(tmp_path / "other")).key != first


@pytest.mark.parametrize("body", ["", "short", "not base64!", "YWJj"])
def test_a_bad_key_file_is_named_and_never_replaced(tmp_path: Path, body: str) -> None:
    path = tmp_path / "keys" / "identity.key"
    path.parent.mkdir()
    path.write_text(body)
    with pytest.raises(Misconfigured, match=r"identity\.key is not a key file"):
        identity_rules(settings(tmp_path))
    assert path.read_text() == body
