"""Working days against a published oracle, golden dates, and what stands beyond the notices."""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from shouwen.complaints.calendar import UNKNOWN, Due, Year
from shouwen.complaints.year_files import CERTAIN, YEARS, parse_year, read_calendar
from shouwen.errors import Misconfigured
from shouwen.text.zh import SHANGHAI

CALENDAR = read_calendar()
FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
# received, then the 1st, 3rd, 5th and 7th working day after it
GOLDEN = """
2025-12-31 2026-01-04 2026-01-06 2026-01-08 2026-01-12
2026-02-13 2026-02-14 2026-02-25 2026-02-27 2026-03-02
2026-02-15 2026-02-24 2026-02-26 2026-02-28 2026-03-03
2026-04-30 2026-05-06 2026-05-08 2026-05-11 2026-05-13
2026-06-18 2026-06-22 2026-06-24 2026-06-26 2026-06-30
2026-09-18 2026-09-20 2026-09-22 2026-09-24 2026-09-29
2026-09-24 2026-09-28 2026-09-30 2026-10-09 2026-10-12
2026-09-30 2026-10-08 2026-10-10 2026-10-13 2026-10-15
2026-10-03 2026-10-08 2026-10-10 2026-10-13 2026-10-15
2026-11-22 2026-11-23 2026-11-25 2026-11-27 2026-12-01
"""
YEAR_2026 = (YEARS / "2026.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", GOLDEN.split("\n")[1:-1], ids=lambda row: row[:10])
def test_golden_dates(row: str) -> None:
    received, *expected = (date.fromisoformat(day) for day in row.split())
    found = [CALENDAR.add_workdays(received, number) for number in (1, 3, 5, 7)]
    assert found == [Due(day, provisional=False) for day in expected]


def test_a_date_beyond_the_notices_is_provisional_and_leaves_out_what_the_law_fixes() -> None:
    received = date(2026, 12, 30)
    assert CALENDAR.add_workdays(received, 1) == Due(date(2026, 12, 31), provisional=False)
    assert CALENDAR.add_workdays(received, 3) == Due(date(2027, 1, 5), provisional=True)
    assert CALENDAR.add_workdays(date(2027, 2, 4), 1) == Due(date(2027, 2, 9), provisional=True)
    assert CALENDAR.add_workdays(date(2028, 9, 29), 1) == Due(date(2028, 10, 4), provisional=True)


def test_every_day_agrees_with_the_oracle() -> None:
    assert [day for day in EVERY_DAY if CALENDAR.is_workday(day) is not chinese_calendar.is_workday(day)] == []


def test_every_sum_of_working_days_agrees_with_the_oracle() -> None:
    worked = [day for day in EVERY_DAY if chinese_calendar.is_workday(day)]
    compared = 0
    for received in EVERY_DAY:
        after = bisect_right(worked, received)
        for number, expected in enumerate(worked[after : after + 15], start=1):
            assert CALENDAR.add_workdays(received, number) == Due(expected, provisional=False), (received, number)
            compared += 1
    assert compared > 38_000


def test_2026_has_248_working_days() -> None:
    assert sum(CALENDAR.expected_workday(day) for day in EVERY_DAY if day.year == 2026) == 248


def test_years_without_a_notice_are_unknown_and_unknown_is_no_yes() -> None:
    assert CALENDAR.is_workday(date(2027, 1, 4)) is UNKNOWN
    assert CALENDAR.is_workday(date(2019, 12, 31)) is UNKNOWN
    with pytest.raises(TypeError):
        bool(CALENDAR.is_workday(date(2027, 1, 4)))


