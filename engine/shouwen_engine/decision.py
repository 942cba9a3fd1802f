"""What to do with a ranking of topics: answer, ask back, refuse, or own up to not understanding. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

OUT_OF_SCOPE = "out_of_scope"

ANSWER = "answer"
ASK_BACK = "ask_back"
REFUSE = "refuse"
MISS = "miss"


@dataclass(frozen=True)
class Ranked:
    """A full label (`card_report_loss`, `faq/card_limit`) and the probability that it is meant."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Thresholds:
    """Probabilities. `answer_by_label` overrides `answer` for topics where hesitating costs the customer dearly.

    `never_asked` are labels that make no sense in 您是想了解…吗.
    """

    answer: float = 0.5
    margin: float = 0.1
    ask_back_sum: float = 0.5
    ask_back_each: float = 0.12
    ask_back_one: float = 0.3
    refuse: float = 0.5
    near_scope: float = 0.2
    answer_by_label: Mapping[str, float] = field(default_factory=dict)
    never_asked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decision:
    """`candidates` are full labels: the one answered, or the one or two to ask back about; else empty."""

    kind: str
    candidates: tuple[str, ...] = ()


def decide(ranking: Sequence[Ranked], thresholds: Thresholds) -> Decision:
    """The decision for a ranking, best first."""
    if not ranking:
        return Decision(MISS)
    best = ranking[0]
    runner_up = ranking[1].confidence if len(ranking) > 1 else 0.0
    if best.label == OUT_OF_SCOPE:
        return _outside(ranking, thresholds)
    needed = thresholds.answer_by_label.get(best.label, thresholds.answer)
    clear = best.confidence - runner_up >= thresholds.margin or best.label in thresholds.answer_by_label
    if best.confidence >= needed and clear:
        return Decision(ANSWER, (best.label,))
    return _ask_back(ranking, thresholds)


def _outside(ranking: Sequence[Ranked], thresholds: Thresholds) -> Decision:
    # a topic close behind out_of_scope is worth one question before the customer is turned away
    inside = [r for r in ranking[1:] if r.label not in thresholds.never_asked]
    near = inside[0] if inside and inside[0].confidence >= thresholds.near_scope else None
    if ranking[0].confidence >= thresholds.refuse and near is None:
        return Decision(REFUSE)
    if near is not None:
        return Decision(ASK_BACK, (near.label,))
    return Decision(REFUSE if ranking[0].confidence >= thresholds.ask_back_one else MISS)


def _ask_back(ranking: Sequence[Ranked], thresholds: Thresholds) -> Decision:
    askable = [r for r in ranking[:3] if r.label not in thresholds.never_asked and r.label != OUT_OF_SCOPE]
    pair = [r for r in askable[:2] if r.confidence >= thresholds.ask_back_each]
    if len(pair) == 2 and sum(r.confidence for r in pair) >= thresholds.ask_back_sum:
        return Decision(ASK_BACK, (pair[0].label, pair[1].label))
    if pair and pair[0].confidence >= thresholds.ask_back_one:
        return Decision(ASK_BACK, (pair[0].label,))
    if ranking[0].label in thresholds.never_asked and ranking[0].confidence >= thresholds.ask_back_one:
        return Decision(ANSWER, (ranking[0].label,))
    return Decision(MISS)
