"""Whether a process answers its health call."""

import aiohttp


async def answers(http: aiohttp.ClientSession, url: str) -> bool:
    """True when the address answers 200 within the session's time limit."""
    try:
        async with http.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
