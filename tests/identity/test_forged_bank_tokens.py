"""Tokens that the bank never made, or made for something else (RFC 8725)."""

import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shouwen.errors import NotAllowed
from shouwen.outside.bank_login import BankLogin, SignIn
from tests.conftest import Clock
from tests.sandbox.running import RunningBank, running_bank

Claims = dict[str, Any]


@pytest.fixture
async def bank(clock: Clock) -> AsyncIterator[RunningBank]:
    async with running_bank(clock) as running:
        yield running


@pytest.fixture
def login(bank: RunningBank) -> BankLogin:
    return BankLogin(f"{bank.url}/jwks.json", "shouwen", 5.0)


def part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed_with_the_public_key(bank: RunningBank, header: Claims, claims: Claims) -> str:
    """HS256 with the published key as its secret."""
    [key] = bank.parts.sign_in.key_set()["keys"]
    secret = base64.urlsafe_b64decode(key["x"] + "=")
    body = f"{part({**header, 'alg': 'HS256'})}.{part(claims)}"
    return f"{body}.{part(hmac.digest(secret, body.encode(), 'sha256'))}"


def unsigned(_bank: RunningBank, header: Claims, claims: Claims) -> str:
    return f"{part({**header, 'alg': 'none'})}.{part(claims)}."


def own_key_under_the_banks_name(_bank: RunningBank, header: Claims, claims: Claims) -> str:
    return jwt.encode(claims, Ed25519PrivateKey.generate(), "EdDSA", header)


def own_key_brought_along(_bank: RunningBank, header: Claims, claims: Claims) -> str:
    key = Ed25519PrivateKey.generate()
    public = {"kty": "OKP", "crv": "Ed25519", "x": part(key.public_key().public_bytes_raw()), "kid": header["kid"]}
    return jwt.encode(claims, key, "EdDSA", {**header, "jwk": public, "jku": "https://evil.example/jwks.json"})


def another_key_named(kid: str) -> Callable[[RunningBank, Claims, Claims], str]:
    return lambda _bank, _header, claims: jwt.encode(claims, Ed25519PrivateKey.generate(), "EdDSA", {"kid": kid})


FORGERIES = {
    "HS256 with the public key": signed_with_the_public_key,
    "no signature": unsigned,
    "another key, same kid": own_key_under_the_banks_name,
    "a key in the header": own_key_brought_along,
    "an unknown kid": another_key_named("nobody"),
    "a kid that is a path": another_key_named("../../../dev/null"),
    "a kid that is an address": another_key_named("https://evil.example/key"),
    "no kid": another_key_named(""),
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_token_is_refused(bank: RunningBank, login: BankLogin, clock: Clock, forgery: str) -> None:
    good = bank.parts.sign_in.token("YS0001")
    header, claims = jwt.get_unverified_header(good), jwt.decode(good, options={"verify_signature": False})
    assert await login.read(good, clock())
    with pytest.raises(NotAllowed):
        await login.read(FORGERIES[forgery](bank, header, {**claims, "jti": "forged", "sub": "YS0005"}), clock())


def signed_by_bank(bank: RunningBank, **changes: Any) -> str:
    """A token with the bank's own key; a claim that is changed to None is left out."""
    good = bank.parts.sign_in.token("YS0001")
    claims = {**jwt.decode(good, options={"verify_signature": False}), **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    kid = jwt.get_unverified_header(good)["kid"]
    return jwt.encode(kept, bank.parts.sign_in._key, "EdDSA", {"kid": kid})


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-service"},
        {"aud": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 65},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 65},
    ],
)
async def test_a_token_for_something_else_is_refused(
    bank: RunningBank, login: BankLogin, clock: Clock, changes: Claims
) -> None:
    assert isinstance(await login.read(signed_by_bank(bank), clock()), SignIn)
    with pytest.raises(NotAllowed):
        await login.read(signed_by_bank(bank, **changes), clock())


@pytest.mark.parametrize("seconds", [-10, 66, 3600])
async def test_a_token_over_its_time_or_made_for_too_long_is_refused(
    bank: RunningBank, login: BankLogin, clock: Clock, seconds: int
) -> None:
    with pytest.raises(NotAllowed):
        await login.read(signed_by_bank(bank, exp=clock() + timedelta(seconds=seconds)), clock())


@pytest.mark.parametrize("exp", [1e400, 1e30, -1e30])
async def test_a_time_that_is_none_is_refused(bank: RunningBank, login: BankLogin, clock: Clock, exp: float) -> None:
    with pytest.raises(NotAllowed):
        await login.read(signed_by_bank(bank, exp=exp), clock())
