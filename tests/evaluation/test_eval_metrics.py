"""The figures of api.md, each worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.evaluation.metrics import DECISIONS, Outcome, by_label, macro_f1, report
from shouwen.evaluation.rows import Row

LABELS = ["a", "b", "out_of_scope"]


def seen(label, first, decision="answer", decided=None, also=()):
    return Outcome(Row(1, "x", label, tuple(also)), first, decided or first, decision)


def test_accuracy_counts_the_first_rank_and_accepts_also():
    outcomes = [seen("a", "a"), seen("a", "b", also=["b"]), seen("a", "b"), seen("b", "b", decision="ask_back")]

    assert report(outcomes)["accuracy"] == 0.75


def test_answered_right_is_of_the_decision_and_not_of_the_first_rank():
    outcomes = [
        seen("a", "b", decided="a"),
        seen("a", "a", decided="b"),
        seen("a", "a", decision="ask_back"),
        seen("a", "a", decision="refuse"),
    ]

    assert report(outcomes)["answered_right"] == 0.25
    assert report(outcomes)["asked_back"] == 0.25


@pytest.mark.parametrize("decision", ["refuse", "miss"])
def test_a_stranger_who_is_refused_or_not_understood_was_treated_right(decision):
    figures = report([seen("out_of_scope", "a", decision=decision)])

    assert figures["answered_right"] == 1
    assert figures["oos_recall"] == 1
    assert figures["accuracy"] == 0


def test_an_answer_that_says_out_of_scope_is_a_refusal():
    assert report([seen("out_of_scope", "a", decided="out_of_scope")])["oos_recall"] == 1
    assert report([seen("a", "a", decided="out_of_scope")])["in_scope_refused"] == 1


def test_recall_of_strangers_leaves_out_rows_that_accept_something_else():
    outcomes = [
        seen("out_of_scope", "out_of_scope", "refuse"),
        seen("out_of_scope", "a"),
        seen("out_of_scope", "a", also=["a"]),
        seen("a", "a", "refuse", also=["out_of_scope"]),
    ]

    assert report(outcomes)["oos_recall"] == 0.5


def test_customers_refused_are_counted_only_where_a_refusal_is_wrong():
    outcomes = [
        seen("a", "a", "miss"),
        seen("a", "a"),
        seen("b", "a", "ask_back"),
        seen("b", "b", "refuse"),
        seen("a", "out_of_scope", "refuse", also=["out_of_scope"]),
        seen("out_of_scope", "out_of_scope", "refuse"),
    ]

    assert report(outcomes)["in_scope_refused"] == 0.5


def test_asking_back_is_never_right_at_once_even_for_a_stranger():
    assert report([seen("out_of_scope", "out_of_scope", "ask_back")])["answered_right"] == 0


def test_shares_without_rows_are_null():
    assert report([seen("a", "a")])["oos_recall"] is None
    assert report([seen("out_of_scope", "a")])["in_scope_refused"] is None
    assert report([]) | {"n": 0, "by_label": {}} == dict.fromkeys(report([])) | {"n": 0, "by_label": {}}


def test_macro_f1_is_the_plain_mean_over_labels():
    # a: 2 rows, guessed 1, hit 1 -> 2/3; b: 1 row, guessed 2, hit 1 -> 2/3
    assert macro_f1([seen("a", "a"), seen("a", "b"), seen("b", "b")]) == 0.6667
    # a: 3 rows all right -> 1; b: never found -> 0
    assert macro_f1([seen("a", "a")] * 3 + [seen("b", "c")]) == 0.5


def test_an_accepted_other_label_costs_no_f1():
    assert macro_f1([seen("a", "b", also=["b"]), seen("b", "b")]) == 1


def test_by_label_names_the_most_frequent_thief_and_the_first_in_the_alphabet_when_even():
    outcomes = [seen("a", "c"), seen("a", "b"), seen("a", "c"), seen("a", "a"), seen("b", "d"), seen("b", "c")]

    assert by_label(outcomes) == {
        "a": {"n": 4, "right": 1, "mistaken_for": "c"},
        "b": {"n": 2, "right": 0, "mistaken_for": "c"},
    }
    assert by_label([seen("a", "a")])["a"]["mistaken_for"] is None


outcome = st.builds(
    seen, st.sampled_from(LABELS), st.sampled_from(LABELS), st.sampled_from(DECISIONS), st.sampled_from(LABELS)
)


@given(st.lists(outcome, min_size=1))
def test_every_figure_is_a_share_and_every_row_is_counted_once(outcomes):
    figures = report(outcomes)
    shares = [v for k, v in figures.items() if k not in ("n", "by_label") and v is not None]

    assert all(0 <= share <= 1 for share in shares)
    assert sum(label["n"] for label in figures["by_label"].values()) == figures["n"] == len(outcomes)
    assert round(sum(label["right"] for label in figures["by_label"].values()) / figures["n"], 4) == figures["accuracy"]


@given(st.lists(outcome))
def test_perfect_understanding_scores_one(outcomes):
    perfect = [
        seen(o.row.label, o.row.label, "refuse" if o.row.label == "out_of_scope" else "answer") for o in outcomes
    ]
    figures = report(perfect)

    assert {figures[k] for k in ("accuracy", "macro_f1", "answered_right", "oos_recall")} <= {1, None}
    assert {figures[k] for k in ("asked_back", "in_scope_refused")} <= {0, None}
