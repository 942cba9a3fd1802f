"""When a human is due: the one table of tone.md 7c, over signals that others found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Due = Literal["none", "offer", "hand_off"]

MISS = "miss"
MISSES_IN_A_ROW = 2
MISSES_IN_ALL = 3

# words found by shouwen.text.wishes -> the customer is handed off in the same turn
HAND_OFF_WISHES = ("human", "self_harm", "legal", "rights")
# why a person is wanted, gravest first: a request that is joined keeps the gravest reason it ever had
GRAVITY = ("self_harm", "fraud", "loss", "legal", "rights", "risk", "lock_out", "misses", "human")


@dataclass(frozen=True)
class Signals:
    """What a customer's message shows besides its topic. `wish` is one of HAND_OFF_WISHES or None."""

    wish: str | None = None
    angry: bool = False
    elderly: bool = False
    helpless: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Escalation:
    """What is due, and the reason that goes into the request and picks the words."""

    due: Due
    reason: str = ""


def of_message(signals: Signals) -> Escalation:
    """What a message asks for before anybody looks at its topic. Explicit words go first, then mood."""
    if signals.wish in HAND_OFF_WISHES:
        return Escalation("hand_off", str(signals.wish))
    if signals.angry:
        return Escalation("offer", "anger")
    if signals.elderly or signals.helpless:
        return Escalation("offer", "elder")
    if signals.repeated:
        return Escalation("offer", "repeat")
    return Escalation("none")


def graver(reason: str, other: str) -> str:
    """The graver of two reasons for a hand-off."""
    return min(reason, other, key=GRAVITY.index)


def of_miss(earlier: Sequence[str]) -> Escalation:
    """What one more miss means after the episode's `earlier` decisions: second in a row, or third in all, hands off."""
    in_all = sum(decision == MISS for decision in earlier) + 1
    in_a_row = 1
    for decision in reversed(earlier):
        if decision != MISS:
            break
        in_a_row += 1
    if in_a_row >= MISSES_IN_A_ROW or in_all >= MISSES_IN_ALL:
        return Escalation("hand_off", "misses")
    return Escalation("none", "first" if in_all == 1 else "again")
