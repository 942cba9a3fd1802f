"""What web, Rasa and actions know each other by."""

import secrets
from pathlib import Path

from shouwen.errors import Misconfigured
from shouwen.private_file import write_once
from shouwen.settings import Settings


def internal_secret(settings: Settings) -> str:
    """The secret shared by web, Rasa and actions: a setting, or made at first run and kept in `var`."""
    given = settings.internal_secret.get_secret_value()
    return given or _read_or_make_secret(settings.var / "keys" / "internal.secret")


def bank_secret(settings: Settings) -> str:
    """What we and the core bank know each other by, in both directions; with the sandbox, the internal secret."""
    return settings.bank_secret.get_secret_value() or internal_secret(settings)


def sms_secret(settings: Settings) -> str:
    """What the SMS gateway knows us by; with the sandbox, the internal secret."""
    return settings.sms_secret.get_secret_value() or internal_secret(settings)


def _read_or_make_secret(path: Path) -> str:
    if not path.exists():
        write_once(path, secrets.token_urlsafe(32))
    secret = path.read_text().strip()
    if not secret:
        raise Misconfigured([f"{path} is empty: remove it, and a new secret is made"])
    return secret
