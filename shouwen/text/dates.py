"""Days and times in Chinese: 昨天, 上周五, 前天晚上八点半, 上个月15号, 2026年11月22日, 11-22, 三天前."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from shouwen.text.matches import Match
from shouwen.text.numerals import CHINESE_DIGITS, parse_number

_N = rf"(?:\d{{1,2}}|[{CHINESE_DIGITS}十]{{1,3}})"
_YEAR = rf"(?P<year>(?:19|20)\d\d|[{CHINESE_DIGITS}]{{4}}|\d\d(?=年)|今年|去年|前年|明年)"
_TIME = (
    r"(?:\s?(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|深夜|早|晚)的?)?"
    rf"(?:\s?(?P<hour>{_N})(?:(?:点钟?|时)(?:(?P<thirty>半)|(?P<quarter>[一三13]刻)|(?P<minute>{_N})分?)?|:(?P<minute2>[0-5]\d)(?::[0-5]\d)?))?"
)
_DAYS_AWAY = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨": -1,
    "今天": 0,
    "今日": 0,
    "当天": 0,
    "今": 0,
    "明天": 1,
    "明日": 1,
    "明": 1,
    "后天": 2,
    "大后天": 3,
}
_WEEKDAYS = {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
    "日": 6,
    "天": 6,
    "末": 5,
    **{str(n): n - 1 for n in range(1, 8)},
}
_SHIFTS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}
_YEARS_AWAY = {"前年": -2, "去年": -1, "今年": 0, "明年": 1}

_FAR_AHEAD = timedelta(days=60)

_Day = Callable[[re.Match[str], date], "date | str | None"]


def dates(text: str, today: date) -> Iterator[Match]:
    """Absolute and relative dates, the more exact rule first. What is left out is filled in from today."""
    taken: list[tuple[int, int]] = []
    for pattern, day_of in _RULES:
        for found in pattern.finditer(text):
            if any(found.start() < end and start < found.end() for start, end in taken):
                continue
            day = day_of(found, today)
            if day is not None:
                taken.append(found.span())
                yield Match(found.start(), found.end(), _iso(day, found))


def _iso(day: date | str, found: re.Match[str]) -> str:
    if isinstance(day, str):
        return day
    parts = found.groupdict()
    if not parts.get("hour"):
        return day.isoformat()
    hour, minute = int(parse_number(parts["hour"]) or 0), _minute(parts)
    hour = _on_24_hours(hour, parts.get("half") or "")
    return f"{day.isoformat()}T{hour:02}:{minute:02}" if hour < 24 and minute < 60 else day.isoformat()


def _minute(parts: dict[str, str | None]) -> int:
    if parts["thirty"]:
        return 30
    if parts["quarter"]:
        return 15 if parts["quarter"][0] in "一1" else 45
    return int(parse_number(parts["minute"] or parts["minute2"] or "0") or 0)


def _on_24_hours(hour: int, half: str) -> int:
    if (
        half in ("下午", "傍晚", "晚上", "晚", "夜里", "深夜")
        and 1 <= hour < 12
        and not (half in ("夜里", "深夜") and hour < 6)
    ):
        return hour + 12
    if half == "中午" and 1 <= hour <= 3:
        return hour + 12
    return 0 if half in ("凌晨", "半夜", "晚上", "深夜") and hour == 12 else hour


def _safe(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= 12 or not 1900 <= year <= 2199 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _number(text: str | None) -> int:
    return int(parse_number(text) or 0) if text else 0


def _year(text: str, today: date) -> int:
    if text in _YEARS_AWAY:
        return today.year + _YEARS_AWAY[text]
    year = int("".join(str(_number(digit)) for digit in text))
    return year if year > 99 else 2000 + year


def _full(found: re.Match[str], today: date) -> date | None:
    return _safe(_year(found["year"], today), _number(found["month"]), _number(found["day"]))


def _month_of_year(found: re.Match[str], today: date) -> str | None:
    month = _number(found["month"])
    return f"{_year(found['year'], today)}-{month:02}" if 1 <= month <= 12 else None


def _month_and_day(found: re.Match[str], today: date) -> date | None:
    """Mostly what happened, so a day further ahead than a bill is due belongs to last year."""
    month, day = _number(found["month"]), _number(found["day"])
    days = [_safe(today.year + shift, month, day) for shift in (1, 0, -1)]
    return next((d for d in days if d and d <= today + _FAR_AHEAD), None)


def _day_of_shifted_month(found: re.Match[str], today: date) -> date | str | None:
    year, month = _shifted_month(today, _SHIFTS[found["shift"]])
    if not found["day"]:
        return f"{year}-{month:02}"
    return _safe(year, month, _number(found["day"]))


def _day_alone(found: re.Match[str], today: date) -> date | None:
    day = _number(found["day"])
    months = [_shifted_month(today, shift) for shift in (-1, 0, 1)]
    return _nearest(today, [_safe(year, month, day) for year, month in months])


def _shifted_month(today: date, shift: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 + shift
    return months // 12, months % 12 + 1


def _nearest(today: date, days: list[date | None]) -> date | None:
    """The candidate closest to today; the past one when two are as close, for customers mostly tell what happened."""
    known = [day for day in days if day]
    return min(known, key=lambda day: (abs(day - today), day)) if known else None


def _day_away(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=_DAYS_AWAY[found["word"]])


def _weekday(found: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_SHIFTS[found["shift"] or "本"], days=_WEEKDAYS[found["weekday"]])


def _ago(found: re.Match[str], today: date) -> date | None:
    sign = -1 if found["way"] == "前" else 1
    if found["unit"] in ("个月", "月"):
        if found["count"] == "半":
            return today + sign * timedelta(days=15)
        year, month = _shifted_month(today, sign * _number(found["count"]))
        return _safe(year, month, min(today.day, monthrange(year, month)[1]))
    days = {"天": 1, "日": 1, "周": 7, "个星期": 7, "星期": 7, "个礼拜": 7}[found["unit"]]
    return today + sign * timedelta(days=days * _number(found["count"])) if found["count"] != "半" else None


_MONTH_DAY = rf"(?P<month>{_N})月份?(?P<day>{_N})[日号]?(?!\d)"
_RULES: tuple[tuple[re.Pattern[str], _Day], ...] = (
    (re.compile(rf"(?<!\d){_YEAR}年?的?{_MONTH_DAY}{_TIME}"), _full),
    (
        re.compile(
            rf"(?<![\d/.-])(?P<year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})(?!\d|[./-]\d)t?{_TIME}"
        ),
        _full,
    ),
    (re.compile(rf"(?<!\d){_YEAR}年?的?(?P<month>{_N})月份?(?!\d)"), _month_of_year),
    (re.compile(rf"(?<![\d年个{CHINESE_DIGITS}]){_MONTH_DAY}{_TIME}"), _month_and_day),
    (
        re.compile(rf"(?P<shift>上上|上|这|本|当|下下|下)(?:一?个)?月(?:份)?(?:的?(?P<day>{_N})[日号])?{_TIME}"),
        _day_of_shifted_month,
    ),
    (
        re.compile(
            rf"(?P<shift>上上|上|这|本|下下|下)?(?:一?个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末1-7])(?!\d|[个次]){_TIME}"
        ),
        _weekday,
    ),
    (
        re.compile(
            rf"(?P<word>大前天|前天|昨[天日]|今[天日]|当天|明[天日]|大后天|后天|昨(?=[晚早夜])|今(?=[早晚])|明(?=[早晚])){_TIME}"
        ),
        _day_away,
    ),
    (
        re.compile(
            rf"(?<!\d)(?P<count>\d{{1,3}}|[{CHINESE_DIGITS}十]{{1,3}}|半)(?P<unit>天|日|周|个?星期|个礼拜|个?月)(?:以|之)?(?P<way>前|后)(?!台)"
        ),
        _ago,
    ),
    (
        re.compile(
            rf"(?<![\d月年第楼路街{CHINESE_DIGITS}])(?P<day>{_N})(?:日|号(?!码|线|楼|院|店|卡|[0-9一二三四五六七八九])){_TIME}"
        ),
        _day_alone,
    ),
)
