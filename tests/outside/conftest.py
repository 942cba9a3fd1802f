from collections.abc import AsyncIterator

import pytest

from shouwen.outside import partner
from tests.conftest import Clock
from tests.sandbox.running import RunningBank, running_bank


@pytest.fixture(autouse=True)
def repeat_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partner, "_GAP", 0.01)


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[RunningBank]:
    """A sandbox bank on a free port, and the adapters that talk with it."""
    async with running_bank(clock) as running:
        yield running
