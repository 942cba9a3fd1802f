"""The rules of the identity check as a deployment set them, with the server key made at first run."""

import base64
import binascii
import secrets
from datetime import timedelta

from shouwen.errors import Misconfigured
from shouwen.identity.rules import Rules
from shouwen.private_file import write_once
from shouwen.settings import Settings

_KEY_BYTES = 32


def identity_rules(settings: Settings) -> Rules:
    """The numbers of identity §3.2 out of settings. Raises Misconfigured when the key file cannot be read."""

    def seconds(name: str) -> timedelta:
        return timedelta(seconds=getattr(settings, name))

    return Rules(
        key=_key(settings),
        otp_life=seconds("otp_life"),
        otp_tries=settings.otp_tries,
        otp_resend_gap=seconds("otp_resend_gap"),
        otp_per_hour=settings.otp_per_hour,
        otp_per_day=settings.otp_per_day,
        otp_per_address_hour=settings.otp_per_address_hour,
        failed_checks=settings.failed_checks,
        failed_window=seconds("failed_window"),
        check_lock=seconds("check_lock"),
        failed_checks_day=settings.failed_checks_day,
        check_lock_day=seconds("check_lock_day"),
        address_factor=settings.address_factor,
        id_tries=settings.id_tries,
        verified_idle=seconds("verified_idle"),
        verified_absolute=seconds("verified_absolute"),
        fresh_for=seconds("fresh_for"),
        reset_link_life=seconds("reset_link_life"),
        number_age_days=settings.number_age_days,
    )


def _key(settings: Settings) -> bytes:
    path = settings.var / "keys" / "identity.key"
    if not path.exists():
        write_once(path, base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode())
    try:
        key = base64.b64decode(path.read_text().strip(), validate=True)
    except (OSError, UnicodeDecodeError, binascii.Error):
        key = b""
    if len(key) < _KEY_BYTES:
        raise Misconfigured([f"{path} is not a key file"])
    return key
