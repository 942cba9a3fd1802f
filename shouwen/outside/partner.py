"""The HTTP client of the bank's own systems: one secret, one time limit, repeats only where they do no harm."""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecodeError, loads
from typing import Any, Literal

import aiohttp
from pydantic import TypeAdapter, ValidationError

from shouwen.errors import ShouwenError, Unavailable

log = logging.getLogger(__name__)

Method = Literal["GET", "POST", "PUT"]

_REPEATS = 2
_GAP = 0.1  # seconds before the first repeat; each waits up to twice as long as the one before
_ANSWER_BYTES = 256 * 1024
_OUR_FAULT = (401, 403, 429)  # the call, not the customer, is refused


@dataclass(frozen=True)
class Pace:
    """`within` seconds for a call, its repeats and its waiting included; `at_once` calls at the same time."""

    within: float
    at_once: int


class Refused(ShouwenError):
    """The system answered 4xx and said why in a word."""

    code = "refused"

    def __init__(self, status: int, why: str) -> None:
        super().__init__(f"{status} {why}")
        self.status = status
        self.why = why


class _TryAgain(Unavailable):
    """A failure that may be over in a moment."""


class Partner:
    """One system outside. The connection pool opens with the first call, on the event loop that makes it.

    Neither errors nor logs ever hold what was asked or answered, nor the path: both may speak of a customer.
    """

    def __init__(self, system: str, url: str, secret: str, pace: Pace) -> None:
        self._system = system
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._pace = pace
        self._places = asyncio.Semaphore(pace.at_once)
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Give the connections back."""
        if self._http:
            await self._http.close()
            self._http = None

    async def ask(
        self,
        method: Method,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        only_reads: bool = False,
    ) -> bytes:
        """The body of a 2xx answer. A call is repeated when it is a GET, only reads, or carries an idempotency key.

        Raises Refused for a 4xx with a code, Unavailable for everything else that is no answer in time.
        """
        repeats = _REPEATS if key or only_reads or method == "GET" else 0
        try:
            async with asyncio.timeout(self._pace.within), self._places:
                return await self._ask_until(method, path, body, key, repeats)
        except TimeoutError:
            raise Unavailable(self._system, "no answer in time") from None

    def read(self, adapter: "TypeAdapter[Any]", answer: bytes) -> Any:
        """The answer as what it must be. Raises Unavailable naming the fields that are wrong, never their values."""
        try:
            return adapter.validate_json(answer, strict=True)
        except ValidationError as error:
            wrong = {".".join(map(str, fault["loc"])) or "body" for fault in error.errors(include_input=False)}
            raise self.nonsense(*sorted(wrong)) from None

    def nonsense(self, *fields: str) -> Unavailable:
        """An answer whose fields cannot be right."""
        return Unavailable(self._system, f"nonsense in {', '.join(fields)}")

    async def _ask_until(
        self, method: Method, path: str, body: Mapping[str, Any] | None, key: str | None, repeats: int
    ) -> bytes:
        for repeat in range(repeats):
            try:
                return await self._ask_once(method, path, body, key)
            except _TryAgain as failure:
                log.info("%s, asking again", failure)
                await asyncio.sleep(random.uniform(0.5, 1) * _GAP * 2**repeat)  # noqa: S311 - only spreads load
        return await self._ask_once(method, path, body, key)

    async def _ask_once(self, method: Method, path: str, body: Mapping[str, Any] | None, key: str | None) -> bytes:
        headers = {"Idempotency-Key": key} if key else {}
        try:
            async with self._session().request(
                method, self._url + path, json=body, headers=headers, allow_redirects=False
            ) as response:
                answer = await _read_all(response.content)
        except (aiohttp.ClientError, OSError) as error:
            raise _TryAgain(self._system, type(error).__name__) from None
        if answer is None:
            raise Unavailable(self._system, "an answer without end")
        if 200 <= response.status < 300:
            return answer
        raise self._failure(response.status, answer)

    def _failure(self, status: int, answer: bytes) -> ShouwenError:
        if status >= 500:
            return _TryAgain(self._system, str(status))
        why = _code(answer)
        if not 400 <= status < 500 or status in _OUR_FAULT or why is None:
            return Unavailable(self._system, f"{status} {why or ''}".strip())
        return Refused(status, why)

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            connector = aiohttp.TCPConnector(limit=0)  # `ask` limits
            timeout = aiohttp.ClientTimeout(total=None)
            self._http = aiohttp.ClientSession(
                headers=self._headers, connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
            )
            # left alone, aiohttp would silently send a GET or PUT again when a connection breaks
            self._http._retry_connection = False
        return self._http


async def _read_all(content: aiohttp.StreamReader) -> bytes | None:
    received = bytearray()
    async for chunk in content.iter_chunked(_ANSWER_BYTES):
        received += chunk
        if len(received) > _ANSWER_BYTES:
            return None
    return bytes(received)


def _code(answer: bytes) -> str | None:
    try:
        code = loads(answer)["error"]["code"]
    except (JSONDecodeError, UnicodeDecodeError, LookupError, TypeError):
        return None
    return code if isinstance(code, str) and code.isascii() and code.isidentifier() and len(code) <= 64 else None
