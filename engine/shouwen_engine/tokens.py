"""A sentence as tokens: characters, syllables (so that 挂失 and 挂施 meet), or the bank's own words. Pure."""

import os
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

# phrases would read 行 as háng or xíng by its neighbours; a slip of the input method has other neighbours
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

import jieba
from pypinyin import lazy_pinyin

Tokeniser = Callable[[str], list[str]]

START, END = "^", "$"
_DIGITS = re.compile(r"\d+")
# pairs that dialects and fast typing do not keep apart
_BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


def characters(text: str) -> list[str]:
    """Each character; any run of digits is one `0`, since which number it is says nothing about the topic."""
    return list(_DIGITS.sub("0", text))


def syllables(text: str) -> list[str]:
    """Each character's reading without tones and without the pairs that are often confused."""
    return [_syllable(char) for char in _DIGITS.sub("0", text)]


@lru_cache(maxsize=20_000)
def _syllable(char: str) -> str:
    readings = lazy_pinyin(char)
    reading = readings[0] if readings else char
    for precise, blurred in _BLURRED:
        reading = reading.replace(precise, blurred)
    return reading


def word_tokeniser(dictionary: Path) -> Tokeniser:
    """Cuts by the bank's dictionary alone; whatever is not in it comes out in single characters."""
    cutter = jieba.Tokenizer()
    cutter.FREQ, cutter.total = _frequencies(dictionary)
    cutter.initialized = True  # jieba's own dictionary would cost half a second and a file in /tmp

    def words(text: str) -> list[str]:
        return [word for word in cutter.cut(text, HMM=False) if len(word) > 1]

    return words


def _frequencies(dictionary: Path) -> tuple[dict[str, int], int]:
    frequencies: dict[str, int] = {}
    total = 0
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if not word:
            continue
        count = int(rest.split(" ")[0] or 1)
        frequencies[word] = count
        total += count
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)
    return frequencies, max(total, 1)


def ngrams(tokens: Sequence[str], lowest: int, highest: int) -> list[str]:
    """All runs of `lowest` to `highest` tokens, with marks at both ends of the sentence."""
    marked = [START, *tokens, END]
    return [
        "\x1f".join(marked[at : at + length])
        for length in range(lowest, highest + 1)
        for at in range(len(marked) - length + 1)
    ]
