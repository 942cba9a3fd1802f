"""The figures of `shouwen eval` (api.md, make eval), as pure functions of what was understood."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shouwen.datacheck.topic_list import OUT_OF_SCOPE
from shouwen.evaluation.rows import Row

# what the assistant may decide; a miss ("I did not understand") leaves the customer as a refusal does
DECISIONS = ("answer", "ask_back", "refuse", "miss")
_REFUSALS = ("refuse", "miss")
_DIGITS = 4


@dataclass(frozen=True)
class Outcome:
    """A sentence as it was understood: the label ranked first, and what the assistant decided to do."""

    row: Row
    first: str
    decided: str | None
    decision: str

    @property
    def first_right(self) -> bool:
        """The label ranked first is one of the accepted."""
        return self.row.accepts(self.first)

    @property
    def refused(self) -> bool:
        """The customer was sent away or not understood."""
        return self.decision in _REFUSALS or (self.decision == "answer" and self.decided == OUT_OF_SCOPE)

    @property
    def asked_back(self) -> bool:
        """The customer was asked which of two was meant."""
        return self.decision == "ask_back"

    @property
    def answered_right(self) -> bool:
        """The customer got the right thing at once: an accepted answer, or a refusal where that is accepted."""
        if self.refused:
            return self.row.accepts(OUT_OF_SCOPE)
        return self.decision == "answer" and self.row.accepts(self.decided)


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All figures; shares are between 0 and 1, and null where no row counts towards them."""
    strangers = [o for o in outcomes if o.row.label == OUT_OF_SCOPE and not o.row.also]
    customers = [o for o in outcomes if not o.row.accepts(OUT_OF_SCOPE)]
    return {
        "n": len(outcomes),
        "accuracy": share([o.first_right for o in outcomes]),
        "macro_f1": macro_f1(outcomes),
        "answered_right": share([o.answered_right for o in outcomes]),
        "asked_back": share([o.asked_back for o in outcomes]),
        "oos_recall": share([o.refused for o in strangers]),
        "in_scope_refused": share([o.refused for o in customers]),
        "by_label": by_label(outcomes),
    }


def share(hits: Sequence[bool]) -> float | None:
    """The part of `hits` that is true."""
    return round(sum(hits) / len(hits), _DIGITS) if hits else None


def macro_f1(outcomes: Sequence[Outcome]) -> float | None:
    """The plain mean of the F1 of every label in the file, over the label ranked first.

    A first label that is accepted counts as the row's own label, so `also` never costs precision or recall.
    """
    true = Counter(o.row.label for o in outcomes)
    guessed = Counter(o.row.label if o.first_right else o.first for o in outcomes)
    hits = Counter(o.row.label for o in outcomes if o.first_right)
    scores = [2 * hits[label] / (true[label] + guessed[label]) for label in true]
    return round(sum(scores) / len(scores), _DIGITS) if scores else None


def by_label(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """For each label: how many rows, how many ranked right, and what the others were most often taken for."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.row.label, []).append(outcome)
    return {label: _of_label(group) for label, group in sorted(groups.items())}


def _of_label(group: Sequence[Outcome]) -> dict[str, Any]:
    wrong = Counter(o.first for o in group if not o.first_right)
    thief = min(wrong, key=lambda label: (-wrong[label], label)) if wrong else None
    return {"n": len(group), "right": sum(o.first_right for o in group), "mistaken_for": thief}
