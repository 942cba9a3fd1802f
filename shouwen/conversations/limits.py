"""How fast a customer, and an address, may go. Addresses only slow down: a branch or a carrier shares one."""

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from shouwen.errors import TooManyRequests

MESSAGES = RateLimitItemPerSecond(15, 10)
SESSIONS_OF_AN_ADDRESS = RateLimitItemPerMinute(60, 1)
MESSAGES_OF_AN_ADDRESS = RateLimitItemPerSecond(15 * 20, 10)


class RateLimits:
    """Moving windows; in Redis when there is one, so that they hold across processes."""

    def __init__(self, redis_url: str, *, enabled: bool) -> None:
        storage = RedisStorage(f"async+{redis_url}", implementation="redispy") if redis_url else MemoryStorage()
        self._limiter = MovingWindowRateLimiter(storage)
        self._enabled = enabled

    async def check(self, item: RateLimitItem, *key: str) -> None:
        """Count one use. Raises TooManyRequests with the seconds to wait."""
        if not self._enabled or await self._limiter.hit(item, *key):
            return
        window = await self._limiter.get_window_stats(item, *key)
        raise TooManyRequests(max(1, math.ceil(window.reset_time - time.time())))
