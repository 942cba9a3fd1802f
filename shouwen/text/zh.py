"""Chinese text in one shape, for understanding and for detection. What a customer reads is never rewritten here."""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from opencc import OpenCC

from shouwen.text.numerals import digits_of, parse_number
from shouwen.text.word_lists import read_lexicon

__all__ = [
    "Folding",
    "digits_of",
    "fold",
    "normalise",
    "parse_number",
    "shanghai_day",
    "simplify",
    "strip_invisible",
    "to_halfwidth",
]

# China has kept UTC+8 without summer time since 1991, so a fixed offset needs no zone database.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})
_FILLERS = "\u115f\u1160\u3164\uffa0"  # letters by category, but drawn as nothing
_INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\u20e3\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e01ef" + _FILLERS + "]"
)
_SPACES = re.compile(r"\s+")
_SPACED_OUT = re.compile(r"(?<!\S)(?:[\u4e00-\u9fff] ){2,}[\u4e00-\u9fff](?!\S)")
_ROUNDS = 4  # a corrected word may form another known slip with its neighbour

_taiwan = OpenCC("tw2sp")
_traditional = OpenCC("t2s")


def shanghai_day(now: datetime) -> date:
    """The calendar day in Shanghai of an aware instant."""
    return now.astimezone(SHANGHAI).date()


def strip_invisible(text: str) -> str:
    """Text without zero-width, control and format characters, variation selectors, keycaps and lone surrogates."""
    return _INVISIBLE.sub("", text)


def simplify(text: str) -> str:
    """Traditional characters and Taiwan's words in their mainland form.

    Text that is already simplified is left alone, because the Taiwan table would turn a mainland 么 or 文件 into
    something else. Lone surrogates are dropped: the converter refuses them.
    """
    if text.isascii():
        return text
    text = re.sub("[\ud800-\udfff]", "", text)
    if _traditional.convert(text) == text:
        return text
    for mainland, taiwan in read_lexicon("typos")["taiwan_guard"].items():
        text = text.replace(mainland, taiwan)
    return str(_taiwan.convert(text))


def normalise(text: str) -> str:
    """Text as the understanding sees it (design.md "A message's way" 2). Idempotent.

    NFKC, nothing invisible, simplified, lower case, known slips put right, single spaces.
    """
    text = strip_invisible(_lower(text))
    text = _SPACES.sub(" ", simplify(text)).strip()
    text = _SPACED_OUT.sub(lambda spaced: spaced.group().replace(" ", ""), text)
    pattern, right = _typos()
    for _ in range(_ROUNDS):
        corrected = pattern.sub(lambda slip: right[slip.group()], text)
        if corrected == text:
            break
        text = corrected
    return text


def _lower(text: str) -> str:
    text = unicodedata.normalize("NFKC", strip_invisible(text)).lower()
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=1)
def _typos() -> tuple[re.Pattern[str], dict[str, str]]:
    lexicon = read_lexicon("typos")
    right = {word: word for word in lexicon["keep"]}
    for correct, slips in lexicon["slips"].items():
        right.update(dict.fromkeys(slips, correct))
    return re.compile(_alternatives(right)), right


def _alternatives(words: dict[str, str]) -> str:
    """One branch per first character, longest word first, so that most positions fail on one comparison."""
    branches: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        after = "(?![a-z])" if word[-1].isascii() else ""
        branches.setdefault(word[0], []).append(re.escape(word[1:]) + after)
    return "|".join(
        f"{'(?<![a-z])' if first.isascii() else ''}{first}(?:{'|'.join(rests)})" for first, rests in branches.items()
    )


class _Fold(dict[str, str]):
    """Each character's folded form, worked out when first met."""

    _LIMIT = 30_000  # a hostile text of rare characters must not fill the memory

    def __missing__(self, char: str) -> str:
        folded = _fold_char(char)
        if len(self) < self._LIMIT:
            self[char] = folded
        return folded


_ROUND_ZEROS = "○◯⭕〇"


def _fold_char(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\n\r\u2028\u2029":
        return "\n"
    if category[0] == "Z" or char in "\t\u2800":
        return " "
    if category in _INVISIBLE_CATEGORIES or char in _FILLERS:
        return ""
    if char in _ROUND_ZEROS:
        return "〇"
    return _as_digits(char, category) or _plain(char)


def _as_digits(char: str, category: str) -> str | None:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char == "🔟":
        return "10"
    number = unicodedata.numeric(char, -1)
    is_numeral = category == "No" or "\u3021" <= char <= "\u3029"
    return str(int(number)) if is_numeral and number == int(number) and 0 <= number < 100 else None


_LOOKALIKES = {"о": "o", "ο": "o", "і": "i", "ι": "i", "х": "x", "χ": "x"}


def _plain(char: str) -> str:
    text = unicodedata.normalize("NFKC", char).lower()
    text = "".join(_LOOKALIKES.get(c, c) for c in text if unicodedata.category(c) not in _INVISIBLE_CATEGORIES)
    return text if text.isascii() else str(_traditional.convert(text))


_folds = _Fold()


class Folding:
    """A folded text and, for each of its characters, where it stands in the original.

    `starts[i]` and `ends[i]` bound the original characters behind `text[i]`; invisible ones belong to the
    character before them.
    """

    __slots__ = ("ends", "starts", "text")

    def __init__(self, text: str, starts: list[int], ends: list[int]) -> None:
        self.text = text
        self.starts = starts
        self.ends = ends


def fold(text: str) -> Folding:
    """Half width, lower case, simplified, any script's digits as 0-9, nothing invisible; Chinese numerals stay."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    folds = _folds
    for index, char in enumerate(text):
        folded = folds[char]
        if not folded:
            if ends:
                ends[-1] = index + 1
            continue
        for one in folded:
            chars.append(one)
            starts.append(index)
            ends.append(index + 1)
    return Folding("".join(chars), starts, ends)


def to_halfwidth(text: str) -> tuple[str, list[int]]:
    """NFKC character by character, and for each resulting character the offset it came from."""
    chars: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        for one in unicodedata.normalize("NFKC", char):
            chars.append(one)
            offsets.append(index)
    return "".join(chars), offsets
