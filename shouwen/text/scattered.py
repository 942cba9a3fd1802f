"""Numbers spread over a customer's last messages, or over one message with words such as 杠 between the digits."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shouwen.text.disguise import BOUNDARY, Reading, Run, Unit
from shouwen.text.identifiers import CARD, ID_NUMBER, LONGEST, PHONE, POSSIBLE, Claim, begun_by, is_joined
from shouwen.text.number_spans import Found, overlap
from shouwen.text.numerals import CHINESE_DIGITS
from shouwen.text.spoken_for import Spoken, is_hotline

MESSAGES = 4  # earlier messages that are looked at (design.md 5)
CONTINUES = re.compile(r"[0-9a-zA-Z]|[^\x00-\x7f]")
_FEWEST_OF_CARD = 5  # digits
_MOST_OF_ID = 14  # of 18 signs

_JOINING = re.compile(
    r"[\W_]*(?:横?杠|横线|斜[杠线]|下划线|空格|减号?|点|逗号|dash|(?:然后|接着|后面|中间|最后|再|还有)(?:再|加|是|就是)*)[\W_]*"
)
_JOINING_WORD = re.compile("杠|[横斜]线|划线|空格|减|点|逗号|dash|然后|接着|后面|中间|最后|再|还有")
_NO_SIGN = rf"[^a-z0-9{CHINESE_DIGITS}{BOUNDARY}]*"
_LONE_O = re.compile(rf"(?:^|(?<={BOUNDARY})){_NO_SIGN}(?P<zero>o){_NO_SIGN}(?=$|{BOUNDARY})")
_LONE_X = re.compile(r"[^a-z]{0,40}?(?<![a-z0-9])x(?![a-z0-9])")


@dataclass(frozen=True)
class _Link:
    unit: Unit
    message: int
    loose: bool
    breaks: bool


def across(reading: Reading, all_runs: Sequence[Run], spoken: Spoken, known: Sequence[Found]) -> list[Found]:
    """Numbers whose digits stand in several messages, or apart by words such as 杠 and 然后.

    A number already found counts as one piece: 11 digits that looked like a phone may begin an ID number. Each
    piece comes back by itself; the last one carries the whole number.
    """
    if reading.first_of_last == 0 and not _JOINING_WORD.search(reading.text):
        return []
    found: list[list[Found]] = []
    all_runs = sorted([*all_runs, *_lone_zeros(reading)], key=lambda run: run.start)
    for generous in (False, True):
        links = _links(reading, all_runs, spoken, known, generous=generous)
        for first in range(len(links)):
            window = _joined(links, first, reading.first_of_last)
            if window:
                claim, last = window
                found.append(_pieces(claim, links[first : last + 1]))
    found.sort(key=lambda pieces: (-pieces[-1].strength, -len(pieces[-1].plain)))
    chosen: list[Found] = []
    for pieces in found:
        if not any(overlap(piece, other) for piece in pieces for other in chosen):
            chosen += pieces
    return chosen


def before_whole(
    reading: Reading, all_runs: Sequence[Run], spoken: Spoken, known: Sequence[Found], joined: Sequence[Found]
) -> Iterator[Found]:
    """Digits that form the beginning of a longer number with the one that ends the newest message.

    `193****0100` may be a phone number or the middle of an ID number. What comes next cannot tell any more, because
    the digits behind the mask are gone by then; so what stands before it is hidden now.
    """
    hidden = [*known, *joined]
    wholes = [found for found in hidden if not found.part]
    for generous in (False, True):
        links = _links(reading, all_runs, spoken, known, generous=generous)
        if not links or links[-1].unit.end not in {found.end for found in hidden}:
            continue
        digits = links[-1].unit.digits
        for first in range(len(links) - 2, -1, -1):
            if links[first + 1].breaks or len(digits) >= LONGEST:
                break
            digits = links[first].unit.digits + digits
            kind = begun_by(digits)
            before = links[first:-1]
            earlier = before[0].message < links[-1].message
            if kind == ID_NUMBER or (kind == CARD and earlier and not _is_amount(before)):
                pieces = (replace(piece, part=True) for piece in _pieces(Claim(kind, POSSIBLE), before))
                yield from (piece for piece in pieces if not any(overlap(piece, whole) for whole in wholes))


def _is_amount(links: Sequence[_Link]) -> bool:
    """Few or round digits before a phone number are rather an amount than the beginning of a card number."""
    digits = "".join(link.unit.digits for link in links)
    return len(digits) < _FEWEST_OF_CARD or digits.endswith("00")


def _links(
    reading: Reading, all_runs: Sequence[Run], spoken: Spoken, known: Sequence[Found], *, generous: bool
) -> list[_Link]:
    """The digits that may belong together. Generous: with lone Chinese digits, hotlines and dates among them."""
    links: list[_Link] = []
    end = 0
    within = {at: found for found in known for at in range(found.start, found.end)}
    for run in all_runs:
        if run.doubtful and not generous:
            continue
        alone = _is_alone(reading.text, run)
        for index, unit in enumerate(_merged(run, within)):
            if not alone and spoken.by_words(unit):
                continue
            if not generous and (is_hotline(unit) or spoken.in_spaced_date(unit)):
                continue
            between = reading.text[end : unit.start]
            joins = index or BOUNDARY in between or _JOINING.fullmatch(between)
            links.append(_Link(unit, run.message, loose=not index, breaks=not joins))
            end = unit.end
    last_sign = _LONE_X.match(reading.text, max(end, reading.first_of_last))
    if last_sign and links:
        at = last_sign.end() - 1
        links.append(_Link(Unit("X", at, at + 1), links[-1].message + 1, loose=True, breaks=False))
    return links


def _lone_zeros(reading: Reading) -> Iterator[Run]:
    """A lone o in a message without digits: a zero, if the digits around complete a number."""
    for found in _LONE_O.finditer(reading.text):
        at = found.start("zero")
        yield Run((Unit("0", at, at + 1),), reading.text.count(BOUNDARY, 0, at), doubtful=True)


def _is_alone(text: str, run: Run) -> bool:
    """Whether the run is all its message says: then 95599 may as well be a part of a card number."""
    begin = text.rfind(BOUNDARY, 0, run.start) + 1
    end = text.find(BOUNDARY, run.end)
    around = text[begin : run.start] + text[run.end : len(text) if end < 0 else end]
    return not any(char.isalnum() for char in around)


def _merged(run: Run, within: Mapping[int, Found]) -> Iterator[Unit]:
    inside: Found | None = None
    for unit in run.units:
        if inside and unit.start < inside.end:
            continue
        inside = within.get(unit.start)
        yield Unit(inside.plain, inside.start, inside.end) if inside else unit


def _joined(links: Sequence[_Link], first: int, newest: int) -> tuple[Claim, int] | None:
    """The strongest number from a link on, with a word or a message in between, that ends in the newest message."""
    digits = ""
    best: tuple[Claim, int] | None = None
    loose = False
    for last in range(first, len(links)):
        link = links[last]
        if last > first and link.breaks:
            break
        digits += link.unit.digits
        if len(digits) > LONGEST:
            break
        loose = loose or (last > first and link.loose)
        claim = is_joined(digits) if loose and link.unit.start >= newest else None
        if claim and (best is None or claim.strength >= best[0].strength):
            best = claim, last
    return _longer(links, first, best) if best and best[0].kind == PHONE else best


def _longer(links: Sequence[_Link], first: int, best: tuple[Claim, int]) -> tuple[Claim, int]:
    """Digits right behind a phone number may show that it is the beginning of an ID number, still to be completed.

    Where few stand there the phone number's mask stays: it tells `continued` that more is to come.
    """
    behind = list(itertools.takewhile(lambda link: not (link.breaks or link.loose), links[best[1] + 1 :]))
    last = best[1] + len(behind)
    digits = "".join(link.unit.digits for link in links[first : last + 1])
    begun = len(digits) >= _MOST_OF_ID and begun_by(digits) == ID_NUMBER
    return (Claim(ID_NUMBER, POSSIBLE), last) if behind and begun else best


def _pieces(claim: Claim, links: Sequence[_Link]) -> list[Found]:
    digits = "".join(link.unit.digits for link in links)
    groups: dict[int, list[Unit]] = {}
    for link in links:
        groups.setdefault(link.message, []).append(link.unit)
    last = max(groups)
    return [
        Found(claim.kind, units[0].start, units[-1].end, claim.strength, digits, message != last, len(groups) > 1)
        for message, units in groups.items()
    ]
