"""How fast somebody may go, counted in this process or in Redis."""

import secrets
from collections.abc import Callable

import pytest
from limits import RateLimitItemPerHour

from shouwen.conversations.limits import MESSAGES, MESSAGES_OF_AN_ADDRESS, RateLimits
from shouwen.errors import TooManyRequests
from tests.conftest import REDIS, redis_answers

THREE_AN_HOUR = RateLimitItemPerHour(3)
Limits = Callable[..., RateLimits]


@pytest.fixture(scope="module")
def redis_is_there() -> bool:
    return redis_answers()


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return ""
    if not request.getfixturevalue("redis_is_there"):
        pytest.skip(f"Redis does not answer at {REDIS}")
    return REDIS


@pytest.fixture
def somebody() -> str:
    """A key no other run counts under."""
    return secrets.token_hex(8)


async def uses(limits: RateLimits, *key: str) -> int:
    """How many uses pass before one is refused."""
    for count in range(100):
        try:
            await limits.check(THREE_AN_HOUR, *key)
        except TooManyRequests:
            return count
    raise AssertionError("nothing was refused")


async def test_one_use_too_many_is_refused_with_the_time_to_wait(url: str, somebody: str) -> None:
    limits = RateLimits(url, enabled=True)
    assert await uses(limits, somebody) == 3
    with pytest.raises(TooManyRequests) as error:
        await limits.check(THREE_AN_HOUR, somebody)
    assert 1 <= error.value.retry_after <= 3600


async def test_everybody_is_counted_apart(url: str, somebody: str) -> None:
    limits = RateLimits(url, enabled=True)
    assert await uses(limits, somebody) == 3
    assert await uses(limits, somebody + "x") == 3


async def test_a_limit_that_is_off_refuses_nobody(url: str, somebody: str) -> None:
    limits = RateLimits(url, enabled=False)
    for _ in range(10):
        await limits.check(THREE_AN_HOUR, somebody)


async def test_in_redis_a_limit_holds_across_processes(redis_is_there: bool, somebody: str) -> None:
    if not redis_is_there:
        pytest.skip(f"Redis does not answer at {REDIS}")
    assert await uses(RateLimits(REDIS, enabled=True), somebody) == 3
    assert await uses(RateLimits(REDIS, enabled=True), somebody) == 0


def test_an_address_may_do_what_twenty_customers_may() -> None:
    assert MESSAGES_OF_AN_ADDRESS.amount == 20 * MESSAGES.amount
    assert MESSAGES_OF_AN_ADDRESS.get_expiry() == MESSAGES.get_expiry()
