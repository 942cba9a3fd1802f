"""Words that must reach a human in the same turn (tone.md 7c). Word lists stand in lexicon/wishes.yml."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shouwen.text.phrases import CUT, any_of, any_word_of, bare, clauses
from shouwen.text.word_lists import read_lexicon
from shouwen.text.zh import normalise


def find(text: str) -> str | None:
    """What the words ask for: "self_harm", "human", "legal" or "rights", in this order; None when for none of them.

    Any text will do; it is normalised here. A refusal (不用人工) and look-alikes (人工智能, 本人工资) ask for nothing.
    """
    message = _Message(bare(text), [(bare(clause), normalise(clause)) for clause in clauses(text)])
    return next((wish.name for wish in _wishes() if wish.is_in(message)), None)


@dataclass(frozen=True)
class _Message:
    whole: str
    clauses: list[tuple[str, str]]  # without and with its blanks


@dataclass(frozen=True)
class _Wish:
    name: str
    whole: re.Pattern[str]
    words: re.Pattern[str]
    latin: re.Pattern[str]
    words_unless: re.Pattern[str]
    latin_unless: re.Pattern[str]

    def is_in(self, message: _Message) -> bool:
        """Whether the message as a whole, or one of its clauses once the look-alikes are cut out, says it."""
        if self.whole.fullmatch(message.whole):
            return True
        return any(
            self.words.search(self.words_unless.sub(CUT, tight))
            or self.latin.search(self.latin_unless.sub(CUT, spaced))
            for tight, spaced in message.clauses
        )


@lru_cache(maxsize=1)
def _wishes() -> tuple[_Wish, ...]:
    lexicon = read_lexicon("wishes")
    return tuple(_wish(name, lexicon[name]) for name in lexicon["order"])


def _wish(name: str, lists: dict[str, Any]) -> _Wish:
    return _Wish(
        name=name,
        whole=any_of(lists.get("whole", [])),
        words=any_of(lists["words"]),
        latin=any_word_of(lists.get("latin", [])),
        words_unless=any_of(lists.get("words_unless", [])),
        latin_unless=any_word_of(lists.get("latin_unless", [])),
    )
