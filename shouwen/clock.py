"""The one clock on the wall. Everything else is given the time."""

from datetime import UTC, datetime


def wall_clock() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)
