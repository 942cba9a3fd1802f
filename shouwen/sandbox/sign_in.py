"""The bank's own sign-in, handed over to the chat: a signed token that lives for a minute (api.md)."""

import base64
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

AUDIENCE = "shouwen"
_LIVES = timedelta(seconds=60)


class SignIn:
    """Signs with a key that is made at the start and never leaves the process."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._key = Ed25519PrivateKey.generate()
        self._id = secrets.token_hex(8)

    def token(self, ref: str) -> str:
        """EdDSA; `sub aud iat exp jti`."""
        now = self._now()
        claims = {"sub": ref, "aud": AUDIENCE, "iat": now, "exp": now + _LIVES, "jti": secrets.token_urlsafe(16)}
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self._id})

    def key_set(self) -> dict[str, Any]:
        """The public key as a JWKS (RFC 7517, RFC 8037)."""
        public = base64.urlsafe_b64encode(self._key.public_key().public_bytes_raw()).rstrip(b"=").decode()
        key = {"kty": "OKP", "crv": "Ed25519", "x": public, "kid": self._id, "alg": "EdDSA", "use": "sig"}
        return {"keys": [key]}
