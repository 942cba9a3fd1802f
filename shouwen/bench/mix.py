"""How many turns of each kind a conversation has. Pure."""

from collections.abc import Mapping
from typing import Literal

Kind = Literal["faq", "unclear", "action", "button"]

PERIOD = 100  # turns after which shares in percent have come out even


def counts(shares: Mapping[Kind, int], turns: int, number: int) -> dict[Kind, int]:
    """The turns of each kind in conversation `number` (from 0), `turns` in all. Shares are percent.

    Each next turn goes to the kind furthest behind its share, on from one conversation to the next: what does not come
    out even in one is made good in the following.
    """
    begin = turns * number % PERIOD
    given: dict[Kind, int] = dict.fromkeys(shares, 0)
    taken: dict[Kind, int] = dict.fromkeys(shares, 0)
    for turn in range(begin + turns):
        behind = {kind: share * (turn + 1) - PERIOD * given[kind] for kind, share in shares.items()}
        kind = max(behind, key=lambda each: behind[each])
        given[kind] += 1
        taken[kind] += turn >= begin
    return taken
