"""The key file, and AES-GCM with it. Made at first run, readable by its owner only."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shouwen.errors import Misconfigured
from shouwen.private_file import write_once

_NONCE_BYTES = 12
_KEY_BYTES = 32


@dataclass(frozen=True)
class Keyring:
    """Keys by id. New values are sealed with `current`; old keys stay to open old values."""

    current: str
    keys: dict[str, bytes]

    def seal(self, text: str, context: str) -> tuple[str, bytes]:
        """Encrypt `text`; the result opens only with the same `context` (who it belongs to)."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), context.encode())
        return self.current, nonce + sealed

    def open(self, key_id: str, sealed: bytes, context: str) -> str:
        """The text again. Raises Misconfigured when the key is missing or the value was tampered with."""
        key = self.keys.get(key_id)
        if key is None:
            raise Misconfigured([f"the key file has no key {key_id!r}"])
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode()).decode()
        except (InvalidTag, ValueError):  # ValueError: cut off within the nonce
            raise Misconfigured([f"a value sealed with key {key_id!r} does not open"]) from None


def read_or_make(path: Path) -> Keyring:
    """The keyring in `path`, made there when there is none. Raises Misconfigured when it cannot be read."""
    if not path.exists():
        key = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
        write_once(path, json.dumps({"current": "k1", "keys": {"k1": key}}))
    try:
        raw = json.loads(path.read_text())
        keys = {key_id: base64.b64decode(key, validate=True) for key_id, key in raw["keys"].items()}
        for secret in keys.values():
            AESGCM(secret)
        current = raw["current"]
        if current not in keys:
            raise KeyError(current)
        return Keyring(current, keys)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misconfigured([f"{path} is not a key file: {type(error).__name__}: {error}"]) from None
