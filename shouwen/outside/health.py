"""Whether a process answers its health call."""

import aiohttp


async def answers(http: aiohttp.ClientSession, url: str, within: float = 2.0) -> bool:
    """True when the address answers 200 within so many seconds."""
    try:
        async with http.get(url, timeout=aiohttp.ClientTimeout(total=within)) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
