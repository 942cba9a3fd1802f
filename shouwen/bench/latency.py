"""What a phase of turns comes to: percentiles and rates. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Latency:
    """Milliseconds. None where nothing was measured."""

    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of values in ascending order: the smallest that `share` of them do not exceed.

    Raises ValueError without values or with a share outside (0, 1].
    """
    if not ordered or not 0 < share <= 1:
        raise ValueError(f"no percentile {share} of {len(ordered)} values")
    return ordered[math.ceil(share * len(ordered) - 1e-9) - 1]


def latency(milliseconds: Sequence[float]) -> Latency:
    """Median, tail and worst of turns in any order."""
    if not milliseconds:
        return Latency(None, None, None, None)
    ordered = sorted(milliseconds)
    return Latency(percentile(ordered, 0.5), percentile(ordered, 0.95), percentile(ordered, 0.99), ordered[-1])
