"""How many monthly payments: 12期, 分六期, 分12个月, 分一年."""

import re
from collections.abc import Iterator

from shouwen.text.matches import Match
from shouwen.text.numerals import CHINESE_DIGITS, parse_number

_NUMBER = rf"(?P<number>\d{{1,3}}|[{CHINESE_DIGITS}十拾百半]{{1,4}})"
# 第三期 and 上一期 name one payment, 一期 in 那一期 too
_TERMS = re.compile(
    rf"(?<![\d.,第上下这那前每本末首\-{CHINESE_DIGITS}十拾百]){_NUMBER}\s?(?:个)?期(?!货|望|待|权|刊|限)"
)
_SPLIT = re.compile(rf"分(?:成|为|个|到|作)?{_NUMBER}\s?(?:个月|月(?!\d|初|底|末)|(?P<year>年))")
_MONTHS_A_YEAR = 12


def counts(text: str) -> Iterator[Match]:
    """Numbers of payments by name (12期), or in months and years behind 分. The value is a whole number of months."""
    for pattern in (_TERMS, _SPLIT):
        for found in pattern.finditer(text):
            number = parse_number(found["number"])
            if number is None:
                continue
            months = number * _MONTHS_A_YEAR if "year" in found.re.groupindex and found["year"] else number
            if months == int(months) and months > 0:
                yield Match(found.start("number"), found.end(), str(int(months)))
