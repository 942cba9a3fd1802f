"""How a customer sounds: angry, elderly, helpless (tone.md 7d, R22, R76). Word lists stand in lexicon/mood.yml.

Used to offer a human in the first sentence (7c) and to begin with empathy (T4); never to refuse or to rank.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from shouwen.text.phrases import CUT, any_of, any_word_of, bare, clauses
from shouwen.text.word_lists import read_lexicon
from shouwen.text.zh import normalise


@dataclass(frozen=True)
class Mood:
    """What a message sounds like. All False is calm."""

    angry: bool = False
    elderly: bool = False
    helpless: bool = False


def read(text: str) -> Mood:
    """The mood of one message. Polite words outweigh one mild sign of anger, never a strong one."""
    lexicon = _lexicon()
    said = lexicon.guards.sub(CUT, CUT.join(bare(clause) for clause in clauses(text)))
    return Mood(
        angry=_anger(text, said, lexicon) >= lexicon.threshold,
        elderly=bool(lexicon.elderly.search(said)),
        helpless=bool(lexicon.helpless.search(said)),
    )


@dataclass(frozen=True)
class _Lexicon:
    threshold: int
    guards: re.Pattern[str]
    strong: re.Pattern[str]
    strong_latin: re.Pattern[str]
    mild: tuple[re.Pattern[str], ...]
    marks: tuple[re.Pattern[str], ...]
    polite: re.Pattern[str]
    elderly: re.Pattern[str]
    helpless: re.Pattern[str]


def _anger(text: str, said: str, lexicon: _Lexicon) -> int:
    """A strong word reaches the threshold alone; each kind of mild sign counts one, politeness takes one off."""
    if lexicon.strong.search(said) or lexicon.strong_latin.search(normalise(text)):
        return lexicon.threshold
    marked = unicodedata.normalize("NFKC", text)
    mild = sum(bool(sign.search(said)) for sign in lexicon.mild)
    mild += sum(bool(sign.search(marked)) for sign in lexicon.marks)
    return mild - bool(lexicon.polite.search(said))


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data = read_lexicon("mood")
    names = {f"{{{name}}}": pattern for name, pattern in data["names"].items()}

    def spelled(pattern: str) -> str:
        for name, meaning in names.items():
            pattern = pattern.replace(name, meaning)
        return pattern

    return _Lexicon(
        threshold=data["threshold"],
        guards=any_of(data["guards"]),
        strong=any_of(data["strong"]),
        strong_latin=any_word_of(data["strong_latin"]),
        mild=tuple(any_of([spelled(pattern)]) for pattern in data["mild"]),
        marks=tuple(any_of([pattern]) for pattern in data["marks"]),
        polite=any_of(data["polite"]),
        elderly=any_of([spelled(pattern) for pattern in data["elderly"]]),
        helpless=any_of([spelled(pattern) for pattern in data["helpless"]]),
    )
