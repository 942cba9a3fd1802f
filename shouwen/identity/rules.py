"""The numbers of the identity check (identity §3.2), and the server key codes are hashed with."""

from dataclasses import dataclass, field
from datetime import timedelta

CHECK_LIFE = timedelta(minutes=30)
FORM_LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Rules:
    """What settings allow; their ceilings stand in `shouwen.settings`. `key` is the server key (ASVS 6.5.2)."""

    key: bytes = field(repr=False)
    otp_life: timedelta = timedelta(minutes=5)
    otp_tries: int = 3
    otp_resend_gap: timedelta = timedelta(seconds=60)
    otp_per_hour: int = 5
    otp_per_day: int = 10
    otp_per_address_hour: int = 20
    failed_checks: int = 5
    failed_window: timedelta = timedelta(minutes=30)
    check_lock: timedelta = timedelta(minutes=30)
    failed_checks_day: int = 10
    check_lock_day: timedelta = timedelta(hours=24)
    address_factor: int = 20
    id_tries: int = 3
    verified_idle: timedelta = timedelta(minutes=10)
    verified_absolute: timedelta = timedelta(minutes=30)
    fresh_for: timedelta = timedelta(minutes=5)
    reset_link_life: timedelta = timedelta(minutes=10)
    number_age_days: int = 30
