"""The last four digits of a card: 尾号0128, ****0128, 后四位是0128."""

import re
from collections.abc import Iterator

from shouwen.text.matches import Match
from shouwen.text.numerals import CHINESE_DIGITS, to_ascii

_FOUR = rf"(?P<tail>[0-9{CHINESE_DIGITS}]{{4}})(?![0-9{CHINESE_DIGITS}])"
_NAMED = re.compile(
    rf"(?:尾号|尾数|末尾|(?:最?[后末])(?:四|4)位(?:数字?|号码?)?)(?:好像|应该)?(?:是|为|:)?\s?[\"'“(【\[]?\*{{0,16}}{_FOUR}"
)
_MASKED = re.compile(r"(?<![\d*])\*{4}(?P<tail>\d{4})(?!\d)")


def card_tails(text: str) -> Iterator[Match]:
    """Tails by name or behind four stars. The stars in a masked phone number stand behind digits and do not count."""
    for pattern in (_NAMED, _MASKED):
        for found in pattern.finditer(text):
            yield Match(*found.span("tail"), to_ascii(found["tail"]))
