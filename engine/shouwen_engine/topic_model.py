"""The trained understanding: text in, ranked topics out. Knows nothing of Rasa, so a grid search needs none."""

import json
import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Optional

import numpy as np
from scipy.sparse import csr_matrix

from shouwen.text import zh
from shouwen_engine import tokens
from shouwen_engine.decision import Ranked
from shouwen_engine.features import Embedder, Floats, NgramConfig, Ngrams, side_by_side
from shouwen_engine.learner import Layer, SoftmaxConfig, calibrated, fit, softmax
from shouwen_engine.progress import say
from shouwen_engine.settings import ROOT

DICTIONARY = ROOT / "data" / "dictionaries" / "bank_terms.txt"
_WEIGHTS, LABELS_FILE = "weights.npz", "topics.json"


def tokeniser(kind: str, dictionary: Path) -> tokens.Tokeniser:
    """The tokeniser of a feature block's name in config.yml. Raises ValueError for an unknown one."""
    if kind == "characters":
        return tokens.characters
    if kind == "syllables":
        return tokens.syllables
    if kind == "words":
        return tokens.word_tokeniser(dictionary)
    raise ValueError(f"unknown features {kind!r}: characters, syllables and words are known")


class TopicModel:
    """Features, softmax layer and temperature, learnt together."""

    def __init__(
        self,
        embedder: Embedder,
        blocks: Mapping[str, Ngrams],
        layer: Layer,
        labels: Sequence[str],
        divisor: float,
    ) -> None:
        self.labels = list(labels)
        self._embedder = embedder
        self._blocks = blocks
        self._layer = layer
        self._divisor = divisor

    @classmethod
    def learn(cls, config: Mapping[str, Any], texts: Sequence[str], labels: Sequence[str]) -> "TopicModel":
        """A model for the sentences; `config` is the component's part of config.yml."""
        clean = [zh.normalise(text) for text in texts]
        names = sorted(set(labels))
        numbers = np.asarray([names.index(label) for label in labels])
        embedder = make_embedder(config, os.cpu_count())
        dense = _embed_aloud(embedder, clean)
        blocks = {
            kind: Ngrams.learn(NgramConfig(**block), tokeniser(kind, DICTIONARY), clean)
            for kind, block in config["ngrams"].items()
        }
        sparse = side_by_side(len(clean), [block.transform(clean) for block in blocks.values()])
        softmax_config = SoftmaxConfig(**config["softmax"])
        say(f"calibrating on held-back sentences, {sparse.shape[1]:,} n-grams")
        partial, divisor = calibrated(dense, sparse, numbers, len(names), softmax_config)
        say(f"fitting {len(names)} topics (temperature {divisor:.2f})")
        layer = fit(dense, sparse, numbers, len(names), softmax_config, start=partial)
        return cls(embedder, blocks, layer, names, divisor)

    def rank(self, texts: Sequence[str], length: int) -> list[list[Ranked]]:
        """For each text the `length` most likely topics, best first; none for a text of nothing but punctuation."""
        clean = [zh.normalise(text) for text in texts]
        sparse = self._sparse(clean)
        chances = softmax(self._layer.scores(self._embedder.transform(clean), sparse) / self._divisor)
        return [self._ranked(row, length) if _says_something(t) else [] for row, t in zip(chances, clean, strict=True)]

    def _sparse(self, clean: Sequence[str]) -> csr_matrix:
        return side_by_side(len(clean), [block.transform(clean) for block in self._blocks.values()])

    def _ranked(self, chances: Floats, length: int) -> list[Ranked]:
        best = np.argsort(-chances)[:length]
        return [Ranked(self.labels[i], float(chances[i])) for i in best]

    def save(self, folder: Path) -> None:
        """Write the model into a folder. Half precision: the layer's noise is far above it."""
        arrays = {f"idf_{kind}": block.idf for kind, block in self._blocks.items()}
        half = {name: value.astype(np.float16) for name, value in vars(self._layer).items()}
        np.savez_compressed(folder / _WEIGHTS, **half, **arrays)
        rest = {
            "labels": self.labels,
            "divisor": self._divisor,
            "blocks": {
                kind: {"config": asdict(block.config), "vocabulary": list(block.vocabulary)}
                for kind, block in self._blocks.items()
            },
        }
        (folder / LABELS_FILE).write_text(json.dumps(rest, ensure_ascii=False), encoding="utf-8")
        if DICTIONARY.exists():
            (folder / DICTIONARY.name).write_bytes(DICTIONARY.read_bytes())

    @classmethod
    def load(cls, config: Mapping[str, Any], folder: Path) -> "TopicModel":
        """The model in a folder."""
        rest = json.loads((folder / LABELS_FILE).read_text(encoding="utf-8"))
        with np.load(folder / _WEIGHTS, allow_pickle=False) as arrays:
            layer = Layer(*(arrays[name].astype(np.float32) for name in ("dense", "sparse", "bias")))
            blocks = {
                kind: Ngrams(
                    NgramConfig(**block["config"]),
                    tokeniser(kind, folder / DICTIONARY.name),
                    {gram: i for i, gram in enumerate(block["vocabulary"])},
                    arrays[f"idf_{kind}"],
                )
                for kind, block in rest["blocks"].items()
            }
        embedder = make_embedder(config)
        embedder.transform(["预热"])  # the first sentence would wait for the weights
        return cls(embedder, blocks, layer, rest["labels"], rest["divisor"])


def make_embedder(config: Mapping[str, Any], threads: Optional[int] = None) -> Embedder:
    """The embedder that config.yml asks for, on `threads` instead of its own number of them."""
    return Embedder(float(config["embedding"]["weight"]), threads or int(config["embedding"]["threads"]))


def _says_something(text: str) -> bool:
    return any(unicodedata.category(char)[0] not in "PZC" for char in text)


def _embed_aloud(embedder: Embedder, clean: Sequence[str]) -> Floats:
    rows = []
    for number, batch in enumerate(embedder.batches(clean)):
        if number % 8 == 0:
            say(f"embedding sentences: {number * Embedder.BATCH:,} of {len(clean):,}")
        rows.append(batch)
    return np.vstack(rows)
