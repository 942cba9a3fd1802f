"""One-time codes: made, hashed, compared; and the keyed hashes counters go by (identity §3.2, ASVS 6.5)."""

import hmac
import secrets

DIGITS = 6


def new_code() -> str:
    """Six digits of the system's random source, each as likely as any other."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def keyed_hash(key: bytes, kind: str, *parts: str) -> str:
    """HMAC-SHA-256 of the parts; another `kind` or other bounds between the parts give another hash."""
    message = "\0".join((kind, *(f"{len(part)}:{part}" for part in parts)))
    return hmac.new(key, message.encode(), "sha256").hexdigest()


def code_hash(key: bytes, code: str, check_id: str, conversation_id: str, act: str, subject: str) -> str:
    """What is stored of a code: bound to the check, the conversation, the purpose and the number."""
    return keyed_hash(key, "otp", code, check_id, conversation_id, act, subject)


def same(one: str, other: str) -> bool:
    """Compare two hashes in the same time whatever they are."""
    return hmac.compare_digest(one, other)


def subject_of(key: bytes, phone: str) -> str:
    """Whose counters a telephone number counts on, known to the bank or not. `phone` is eleven digits."""
    return keyed_hash(key, "phone", phone)
