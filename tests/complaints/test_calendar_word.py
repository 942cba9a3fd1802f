"""What `/readyz` and the log say of the calendar as its data runs out."""

import logging
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from shouwen import readiness
from shouwen.complaints.year_files import read_calendar
from shouwen.db import Database
from shouwen.text.zh import SHANGHAI

CALENDAR = read_calendar()


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ("2026-11-01", "2026-12-31"),
        ("2026-11-02", "2026-12-31, ends in 59 days"),
        ("2026-12-31", "2026-12-31, ends in 0 days"),
        ("2027-01-04", "2026-12-31, ended 4 days ago"),
    ],
)
def test_the_word_for_the_calendar(day: str, word: str, caplog: pytest.LogCaptureFixture) -> None:
    assert readiness.calendar_word(CALENDAR, noon(day)) == word
    with caplog.at_level(logging.WARNING):
        readiness.warn_of_calendar(CALENDAR, noon(day))
    assert [word in record.getMessage() for record in caplog.records] == ([True] if "end" in word else [])


async def test_a_calendar_that_ends_soon_is_still_ready(database: Database) -> None:
    class Answering:
        async def is_ready(self) -> bool:
            return True

        async def answers(self, _url: str) -> bool:
            return True

    web: Any = SimpleNamespace(
        rasa=Answering(),
        settings=SimpleNamespace(actions_port=1),
        database=database,
        content=lambda: SimpleNamespace(version="v"),
        calendar=CALENDAR,
        now=lambda: noon("2026-11-22"),
    )
    parts = await readiness.check(web)
    assert parts["calendar"] == (True, "2026-12-31, ends in 39 days")
    assert all(ok for ok, _ in parts.values())
