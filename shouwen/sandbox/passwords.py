"""What a new login password must be (identity §3.3): 8 to 128 signs, not easily guessed, no rule of composition."""

import hashlib
import hmac
import secrets
import unicodedata
from functools import cache
from pathlib import Path

import yaml

from shouwen.sandbox.ledger import Person

SHORTEST, LONGEST = 8, 128  # signs
_WEAK = Path(__file__).parent / "weak_passwords.yml"
_ROWS = ("012345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_SALT_BYTES = 16


def weakness(password: str) -> str | None:
    """Why a password is refused for anybody: too_short, too_long, common; None when it is not."""
    length = len(unicodedata.normalize("NFC", password))
    if length < SHORTEST:
        return "too_short"
    if length > LONGEST:
        return "too_long"
    plain = _plain(password)
    exact, repeated = _weak()
    is_run = any(plain in row or plain in row[::-1] for row in _ROWS)
    is_repeated = len(set(plain)) == 1 or any(plain == unit * (len(plain) // len(unit)) for unit in repeated)
    return "common" if is_run or is_repeated or plain in exact else None


def is_personal(password: str, person: Person) -> bool:
    """Whether it holds the telephone, the ID number or the date of birth in it."""
    plain = _plain(password)
    return any(known.lower() in plain for known in (person.phone, person.id_number, person.id_number[6:14]))


def hashed(password: str) -> bytes:
    """Salt and scrypt. Takes some 50 ms of CPU: call it off the event loop."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return salt + _scrypt(password, salt)


def fits(password: str, stored: bytes) -> bool:
    """Whether it is the password that was stored. As slow as `hashed`."""
    return bool(stored) and hmac.compare_digest(_scrypt(password, stored[:_SALT_BYTES]), stored[_SALT_BYTES:])


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(unicodedata.normalize("NFC", password).encode(), salt=salt, n=2**14, r=8, p=1)


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password).casefold()


@cache
def _weak() -> tuple[frozenset[str], frozenset[str]]:
    lists = yaml.safe_load(_WEAK.read_text(encoding="utf-8"))
    return frozenset(lists["exact"]), frozenset(lists["repeated"])
