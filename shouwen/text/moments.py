"""Days and moments as customers read them, in Shanghai's time."""

from datetime import date, datetime

from shouwen.text.zh import SHANGHAI


def day(on: date) -> str:
    """2026年11月22日."""
    return f"{on.year}年{on.month}月{on.day}日"


def moment(at: datetime) -> str:
    """2026年11月22日18:05, of an aware instant."""
    local = at.astimezone(SHANGHAI)
    return f"{day(local.date())}{local:%H:%M}"
