"""Signs of fraud behind a wish, and of somebody who speaks for the customer. Lists: lexicon/coercion.yml (R76)."""

import re
from functools import lru_cache

from shouwen.text.phrases import CUT, any_of, bare, clauses
from shouwen.text.word_lists import read_lexicon


def speaks_of_fraud(text: str) -> bool:
    """Whether the words sound as if the customer were being cheated, or steered by somebody."""
    return _says("fraud", text)


def speaks_for_another(text: str) -> bool:
    """Whether somebody writes for the account's owner."""
    return _says("another", text)


def _says(name: str, text: str) -> bool:
    words, unless = _lists()[name]
    return any(words.search(unless.sub(CUT, bare(clause))) for clause in clauses(text))


@lru_cache(maxsize=1)
def _lists() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    lexicon = read_lexicon("coercion")
    return {name: (any_of(lexicon[name]["words"]), any_of(lexicon[name]["unless"])) for name in ("fraud", "another")}
