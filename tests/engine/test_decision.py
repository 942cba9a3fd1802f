"""The table of decisions, by named cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shouwen_engine.decision import ANSWER, ASK_BACK, MISS, REFUSE, Decision, Ranked, Thresholds, decide

THRESHOLDS = Thresholds(
    answer=0.5,
    margin=0.1,
    ask_back_sum=0.5,
    ask_back_each=0.12,
    ask_back_one=0.3,
    refuse=0.5,
    near_scope=0.2,
    answer_by_label={"fraud_report": 0.35},
    never_asked=frozenset({"greet", "affirm"}),
)
LIMIT, BILL, FRAUD = "faq/card_limit", "faq/card_bill", "fraud_report"

CASES = {
    "a clear topic is answered": ({LIMIT: 0.9, BILL: 0.05}, Decision(ANSWER, (LIMIT,))),
    "two near topics are both offered": ({LIMIT: 0.45, BILL: 0.4}, Decision(ASK_BACK, (LIMIT, BILL))),
    "a lead below the margin is no lead": ({LIMIT: 0.5, BILL: 0.45}, Decision(ASK_BACK, (LIMIT, BILL))),
    "a weak topic is offered alone": ({LIMIT: 0.35, BILL: 0.05}, Decision(ASK_BACK, (LIMIT,))),
    "nothing likely is a miss": ({LIMIT: 0.2, BILL: 0.1}, Decision(MISS)),
    "fraud is answered early": ({FRAUD: 0.36, LIMIT: 0.34}, Decision(ANSWER, (FRAUD,))),
    "out of scope is refused": ({"out_of_scope": 0.8, LIMIT: 0.1}, Decision(REFUSE)),
    "a topic right behind out of scope is asked for": ({"out_of_scope": 0.6, LIMIT: 0.3}, Decision(ASK_BACK, (LIMIT,))),
    "a doubtful out of scope is still refused": ({"out_of_scope": 0.4, LIMIT: 0.1}, Decision(REFUSE)),
    "a faint out of scope is a miss": ({"out_of_scope": 0.25, LIMIT: 0.1}, Decision(MISS)),
    "a greeting is never asked back about": ({"greet": 0.4, LIMIT: 0.15}, Decision(ANSWER, ("greet",))),
    "a topic beats a doubtful greeting": ({"greet": 0.42, LIMIT: 0.4}, Decision(ASK_BACK, (LIMIT,))),
    "out of scope is never offered": ({LIMIT: 0.4, "out_of_scope": 0.35}, Decision(ASK_BACK, (LIMIT,))),
}


def ranking(confidences: dict[str, float]) -> list[Ranked]:
    return [Ranked(label, confidence) for label, confidence in confidences.items()]


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    confidences, expected = CASES[name]
    assert decide(ranking(confidences), THRESHOLDS) == expected


def test_an_empty_ranking_is_a_miss() -> None:
    assert decide([], THRESHOLDS) == Decision(MISS)


labels = st.sampled_from([LIMIT, BILL, FRAUD, "greet", "affirm", "out_of_scope", "faq/balance"])


@given(st.lists(st.tuples(labels, st.floats(0, 1)), max_size=7, unique_by=lambda pair: pair[0]))
def test_only_askable_topics_of_the_ranking_are_asked_about(pairs: list[tuple[str, float]]) -> None:
    ordered = sorted((Ranked(*pair) for pair in pairs), key=lambda r: -r.confidence)
    decision = decide(ordered, THRESHOLDS)
    assert set(decision.candidates) <= {r.label for r in ordered}
    if decision.kind == ASK_BACK:
        assert 1 <= len(decision.candidates) <= 2
        assert not set(decision.candidates) & {"greet", "affirm", "out_of_scope"}
