import re
from pathlib import Path

import pytest

from shouwen.errors import Misconfigured
from shouwen.settings import ROOT, Settings


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"SHOUWEN_\w+=", line))


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(example()) == {f"SHOUWEN_{name.upper()}" for name in Settings.model_fields}


def test_the_example_explains_every_setting_in_the_order_of_the_code() -> None:
    lines = [line for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines() if line]
    names = [line.partition("=")[0] for line in lines if not line.startswith("#")]
    assert names == [f"SHOUWEN_{name.upper()}" for name in Settings.model_fields]
    assert lines[0].startswith("#")
    assert [line for line in lines[1:] if not line.startswith(("# ", "SHOUWEN_"))] == []


def test_the_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Settings(_env_file=None)
    for name, shown in example().items():
        field = name.removeprefix("SHOUWEN_").lower()
        value = getattr(plain, field)
        value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if isinstance(value, Path):
            value = value.relative_to(ROOT)
        value = int(value) if isinstance(value, float) else value
        assert str(value) == shown, name


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWEN_PORT", "eighty")
    monkeypatch.setenv("SHOUWEN_RATE_LIMIT", "sometimes")
    with pytest.raises(Misconfigured) as error:
        Settings.read()
    assert len(error.value.faults) == 2
    assert "SHOUWEN_PORT" in str(error.value)
    assert "SHOUWEN_RATE_LIMIT" in str(error.value)


def test_secrets_do_not_show() -> None:
    assert "s3cret" not in repr(Settings(_env_file=None, database_url="postgresql+psycopg://u:s3cret@h/d"))


REAL_BANK = {
    "bank_url": "https://bank.example/core/",
    "bank_secret": "b",
    "sms_url": "https://sms.example",
    "sms_secret": "s",
}


def test_without_a_bank_the_sandbox_of_this_machine_stands_in() -> None:
    plain = Settings(_env_file=None, sandbox_port=8123)
    assert plain.has_sandbox
    assert (plain.bank_address, plain.sms_address) == ("http://127.0.0.1:8123", "http://127.0.0.1:8123/sms")


def test_with_a_bank_its_addresses_stand() -> None:
    real = Settings(_env_file=None, **REAL_BANK)
    assert not real.has_sandbox
    assert (real.bank_address, real.sms_address) == ("https://bank.example/core", "https://sms.example")


@pytest.mark.parametrize("missing", ["bank_secret", "sms_url", "sms_secret"])
def test_a_bank_without_the_rest_is_refused_by_name(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REAL_BANK.items():
        monkeypatch.setenv(f"SHOUWEN_{name.upper()}", "" if name == missing else value)
    with pytest.raises(Misconfigured, match=f"SHOUWEN_{missing.upper()}"):
        Settings.read()


def test_a_gateway_for_real_telephones_is_refused_with_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWEN_SMS_URL", "https://sms.example")
    with pytest.raises(Misconfigured, match="SHOUWEN_BANK_URL"):
        Settings.read()


@pytest.mark.parametrize("name", ["bank_url", "sms_url", "public_url"])
@pytest.mark.parametrize(
    "url", ["http://bank.example", "bank.example", "ftp://bank.example", "https://", "https://b.example/?a=1"]
)
def test_no_secret_travels_in_the_clear(name: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for field, value in {**REAL_BANK, name: url}.items():
        monkeypatch.setenv(f"SHOUWEN_{field.upper()}", value)
    with pytest.raises(Misconfigured, match=f"SHOUWEN_{name.upper()}"):
        Settings.read()


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "0.0.0.0", "port": 8001}, "http://127.0.0.1:8001"),
        ({"public_url": "https://chat.bank.example/"}, "https://chat.bank.example"),
    ],
)
def test_the_bank_is_told_where_we_are(given: dict[str, str], url: str) -> None:
    assert Settings(_env_file=None, **given).own_url == url
