"""Whether each part would work now, with a word (`/readyz`)."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shouwen.complaints.calendar import Calendar

if TYPE_CHECKING:
    from shouwen.wiring import Web

log = logging.getLogger(__name__)


async def check(web: "Web") -> dict[str, tuple[bool, str]]:
    """Part by part: ready or not, and the word for it."""
    rasa = await web.rasa.is_ready()
    actions = await web.rasa.answers(f"http://127.0.0.1:{web.settings.actions_port}/health")
    return {
        "database": await _database(web),
        "rasa": (rasa, "ok" if rasa else "does not answer"),
        "actions": (actions, "ok" if actions else "do not answer"),
        "content": (True, web.content().version),
        "calendar": (True, calendar_word(web.calendar, web.now())),
    }


def calendar_word(calendar: Calendar, now: datetime) -> str:
    """The last day of the calendar's data, and how soon that is once it is near. Dates beyond are provisional."""
    word, left = calendar.horizon().isoformat(), calendar.days_left(now)
    if not calendar.ends_within(now):
        return word
    return f"{word}, ends in {left} days" if left >= 0 else f"{word}, ended {-left} days ago"


def warn_of_calendar(calendar: Calendar, now: datetime) -> None:
    """Say in the log, when a process starts, that the next year's notice is due to be imported."""
    if calendar.ends_within(now):
        log.warning("working-day calendar: %s; import the next year's notice", calendar_word(calendar, now))


async def _database(web: "Web") -> tuple[bool, str]:
    try:
        await web.database.read(lambda tx: tx.execute(text("SELECT 1")).scalar_one())
    except SQLAlchemyError as error:
        return False, type(error).__name__
    return True, "ok"
