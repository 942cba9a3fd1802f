"""Amounts, counts, dates and card tails in a customer's words, by rule, on masked text (design.md "Understanding").

extract("上周五转了三万五", today=date(2026, 11, 22))
# date 2026-11-13, amount 35000
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shouwen.text.amounts import amounts
from shouwen.text.card_tails import card_tails
from shouwen.text.counts import counts
from shouwen.text.dates import dates
from shouwen.text.matches import Match
from shouwen.text.zh import to_halfwidth


@dataclass(frozen=True)
class Entity:
    """`kind`: amount, count, date or card_tail. `start` and `end` count in the text as given; `text` is that slice.

    `value`: an amount in CNY as a decimal string; a count of monthly payments in digits;
    a date as ISO 8601 (`2026-11`, `2026-11-20`, `2026-11-20T20:30`,
    Shanghai time); the four digits of a card tail.
    """

    kind: str
    start: int
    end: int
    text: str
    value: str


def extract(text: str, *, today: date) -> list[Entity]:
    """The entities of a text in order, none overlapping; `today` is the day in Shanghai relative dates start from."""
    plain, offsets = to_halfwidth(text)
    plain = plain.lower() if len(plain.lower()) == len(plain) else plain
    offsets.append(len(text))
    entities: list[Entity] = []
    taken: list[Match] = []
    for kind, match in _matches(plain, today):
        if any(match.start < other.end and other.start < match.end for other in taken):
            continue
        taken.append(match)
        start, end = offsets[match.start], offsets[match.end]
        entities.append(Entity(kind, start, end, text[start:end], match.value))
    return sorted(entities, key=lambda entity: entity.start)


def _matches(plain: str, today: date) -> Iterator[tuple[str, Match]]:
    for tail in card_tails(plain):
        yield "card_tail", tail
    for count in counts(plain):
        yield "count", count
    for day in dates(plain, today):
        yield "date", day
    for amount in amounts(plain):
        yield "amount", amount
