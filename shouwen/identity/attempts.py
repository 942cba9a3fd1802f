"""How often is too often: sends, failures, locks. Pure functions over instants (identity §3.2, ASVS 6.3, 6.6.3)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shouwen.identity.rules import Rules

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
_MOST_DOUBLINGS = 16  # long past any limit, and still no overflow
LockReason = Literal["failed_checks", "failed_checks_day", "id_tries"]


@dataclass(frozen=True)
class Lock:
    """A subject or a conversation may not be checked until then."""

    at: datetime
    until: datetime
    reason: LockReason


@dataclass(frozen=True)
class TooSoon:
    """The next code may be sent in so many seconds."""

    seconds: int


@dataclass(frozen=True)
class NoMoreCodes:
    """The codes of this hour or day are used up."""


def sending(sent: Sequence[datetime], rules: Rules, now: datetime) -> TooSoon | NoMoreCodes | None:
    """Why no code may be sent now, given when earlier ones were; None when one may."""
    if within(sent, DAY, now) >= rules.otp_per_day or within(sent, HOUR, now) >= rules.otp_per_hour:
        return NoMoreCodes()
    free_at = max(sent) + rules.otp_resend_gap if sent else now
    return TooSoon(seconds_until(free_at, now)) if free_at > now else None


def lock_due(failed: Sequence[datetime], locks: Sequence[Lock], rules: Rules, now: datetime) -> Lock | None:
    """The lock that the failures of a subject lead to, the newest included.

    Failures before the last lock were paid for; each further lock within a day is twice as long.
    """
    long_ones = [lock.at for lock in locks if lock.reason == "failed_checks_day"]
    if within(after(failed, long_ones), DAY, now) >= rules.failed_checks_day:
        return Lock(now, now + rules.check_lock_day, "failed_checks_day")
    if within(after(failed, [lock.at for lock in locks]), rules.failed_window, now) >= rules.failed_checks:
        return Lock(now, now + doubled(locks, rules, now), "failed_checks")
    return None


def conversation_lock_due(
    failed: Sequence[datetime], locks: Sequence[Lock], rules: Rules, now: datetime
) -> Lock | None:
    """The lock of a conversation in which a person's details were wrong too often."""
    if len(after(failed, [lock.at for lock in locks])) >= rules.id_tries:
        return Lock(now, now + doubled(locks, rules, now), "id_tries")
    return None


def doubled(locks: Sequence[Lock], rules: Rules, now: datetime) -> timedelta:
    """How long the next lock is: twice as long as the one before it within a day, never longer than the long one."""
    earlier = within([lock.at for lock in locks], DAY, now)
    return min(rules.check_lock * (1 << min(earlier, _MOST_DOUBLINGS)), rules.check_lock_day)


def tries_left(failed: Sequence[datetime], locks: Sequence[Lock], rules: Rules, now: datetime) -> int:
    """How many failures a subject has before the next lock; at least 1 as long as it is not locked."""
    recent = within(after(failed, [lock.at for lock in locks]), rules.failed_window, now)
    long_ones = [lock.at for lock in locks if lock.reason == "failed_checks_day"]
    today = within(after(failed, long_ones), DAY, now)
    return max(1, min(rules.failed_checks - recent, rules.failed_checks_day - today))


def address_waits(times: Sequence[datetime], limit: int, window: timedelta, now: datetime) -> int | None:
    """Seconds an address must wait when it did something `limit` times within the window; None when it need not."""
    recent = sorted(at for at in times if now - at < window)
    return seconds_until(recent[-limit] + window, now) if len(recent) >= limit else None


def within(times: Sequence[datetime], window: timedelta, now: datetime) -> int:
    """How many of the instants lie less than `window` ago."""
    return sum(now - at < window for at in times)


def after(times: Sequence[datetime], bounds: Sequence[datetime]) -> list[datetime]:
    """The instants behind the newest of the bounds."""
    return [at for at in times if not bounds or at > max(bounds)]


def seconds_until(instant: datetime, now: datetime) -> int:
    """Whole seconds, rounded up, at least one."""
    return max(1, math.ceil((instant - now).total_seconds()))
