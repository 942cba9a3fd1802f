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
