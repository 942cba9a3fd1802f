"""When turns arrive in an open loop, whatever the stack does meanwhile. Pure."""

import random


def arrivals(rate: float, seconds: float, seed: int) -> list[float]:
    """Offsets in seconds of a Poisson stream of `rate` turns a second, ascending, below `seconds`.

    A turn's latency counts from its offset, not from when it could be sent: a stall is then seen in every turn that it
    delays (coordinated omission). The same seed gives the same stream. Raises ValueError unless the rate is positive.
    """
    if rate <= 0:
        raise ValueError(f"a rate of {rate}")
    chance = random.Random(seed)  # noqa: S311 - a load, not a secret
    offsets = []
    at = chance.expovariate(rate)
    while at < seconds:
        offsets.append(at)
        at += chance.expovariate(rate)
    return offsets
