import pytest

from shouwen.outside import partner


@pytest.fixture(autouse=True)
def repeat_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partner, "_GAP", 0.01)
