"""A softmax layer over dense and sparse features at once, and a temperature that makes its confidences honest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

from shouwen_engine import lbfgs

Floats = Any


@dataclass(frozen=True)
class SoftmaxConfig:
    """`iterations` is a regulariser too: stopping early was better on real sentences than running to the end."""

    penalty: float = 0.03
    iterations: int = 40
    balance: float = 0.3
    calibration_share: float = 0.2
    seed: int = 7


@dataclass(frozen=True)
class Layer:
    """`dense` and `sparse` weights and one bias a class. Scores are logits before the temperature."""

    dense: Floats
    sparse: Floats
    bias: Floats

    def scores(self, dense: Floats, sparse: csr_matrix) -> Floats:
        """One row of logits a sentence."""
        return dense @ self.dense + sparse @ self.sparse + self.bias


def fit(
    dense: Floats,
    sparse: csr_matrix,
    labels: Floats,
    classes: int,
    config: SoftmaxConfig,
    start: Optional[Layer] = None,
) -> Layer:
    """The layer with the least weighted cross entropy; rare topics weigh `frequency ** -balance` more.

    From a `start` that has seen most of the rows, a third of the iterations is enough.
    """
    rows, width, bank = len(labels), dense.shape[1], sparse.shape[1]
    transposed = sparse.T.tocsr()
    weights = _row_weights(labels, classes, config.balance)
    targets = np.arange(rows), labels

    def loss(flat: Floats) -> tuple[float, Floats]:
        matrix = flat.reshape(width + bank + 1, classes)
        logits = dense @ matrix[:width] + sparse @ matrix[width:-1] + matrix[-1]
        logits -= logits.max(1, keepdims=True)
        raised = np.exp(logits)
        sums = raised.sum(1, keepdims=True)
        value = float((weights * (np.log(sums[:, 0]) - logits[targets])).sum())
        error = raised / sums
        error[targets] -= 1
        error *= weights[:, None]
        gradient = np.vstack([dense.T @ error, transposed @ error, error.sum(0, keepdims=True)])
        shrink = config.penalty * matrix
        shrink[-1] = 0
        value += 0.5 * float((shrink * matrix).sum())
        return value, (gradient + shrink).ravel()

    first = np.zeros((width + bank + 1) * classes, np.float32)
    if start is not None:
        first = np.vstack([start.dense, start.sparse, start.bias[None]]).ravel()
    found = lbfgs.minimum(loss, first, config.iterations // (3 if start else 1))
    matrix = found.reshape(width + bank + 1, classes)
    return Layer(matrix[:width], matrix[width:-1], matrix[-1])


def _row_weights(labels: Floats, classes: int, balance: float) -> Floats:
    frequency = np.maximum(np.bincount(labels, minlength=classes), 1).astype(np.float32)
    weights = (frequency.mean() / frequency[labels]) ** balance
    return (weights / weights.mean()).astype(np.float32)


def calibrated(
    dense: Floats, sparse: csr_matrix, labels: Floats, classes: int, config: SoftmaxConfig
) -> tuple[Layer, float]:
    """A layer fitted without `calibration_share` of the rows, and what to divide logits by, judged on those rows."""
    held_out = held_out_rows(labels, config.calibration_share, config.seed)
    layer = fit(dense[~held_out], sparse[~held_out], labels[~held_out], classes, config)
    scores = layer.scores(dense[held_out], sparse[held_out]).astype(np.float64)
    truth = labels[held_out]

    def surprise(log_temperature: float) -> float:
        chances = softmax(scores / np.exp(log_temperature))
        return -float(np.log(chances[np.arange(len(truth)), truth] + 1e-12).mean())

    return layer, float(np.exp(minimize_scalar(surprise, bounds=(-2.0, 2.5), method="bounded").x))


def held_out_rows(labels: Sequence[int], share: float, seed: int) -> Floats:
    """Which rows to keep back: the same share of every topic, the same ones each time."""
    random = np.random.default_rng(seed)
    labels = np.asarray(labels)
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        rows = random.permutation(np.flatnonzero(labels == label))
        chosen[rows[: int(len(rows) * share)]] = True
    return chosen


def softmax(logits: Floats) -> Floats:
    """Probabilities, row by row."""
    raised = np.exp(logits - logits.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
