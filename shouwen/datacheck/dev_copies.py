"""Training sentences that copy the measuring sentences, which would make the measure a lie."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shouwen.datacheck.corpus import Sentence, sentence_key
from shouwen.datacheck.fault import Fault

CHECK = "dev"
LIKENESS = 0.7  # Jaccard of character trigrams; from here on it is the same sentence to a model
_GRAM = 3


@dataclass(frozen=True)
class _Known:
    line: int
    text: str
    grams: frozenset[str]


def check_dev_copies(sentences: Sequence[Sentence], dev: Sequence[tuple[int, str]], dev_name: str) -> Iterator[Fault]:
    """Copies and near-copies of `dev`, which is (line, text) of each measuring sentence.

    Both sides are compared normalised and without punctuation; under three characters only an equal one counts.
    """
    known = [_Known(line, text, _grams(sentence_key(text))) for line, text in dev]
    holders: dict[str, list[int]] = {}
    for index, one in enumerate(known):
        for gram in one.grams:
            holders.setdefault(gram, []).append(index)
    for sentence in sentences:
        grams = _grams(sentence.key)
        shared = Counter(index for gram in grams for index in holders.get(gram, ()))
        for index, count in shared.items():
            one = known[index]
            likeness = count / (len(grams) + len(one.grams) - count)
            if likeness >= LIKENESS:
                what = f"“{sentence.text}” is {likeness:.2f} like {dev_name}:{one.line} “{one.text}”"
                yield Fault(
                    "error", CHECK, sentence.path, sentence.line, what, "drop it, or say it in words of your own"
                )


def _grams(key: str) -> frozenset[str]:
    if len(key) < _GRAM:
        return frozenset((key,))
    return frozenset(key[start : start + _GRAM] for start in range(len(key) - _GRAM + 1))
