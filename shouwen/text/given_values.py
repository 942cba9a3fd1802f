"""Values that a customer types into the chat although a secure form waits for them (identity §3.4).

Only a message that is nothing but the values counts: a question that holds a number is a question.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from shouwen.text import zh
from shouwen.text.numerals import CHINESE_DIGITS
from shouwen.text.persons import is_whole_name
from shouwen.text.phrases import any_of, bare
from shouwen.text.word_lists import read_lexicon

Channel = Literal["sms", "voice"]

_D = rf"[0-9{CHINESE_DIGITS}]"
_GAP = r"[\s\-_.·*]{0,3}"
# As many digits as somebody types who means the field, right or wrong: the form says what is missing.
_NUMBERS = {
    "phone": re.compile(rf"\+?{_D}(?:{_GAP}{_D}){{6,14}}"),
    "otp": re.compile(rf"{_D}(?:{_GAP}{_D}){{3,7}}"),
    # beside a name only 0-9: 三 may be part of it
    "id_number": re.compile(rf"[0-9](?:{_GAP}[0-9]){{13,18}}(?:{_GAP}x)?"),
    "card_tail": re.compile(rf"[0-9](?:{_GAP}[0-9]){{2,18}}"),
}
_SIGNS = re.compile(r"(?:(?!·)[\W_])+")


def recognise(field_names: Collection[str], text: str) -> dict[str, str] | None:
    """The values in a message that holds them and nothing else, by field; None when it is an ordinary message.

    A name alone counts only where nothing else is asked for. Values are as typed: `identity.fields.check` judges them.
    """
    folded = zh.fold(text).text.strip()
    numbers = [name for name in field_names if name in _NUMBERS]
    if not numbers:
        name = _name_in(folded)
        return {"name": name} if name else None
    [field] = numbers
    found = list(_NUMBERS[field].finditer(folded))
    if len(found) != 1:
        return None
    value = found[0].group()
    rest = f"{folded[: found[0].start()]} {folded[found[0].end() :]}"
    if not _without_words(rest, field):
        return {field: value}
    if "name" not in field_names:
        return None
    name = _name_in(_trimmed(rest, field))
    return {"name": name, field: value} if name else None


def asks_again(text: str) -> Channel | None:
    """Whether a short message asks for another code, and which way; None when it is about something else."""
    lists = _lists()
    words = bare(text)
    if len(words) > lists.longest:
        return None
    return next((channel for channel, pattern in lists.asks_again.items() if pattern.search(words)), None)


def _name_in(text: str) -> str | None:
    name = _trimmed(text, "name")
    return name if is_whole_name(name) else None


def _without_words(text: str, field: str) -> str:
    """What is left of a text without labels, fillers and signs."""
    return _lists().words[field].sub("", _SIGNS.sub("", text))


def _trimmed(text: str, field: str) -> str:
    """A text without what stands before and behind a value, and without signs; its middle stays."""
    before, behind = _lists().edges[field]
    text = _SIGNS.sub(" ", text).strip()
    return behind.sub("", before.sub("", text)).strip()


@dataclass(frozen=True)
class _Lists:
    words: dict[str, re.Pattern[str]]
    edges: dict[str, tuple[re.Pattern[str], re.Pattern[str]]]
    asks_again: dict[Channel, re.Pattern[str]]
    longest: int


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    lexicon = read_lexicon("given_values")
    asked, fillers = lexicon["asks_again"], "|".join(lexicon["fillers"])
    words, edges = {}, {}
    for field, labels in lexicon["labels"].items():
        words[field] = any_of([labels, fillers])
        # a filler may be the end of a name, so behind one it must stand apart; a label may not
        behind = re.compile(rf"(?:\s*(?:{labels})|\s+(?:{fillers}))+$")
        edges[field] = re.compile(rf"^(?:(?:{labels}|{fillers})\s*)+"), behind
    return _Lists(words, edges, {"voice": any_of([asked["voice"]]), "sms": any_of([asked["sms"]])}, asked["longest"])
