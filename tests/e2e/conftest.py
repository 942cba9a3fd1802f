from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.stack import Customer, Stack


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
