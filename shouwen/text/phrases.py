"""Patterns of word lists, and the pieces of a text they are matched on."""

import re
import unicodedata
from collections.abc import Sequence

from shouwen.text.zh import normalise

_SENTENCE_END = re.compile(r"[。!?;\n]+")
_CLAUSE_END = re.compile(r"[。!?;,\n]+")
_NOT_A_WORD = re.compile(r"[\W_]+")
CUT = "\n"  # stands where words were taken out: no `.` of a pattern reaches across it


def any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """One pattern for all of them, upper and lower case alike; with no pattern given it never matches."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE)


def any_word_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """The same for latin words: none matches inside a longer word, and a blank stands for any number of blanks."""
    inner = any_of([pattern.replace(" ", r"\s*") for pattern in patterns]).pattern
    return re.compile(rf"(?<![a-z])(?:{inner})(?![a-z])", re.IGNORECASE)


def clauses(text: str) -> list[str]:
    """The half-width clauses of a text, cut at 。！？；， and at line ends; blanks around them are gone."""
    return _pieces(_CLAUSE_END, text)


def sentences(text: str) -> list[str]:
    """The half-width sentences of a text, cut at 。！？； and at line ends; blanks around them are gone."""
    return _pieces(_SENTENCE_END, text)


def bare(text: str) -> str:
    """Normalised text with nothing but letters and digits: 转*人 工 becomes 转人工."""
    return _NOT_A_WORD.sub("", normalise(text))


def _pieces(end: re.Pattern[str], text: str) -> list[str]:
    pieces = (piece.strip() for piece in end.split(unicodedata.normalize("NFKC", text)))
    return [piece for piece in pieces if piece]
