"""Finding cards, ID numbers and phone numbers in a digit run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shouwen.text.disguise import Run, Unit
from shouwen.text.identifiers import (
    ACCOUNT,
    CARD,
    CERTAIN,
    ID_NUMBER,
    LANDLINE,
    LIKELY,
    LONGEST,
    PHONE,
    POSSIBLE,
    classify,
    id_checksum_holds,
    is_dated,
    luhn_holds,
)
from shouwen.text.spoken_for import Spoken, is_round_list

_FEWEST = 10
_PHONE_GROUPS = {(3, 4, 4), (3, 3, 5), (4, 4, 3), (3, 4, 3), (4, 3, 4), (2, 4, 4)}  # mobile, landline, after +86


@dataclass(frozen=True)
class Found:
    """A number in a reading: where, what, its bare digits.

    `joined`: one piece of a number that stands in several messages; `part`: not its last piece.
    """

    kind: str
    start: int
    end: int
    strength: int
    plain: str
    part: bool = False
    joined: bool = False


def in_run(run: Run, spoken: Spoken) -> list[Found]:
    """The numbers in one run. What any believable reading claims is covered; the best reading names it."""
    if sum(len(unit.digits) for unit in run.units) < _FEWEST:
        return []
    taken = [spoken.holds(unit) for unit in run.units]
    windows = list(_windows(run, round_list=is_round_list(run)))
    chosen = _choose([found for found, first, last in windows if not any(taken[first : last + 1])])
    if any(taken):
        free = [unit for unit, is_taken in zip(run.units, taken) if not is_taken]  # noqa: B905 - one for each unit
        for found in _choose([found for found, first, last in windows if any(taken[first : last + 1])]):
            chosen = _with_spoken(chosen, found, free)
    for unit in run.units:
        if len(unit.digits) > LONGEST:
            chosen += _inside(unit)
    if any(found.kind in (PHONE, LANDLINE) and _is_unclear(run, found) for found in chosen):
        return [Found(ACCOUNT, run.start, run.end, POSSIBLE, run.digits)]
    return sorted(chosen, key=lambda found: found.start)


def _is_unclear(run: Run, found: Found) -> bool:
    """Among more digits, eleven that are not grouped as phone numbers are may be the middle of something longer."""
    pieces = tuple(len(unit.digits) for unit in run.units if found.start <= unit.start < found.end)
    touching = [unit for unit in run.units if unit.end == found.start or unit.start == found.end]
    strange = len(pieces) > 2 and pieces[-3:] not in _PHONE_GROUPS and len(pieces) < len(run.units)
    return strange or any(len(unit.digits) > 1 for unit in touching)


def _with_spoken(chosen: list[Found], found: Found, free: Sequence[Unit]) -> list[Found]:
    """A number over a hotline or the like counts where nothing else does, or where it explains more free digits.

    In `95599, 13800138000` a chance card of 16 digits would explain only the hotline besides the phone.
    """
    touched = [other for other in chosen if overlap(found, other)]
    explained = [unit for unit in free if found.start <= unit.start < found.end]
    more = any(not any(other.start <= unit.start < other.end for other in touched) for unit in explained)
    same = all(other.kind == found.kind and other.strength <= found.strength for other in touched)
    if found.kind == ID_NUMBER:
        more = more or all(found.start <= other.start and other.end <= found.end for other in touched)
    if not (same or (more and found.strength >= LIKELY)):
        return chosen
    return [*(other for other in chosen if other not in touched), _united([*touched, found])]


def _windows(run: Run, *, round_list: bool) -> Iterator[tuple[Found, int, int]]:
    units = run.units
    for first in range(len(units)):
        digits = ""
        for last in range(first, len(units)):
            digits += units[last].digits
            if len(digits) > LONGEST:
                break
            claim = classify(digits, whole=first == last)
            if claim and not (round_list and not digits.startswith("62")):
                yield Found(claim.kind, units[first].start, units[last].end, claim.strength, digits), first, last


def _choose(windows: list[Found]) -> list[Found]:
    """The strongest windows that do not overlap; an overlapping LIKELY one widens what it touches.

    So no digit that some strong reading claims stays, whichever reading was right.
    """
    chosen: list[Found] = []
    passed: list[Found] = []
    owner: dict[int, Found] = {}
    for found in sorted(windows, key=lambda f: (-f.strength, -len(f.plain), f.start)):
        if any(at in owner for at in range(found.start, found.end)):
            passed.append(found)
            continue
        chosen.append(found)
        owner.update(dict.fromkeys(range(found.start, found.end), found))
    wider = [f for f in passed if f.strength >= LIKELY and not _is_inside_one(f, owner)]
    return _unite_overlapping(chosen + wider) if wider else chosen


def _is_inside_one(found: Found, owner: dict[int, Found]) -> bool:
    first = owner.get(found.start)
    return first is not None and first.end >= found.end


def _unite_overlapping(windows: list[Found]) -> list[Found]:
    groups: list[list[Found]] = []
    end = -1
    for found in sorted(windows, key=lambda f: f.start):
        if found.start < end:
            groups[-1].append(found)
        else:
            groups.append([found])
        end = max(end, found.end)
    return [_united(group) for group in groups]


def _united(group: Sequence[Found]) -> Found:
    best = max(group, key=lambda f: (f.strength, len(f.plain)))
    last = max(group, key=lambda f: f.end)
    start = min(f.start for f in group)
    return Found(best.kind, start, last.end, best.strength, best.plain[:-4] + last.plain[-4:])


def overlap(one: Found, other: Found) -> bool:
    """Whether two finds share a character."""
    return one.start < other.end and other.start < one.end


def _inside(unit: Unit) -> Iterator[Found]:
    """In 20 and more digits without a gap (order numbers): only a UnionPay card or a valid ID number is believed."""
    digits = unit.digits
    for at in range(len(digits) - 15):
        if digits.startswith("62", at):
            for length in (19, 18, 17, 16):
                card = digits[at : at + length]
                if len(card) == length and luhn_holds(card):
                    yield Found(CARD, unit.start + at, unit.start + at + length, CERTAIN, card)
                    return
        number = digits[at : at + 18]
        if len(number) == 18 and not is_dated(number) and id_checksum_holds(number):
            claim = classify(number, whole=False)
            if claim and claim.kind == ID_NUMBER and claim.strength == CERTAIN:
                yield Found(ID_NUMBER, unit.start + at, unit.start + at + 18, CERTAIN, number)
                return
