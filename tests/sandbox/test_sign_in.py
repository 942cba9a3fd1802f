"""The sandbox's sign-in, read the way the assistant reads it."""

from datetime import timedelta

import jwt
import pytest

from tests.conftest import NOON
from tests.sandbox.running import RunningBank


async def claims(sandbox: RunningBank, token: str) -> dict[str, object]:
    _, keys = await sandbox.call("GET", "/jwks.json", Authorization="")
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token, key, algorithms=["EdDSA"], audience="shouwen", options={"verify_exp": False, "verify_iat": False}
    )


async def test_a_token_is_signed_for_a_minute_and_never_the_same(sandbox: RunningBank) -> None:
    first, second = [
        await claims(sandbox, (await sandbox.call("POST", "/sandbox/bank-token", {"ref": "YS0011"}))[1]["bank_token"])
        for _ in range(2)
    ]
    assert (first["sub"], first["aud"]) == ("YS0011", "shouwen")
    assert (first["iat"], first["exp"]) == (NOON.timestamp(), (NOON + timedelta(seconds=60)).timestamp())
    assert first["jti"] != second["jti"]


async def test_the_private_key_is_not_published(sandbox: RunningBank) -> None:
    _, keys = await sandbox.call("GET", "/jwks.json", Authorization="")
    assert [key.keys() & {"d", "p", "q"} for key in keys["keys"]] == [set()]


@pytest.mark.parametrize(
    ("ref", "status", "code"),
    [
        ("nobody", 404, "unknown_customer"),
        ("YS0007", 409, "customer_not_active"),
        ("YS0003", 409, "customer_not_active"),
        ("YS0002", 409, "no_app"),
    ],
)
async def test_who_cannot_sign_in_gets_no_token(sandbox: RunningBank, ref: str, status: int, code: str) -> None:
    assert await sandbox.call("POST", "/sandbox/bank-token", {"ref": ref}) == (status, {"error": {"code": code}})