def test_the_nearest_working_day_before_and_after_a_holiday() -> None:
    assert CALENDAR.last_workday_on_or_before(date(2026, 10, 4)) == Due(date(2026, 9, 30), provisional=False)
    assert CALENDAR.first_workday_on_or_after(date(2026, 10, 4)) == Due(date(2026, 10, 8), provisional=False)
    assert CALENDAR.last_workday_on_or_before(date(2026, 10, 10)) == Due(date(2026, 10, 10), provisional=False)
    # the notice may still make that Saturday a working day
    assert CALENDAR.last_workday_on_or_before(date(2027, 1, 2)) == Due(date(2026, 12, 31), provisional=True)


@pytest.mark.parametrize("number", [0, -1])
def test_no_day_is_fewer_than_one_working_day_away(number: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        CALENDAR.add_workdays(date(2026, 11, 22), number)


@pytest.mark.parametrize(
    ("now", "ends"), [("2026-11-01T12:00", False), ("2026-11-01T23:59", False), ("2026-11-02T00:00", True)]
)
def test_the_end_of_the_data_is_near_from_the_59th_day_before_in_shanghai(now: str, ends: bool) -> None:
    assert CALENDAR.horizon() == LAST
    assert CALENDAR.ends_within(datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)) is ends


def test_the_version_is_that_of_the_data() -> None:
    year = CALENDAR.years[2026]
    other = CALENDAR.with_years([Year(2026, year.notice, year.noticed, year.off, year.work - {date(2026, 10, 10)})])
    assert CALENDAR.version == read_calendar().version
    assert other.version != CALENDAR.version
    assert other.is_workday(date(2026, 10, 10)) is False


def test_every_fault_of_a_year_is_named() -> None:
    text = """
year: 2026
notice: {name: x}
days_off: [2026-02-14, 2025-01-01, 2026-01-01, 2026-01-01]
weekends_worked: [2026-01-05]
"""
    with pytest.raises(Misconfigured) as caught:
        parse_year(text, "2026.yml")
    assert caught.value.faults == (
        "2026.yml: notice.date is None",
        "2026.yml: notice.number is missing",
        "2026.yml: days_off: 2026-02-14 is a Saturday or Sunday",
        "2026.yml: days_off: 2025-01-01 is not in 2026",
        "2026.yml: days_off: 2026-01-01 stands there twice",
        "2026.yml: weekends_worked: 2026-01-05 is no Saturday or Sunday",
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("weekends_worked: [", "weekends_worked: x # ["), "weekends_worked is no list of dates"),
        (("days_off: [", "days_off: [2026-02-30, "), "is no YAML"),
        (("year: 2026", "year: MMXXVI"), "year is 'MMXXVI'"),
        (("2026-02-17, 2026-02-18, 2026-02-19, 2026-02-20,", ""), "9 of them for good are not between 10 and 14"),
    ],
)
def test_a_year_that_cannot_be_is_refused(change: tuple[str, str], fault: str) -> None:
    text = YEAR_2026.replace(*change)
    assert text != YEAR_2026
    with pytest.raises(Misconfigured, match=fault):
        parse_year(text, "2026.yml")


def test_faults_of_several_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "2024.yml").write_text("[]", encoding="utf-8")
    (tmp_path / "2025.yml").write_text(YEAR_2026, encoding="utf-8")
    with pytest.raises(Misconfigured) as caught:
        read_calendar(tmp_path, CERTAIN)
    assert caught.value.faults == ("2024.yml: is no mapping", "2025.yml: is about 2026")


def test_a_missing_year_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no year file"):
        read_calendar(tmp_path)
    for year in (2024, 2026):
        (tmp_path / f"{year}.yml").write_bytes((YEARS / f"{year}.yml").read_bytes())
    with pytest.raises(Misconfigured, match=r"2025\.yml is missing"):
        read_calendar(tmp_path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("every_year: [13-01]\nof_year: {}", "every_year is no list"),
        ("every_year: [01-01]", "of_year is missing"),
        ("every_year: []\nof_year: {2027: [2028-01-01], 2028: x}", "in 2027.*in 2028"),
    ],
)
def test_days_certain_by_law_are_checked_too(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "certain.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match=fault):
        read_calendar(YEARS, path)
