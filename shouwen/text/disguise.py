"""Reading numbers through their disguises: full width, circled, other scripts, Chinese numerals, O for 0, separators.

A thread of messages is read as one folded text (`zh.fold`), the messages apart by `BOUNDARY`. Digits that only
separators keep apart form a `Run`; a run is cut into `Unit`s, and a number can only begin or end where a unit does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shouwen.text.numerals import CHINESE_DIGITS, to_ascii
from shouwen.text.zh import fold

BOUNDARY = "\x1e"
OPAQUE = "㐀"  # stands for a mask that is already there, in a reading: a letter, so nothing joins across it

MASKED = re.compile(
    r"\[(?:密码已隐藏|验证码|已隐藏|地址)\]"
    r"|(?<![\d*])1\d\d\*{4}\d{4}(?!\d)|(?<![\d*])0\d{2,3}\*{4}\d{4}(?!\d)|(?<![\d*])\d\*{4}\d{3}(?!\d)"
    r"|(?<![\d*])\*{4}\d{4}(?!\d)|(?<![\d*])\*{4}(?![\d*])"
    r"|(?<![\d*])\d\*{13,16}[\dx](?!\d)|(?<![a-z\d*])[a-z]\*{4,9}\d{2}(?!\d)"
    r"|(?<![\w.*])[\w.+-]{1,3}\*{3}@[a-z0-9.-]{1,80}"
)
_LATIN_LOOKALIKES = {"o": "0", "i": "1", "l": "1"}
_SPOKEN = {"洞": "0", "拐": "7", "勾": "9"}  # as soldiers and radio operators say 0, 7 and 9
_WEAK = {**_LATIN_LOOKALIKES, **_SPOKEN}
_DIGIT = f"[0-9{CHINESE_DIGITS}]"
_GAP = rf"(?:[^\w{BOUNDARY}]|[_oil洞拐勾])"
_RUN = re.compile(
    rf"(?:(?<![a-z])[oil]{{1,8}}(?={_DIGIT}))?{_DIGIT}(?:{_GAP}{{0,24}}{_DIGIT})*(?:[oil]{{1,8}}(?![a-wyz]))?"
    rf"(?:(?:[^\w{BOUNDARY}]|_){{0,6}}x(?![a-z0-9]))?"
)
_PIECE = re.compile(r"[0-9]+|[oil]+|[洞拐勾]+|x|[^\W\d_]+|[\W_]+")


@dataclass(frozen=True)
class Unit:
    """Digits with nothing between them, in one kind of writing. `digits` may be `X`, the last sign of an ID number."""

    digits: str
    start: int
    end: int
    spelled: bool = False


@dataclass(frozen=True)
class Run:
    """Units apart by separators only, all in one message.

    `doubtful`: a lone Chinese digit with a word on one side (号码是六, 一直), a number only if others complete it.
    """

    units: tuple[Unit, ...]
    message: int
    doubtful: bool = False

    @property
    def start(self) -> int:
        """Where the first digit stands in the reading."""
        return self.units[0].start

    @property
    def end(self) -> int:
        """Behind the last digit in the reading."""
        return self.units[-1].end

    @property
    def digits(self) -> str:
        """All digits."""
        return "".join(unit.digits for unit in self.units)


@dataclass(frozen=True)
class Reading:
    """A thread of messages, folded. `starts` and `ends` lead back to `thread`, the messages joined by BOUNDARY."""

    thread: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    first_of_last: int
    """Where the newest message begins in `text`."""

    @property
    def ascii(self) -> str:
        """The text with Chinese digits as 0-9, one character for one."""
        return to_ascii(self.text)


def read(messages: Sequence[str]) -> Reading:
    """Fold the messages and hide the masks that are already in them."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    base = first_of_last = 0
    for index, message in enumerate(messages):
        if index:
            texts.append(BOUNDARY)
            starts.append(base - 1)
            ends.append(base)
            first_of_last = len(starts)
        folding = fold(message)
        texts.append(MASKED.sub(_opaque, folding.text) if "*" in folding.text or "[" in folding.text else folding.text)
        starts += [base + at for at in folding.starts]
        ends += [base + at for at in folding.ends]
        base += len(message) + 1
    return Reading(BOUNDARY.join(messages), "".join(texts), starts, ends, first_of_last)


def _opaque(found: re.Match[str]) -> str:
    return OPAQUE * len(found.group())


def runs(reading: Reading, start: int = 0) -> Iterator[Run]:
    """The digit runs of a reading from a place in it, in order."""
    text = reading.text
    message, counted = 0, 0
    for found in _RUN.finditer(text, start):
        message += text.count(BOUNDARY, counted, found.start())
        counted = found.start()
        for units in _cut(text, found.start(), found.end()):
            sides = _words_beside(text, units)
            if sides < 2:
                yield Run(tuple(units), message, doubtful=sides == 1)


def _cut(text: str, start: int, end: int) -> Iterator[list[Unit]]:
    """Units between two places; a word of look-alike letters that is no number (oil) ends a run."""
    pieces = list(_PIECE.finditer(to_ascii(text[start:end])))
    around = ["", *(piece.group() for piece in pieces), ""]
    units: list[Unit] = []
    for index, piece in enumerate(pieces):
        digits = _digits(piece.group(), around[index], around[index + 2])
        if digits:
            units += _by_writing(text, digits, start + piece.start(), start + piece.end())
        elif piece.group()[0].isalpha() and units:
            yield units
            units = []
    if units:
        yield units


def _digits(piece: str, before: str, after: str) -> str | None:
    if piece[0].isdigit():
        return piece
    if piece == "x":
        return "X"
    if piece[0] not in _WEAK:
        return None
    touches = before[:1].isdigit() or after[:1].isdigit()
    if piece[0] in _SPOKEN:
        touches = before[:1].isdigit() and after[:1].isdigit()
    elif set(piece) <= {"o"} or set(piece) <= {"i", "l"}:
        touches = True
    return "".join(_WEAK[c] for c in piece) if touches else None


def _by_writing(text: str, digits: str, start: int, end: int) -> Iterator[Unit]:
    """Cut where ASCII digits and Chinese ones meet: 第一6228... must leave 6228 a beginning of its own."""
    begin = start
    for at in range(start + 1, end + 1):
        if at == end or text[at].isascii() != text[begin].isascii():
            yield Unit(digits[begin - start : at - start], begin, at, not text[begin].isascii())
            begin = at


def _words_beside(text: str, units: list[Unit]) -> int:
    """On how many sides a lone Chinese digit touches other characters: 2 in 第三方, 1 in 万一, else 0."""
    if len(units) != 1 or not units[0].spelled or len(units[0].digits) > 1:
        return 0
    before, after = text[units[0].start - 1 : units[0].start], text[units[0].end : units[0].end + 1]
    return int(before.isalnum()) + int(after.isalnum())
