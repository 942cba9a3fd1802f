"""The bank's own sign-in: a short-lived, single-use token it hands over for a customer (api.md `bank_token`)."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import jwt

from shouwen.errors import NotAllowed, Unavailable

log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "EdDSA")
LONGEST_LIFE = timedelta(seconds=60)
_LEEWAY = timedelta(seconds=5)  # two machines' clocks
_KEYS_FOR = 600.0  # seconds
_FETCH_GAP = 10.0  # seconds; an unknown key asks for fresh keys, at most this often


@dataclass(frozen=True)
class SignIn:
    """Whom the bank signed in, and the token's own id, good once."""

    customer_ref: str
    token_id: str
    expires_at: datetime


class BankLogin:
    """Reads bank tokens with the keys the bank publishes (JWKS)."""

    def __init__(self, jwks_url: str, audience: str, timeout: float) -> None:
        self._url = jwks_url
        self._audience = audience
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")

    async def read(self, token: str, now: datetime) -> SignIn:
        """The sign-in a token stands for. Raises NotAllowed when it is not good, Unavailable without keys."""
        try:
            key = await self._key(str(jwt.get_unverified_header(token).get("kid")))
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name] if key.algorithm_name in ALGORITHMS else [],
                audience=self._audience,
                # the clock is ours: tests pass it
                options={"require": ["sub", "aud", "exp", "jti"], "verify_exp": False, "verify_iat": False},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise NotAllowed(f"bank token: {type(error).__name__}") from None
        return _sign_in(claims, now)

    async def _key(self, key_id: str) -> jwt.PyJWK:
        age = time.monotonic() - self._fetched
        if age > _KEYS_FOR or (key_id not in self._keys and age > _FETCH_GAP):
            self._keys = await self._fetch()
            self._fetched = time.monotonic()
        if key_id not in self._keys:
            raise NotAllowed("bank token: unknown key")
        return self._keys[key_id]

    async def _fetch(self) -> Mapping[str, jwt.PyJWK]:
        try:
            async with aiohttp.ClientSession(timeout=self._timeout) as http, http.get(self._url) as response:
                if response.status != 200:
                    raise Unavailable("bank", f"keys: status {response.status}")
                found = jwt.PyJWKSet.from_dict(await response.json(content_type=None))
        except (aiohttp.ClientError, TimeoutError, ValueError, jwt.PyJWTError) as error:
            raise Unavailable("bank", f"keys: {type(error).__name__}") from error
        return {str(key.key_id): key for key in found.keys}


def _sign_in(claims: Mapping[str, Any], now: datetime) -> SignIn:
    customer_ref, token_id, expires = claims["sub"], claims["jti"], claims["exp"]
    if not all(isinstance(value, str) and 0 < len(value) <= 64 for value in (customer_ref, token_id)):
        raise NotAllowed("bank token: sub or jti")
    if not isinstance(expires, int | float):
        raise NotAllowed("bank token: exp")
    try:
        expires_at = datetime.fromtimestamp(expires, UTC)
    except (OverflowError, ValueError, OSError):
        raise NotAllowed("bank token: exp") from None
    if expires_at + _LEEWAY < now:
        raise NotAllowed("bank token: is over")
    if expires_at > now + LONGEST_LIFE + _LEEWAY:
        raise NotAllowed("bank token: lives too long")
    return SignIn(customer_ref, token_id, expires_at)
