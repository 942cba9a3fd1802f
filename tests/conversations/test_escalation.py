import pytest

from shouwen.conversations.escalation import Escalation, Signals, of_message, of_miss


@pytest.mark.parametrize(
    ("signals", "due"),
    [
        (Signals(), Escalation("none")),
        (Signals(wish="human"), Escalation("hand_off", "human")),
        (Signals(wish="self_harm", angry=True), Escalation("hand_off", "self_harm")),
        (Signals(wish="legal"), Escalation("hand_off", "legal")),
        (Signals(wish="rights"), Escalation("hand_off", "rights")),
        (Signals(angry=True), Escalation("offer", "anger")),
        (Signals(elderly=True), Escalation("offer", "elder")),
        (Signals(helpless=True), Escalation("offer", "elder")),
        (Signals(repeated=True), Escalation("offer", "repeat")),
    ],
)
def test_the_table_of_what_is_due(signals: Signals, due: Escalation) -> None:
    assert of_message(signals) == due


@pytest.mark.parametrize(
    ("earlier", "due"),
    [
        ([], Escalation("none", "first")),
        (["answer", "answer"], Escalation("none", "first")),
        (["miss"], Escalation("hand_off", "misses")),
        (["miss", "answer"], Escalation("none", "again")),
        (["miss", "answer", "miss", "answer"], Escalation("hand_off", "misses")),
    ],
)
def test_the_second_miss_in_a_row_and_the_third_in_all_reach_a_human(earlier: list[str], due: Escalation) -> None:
    assert of_miss(earlier) == due
