from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.e2e import stack as stacks
from tests.e2e.stack import Customer, Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One real stack for all tests that leave it whole."""
    stacks.train_if_needed()
    with stacks.running(tmp_path_factory.mktemp("stack") / "var", SHOUWEN_RATE_LIMIT="off") as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def customer(stack: Stack, http: aiohttp.ClientSession) -> Customer:
    return await Customer.arrives(http, stack.url)


@pytest.fixture
def own_var(tmp_path: Path) -> Path:
    return tmp_path / "var"
