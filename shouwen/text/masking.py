"""What of a customer's or agent's words may be stored and sent on (identity-and-privacy.md 3.4 and 4).

    masked = mask("卡号6228 4800 ...", previous=[texts of the customer's last messages, as stored])
    masked.text          the words with every secret and personal value behind its mask
    masked.spans         what was hidden, where, and for personal data the original for the vault
    masked.earlier       stricter texts for earlier messages whose digits turned out to be part of a number

Masking a masked text changes nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shouwen.text import addresses, card_details, credentials, labelled, persons, scattered
from shouwen.text.continued import continued
from shouwen.text.disguise import BOUNDARY, Reading, Run, read, runs
from shouwen.text.identifiers import ACCOUNT, CARD, ID_NUMBER, LANDLINE, PERMIT, PHONE
from shouwen.text.masks import mask_of
from shouwen.text.number_spans import Found, in_run
from shouwen.text.spoken_for import Spoken

SECRET_KINDS = credentials.KINDS
_WORTH_READING = re.compile(r"[\w@*]")
_PRIORITY = (
    *sorted(credentials.KINDS),
    persons.EMAIL,
    ID_NUMBER,
    CARD,
    PHONE,
    LANDLINE,
    PERMIT,
    ACCOUNT,
    addresses.ADDRESS,
    persons.LOGIN_NAME,
    persons.NAME,
)
_REST = re.compile(r"[\W_]*")


@dataclass(frozen=True)
class Span:
    """One hidden value. `start`, `end` count in the original text, `masked_start`, `masked_end` in the masked one.

    `value` is the original slice, for the vault; for a number completed across messages all its digits; None for a
    secret, which is dropped. `plain` is the bare value (digits only, half width) for use, None likewise.
    """

    kind: str
    start: int
    end: int
    masked_start: int
    masked_end: int
    mask: str
    value: str | None = field(repr=False)
    plain: str | None = field(repr=False)


@dataclass(frozen=True)
class Masked:
    """A text that may be stored. `earlier` maps an index of `previous` to the text that must replace it."""

    text: str
    spans: tuple[Span, ...] = ()
    earlier: Mapping[int, str] = field(default_factory=dict)

    @property
    def secrets_dropped(self) -> bool:
        """Whether a password, code, CVV or expiry was dropped; the customer is told (3.4)."""
        return any(span.value is None for span in self.spans)

    @property
    def only_masks(self) -> bool:
        """Whether nothing is left but masks, signs and blanks."""
        rest, at = "", 0
        for span in self.spans:
            rest += self.text[at : span.masked_start]
            at = span.masked_end
        return bool(self.spans) and _REST.fullmatch(rest + self.text[at:]) is not None


def mask(text: str, previous: Sequence[str] = ()) -> Masked:
    """Hide secrets and personal data of a new message.

    `previous` are the same person's last messages as they are stored (masked), oldest first; digits they still
    show are joined to the new ones. The last four count.
    """
    if not _WORTH_READING.search(text):
        return Masked(text)
    skipped = max(0, len(previous) - scattered.MESSAGES)
    thread = [*(_one_line(earlier) for earlier in previous[skipped:]), _one_line(text)]
    reading = read(thread if _may_continue(text, previous) else thread[-1:])
    found = _merge(_find(reading, thread))
    last = reading.thread.count(BOUNDARY)
    by_message = _by_message(reading, found)
    spans, masked = _render(text, by_message.get(last, []))
    stricter = {
        index + skipped: _render(previous[index + skipped], pieces)[1]
        for index, pieces in by_message.items()
        if index != last
    }
    return Masked(masked, spans, {index: new for index, new in stricter.items() if new != previous[index]})


def _one_line(text: str) -> str:
    return text.replace(BOUNDARY, " ")


def _may_continue(text: str, previous: Sequence[str]) -> bool:
    """Only a message with digits or latin letters can complete what earlier ones began."""
    return bool(previous) and scattered.CONTINUES.search(text) is not None


def _find(reading: Reading, thread: Sequence[str]) -> list[Found]:
    newest = reading.first_of_last
    mails = list(persons.emails(reading))
    every_run = [run for run in runs(reading) if not _inside(run, mails)]
    all_runs = [run for run in every_run if not run.doubtful]
    spoken = Spoken(reading)
    numbers = _numbers(reading, [run for run in all_runs if run.start >= newest], spoken)
    joined = scattered.across(reading, every_run, spoken, numbers)
    found = [*mails, *numbers, *joined]
    found += scattered.before_whole(reading, every_run, spoken, numbers, joined)
    found += continued(reading, thread, every_run, numbers)
    for card in [number for number in numbers if number.kind == CARD]:
        found += card_details.behind_card(reading, card)
    found += credentials.in_reading(reading, all_runs, spoken)
    found += card_details.expiries(reading)
    found += [*persons.login_names(reading), *persons.names(reading), *addresses.addresses(reading)]
    counts = [one for one in found if one.start >= newest or one.part or one.kind in SECRET_KINDS]
    return [piece for one in counts for piece in _in_one_message(reading, one)]


def _in_one_message(reading: Reading, found: Found) -> Iterator[Found]:
    """A date such as 12/ and 28 in two messages is two pieces."""
    start = found.start
    while BOUNDARY in reading.text[start : found.end]:
        boundary = reading.text.index(BOUNDARY, start)
        if boundary > start:
            yield replace(found, start=start, end=boundary)
        start = boundary + 1
    if start < found.end:
        yield replace(found, start=start)


def _inside(run: Run, mails: Sequence[Found]) -> bool:
    return any(mail.start <= run.start < mail.end for mail in mails)


def _numbers(reading: Reading, new_runs: Iterable[Run], spoken: Spoken) -> list[Found]:
    numbers: list[Found] = []
    for run in new_runs:
        inside = in_run(run, spoken)
        named = None if inside else labelled.permit(reading, run) or labelled.by_word(reading, run, spoken)
        inside += [named] if named else []
        numbers += [_with_touching(run, _with_plus(reading, found)) for found in inside]
    return numbers


def _with_plus(reading: Reading, found: Found) -> Found:
    """+86 goes with the number behind it."""
    has_plus = found.kind == PHONE and len(found.plain) > 11 and reading.text[found.start - 1 : found.start] == "+"
    return replace(found, start=found.start - 1) if has_plus and found.start > reading.first_of_last else found


def _with_touching(run: Run, found: Found) -> Found:
    """Digits right behind a chance card number are hidden with it: `****10801` would be no mask to later messages."""
    for unit in run.units if found.kind == CARD else ():
        if unit.start == found.end and not unit.spelled:
            found = replace(found, end=unit.end, plain=found.plain + unit.digits)
    return found


def _merge(found: list[Found]) -> list[Found]:
    """One span for what overlaps, named after the most protective kind in it."""
    merged: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not merged or one.start >= merged[-1].end:
            merged.append(one)
            continue
        best, other = sorted([merged[-1], one], key=lambda f: _PRIORITY.index(f.kind))
        start, end = min(best.start, other.start), max(best.end, other.end)
        plain = best.plain if (best.start, best.end) == (start, end) else best.plain or ""
        merged[-1] = Found(best.kind, start, end, best.strength, plain, best.part and other.part, best.joined)
    return merged


def _by_message(reading: Reading, found: Iterable[Found]) -> dict[int, list[tuple[Found, int, int]]]:
    """Spans with their offsets in their own message's original text."""
    pieces: dict[int, list[tuple[Found, int, int]]] = {}
    for one in found:
        start, end = reading.starts[one.start], reading.ends[one.end - 1]
        message = reading.thread.count(BOUNDARY, 0, start)
        base = reading.thread.rfind(BOUNDARY, 0, start) + 1
        pieces.setdefault(message, []).append((one, start - base, end - base))
    return pieces


def _render(text: str, pieces: Sequence[tuple[Found, int, int]]) -> tuple[tuple[Span, ...], str]:
    out: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for found, start, end in pieces:
        shown = mask_of(found, text[start:end])
        out += [text[at:start], shown]
        length += start - at
        secret = found.kind in SECRET_KINDS
        value = None if secret else found.plain if found.joined else text[start:end]
        spans.append(
            Span(found.kind, start, end, length, length + len(shown), shown, value, None if secret else found.plain)
        )
        length += len(shown)
        at = end
    out.append(text[at:])
    return tuple(spans), "".join(out)
