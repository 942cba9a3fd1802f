"""Rules and stories speak of what exists."""

import pytest

from shouwen.datacheck.code_names import names_in_source
from shouwen.datacheck.dialogue import check_dialogue


def put(checkout, *steps, tree="rules", **more):
    checkout.write(f"data/{tree}/card.yml", {tree: [{tree.rstrip("s"): "one", **more, "steps": list(steps)}]})


def test_a_sound_checkout_has_no_fault(checkout):
    assert list(check_dialogue(checkout.corpus())) == []


@pytest.mark.parametrize("tree", ["rules", "stories"])
@pytest.mark.parametrize(
    ("step", "what"),
    [
        ({"intent": "hello"}, "intent hello is unknown"),
        ({"action": "utter_hello"}, "action utter_hello is unknown"),
        ({"action": "action_card_stop"}, "action action_card_stop is unknown"),
        ({"active_loop": "card_form"}, "active_loop card_form is unknown"),
        ({"slot_was_set": [{"card_tail": True}]}, "slot_was_set card_tail is unknown"),
        ({"or": [{"intent": "greet"}, {"intent": "hello"}]}, "intent hello is unknown"),
    ],
)
def test_an_unknown_name_is_told_with_its_line(checkout, tree, step, what):
    put(checkout, {"intent": "greet"}, step, tree=tree)
    checkout.write("data/rules/other.yml", {"rules": []})
    corpus = checkout.corpus()
    rows = (checkout.root / f"data/{tree}/card.yml").read_text(encoding="utf-8").splitlines()

    (fault,) = check_dialogue(corpus)

    assert fault.what == what
    assert what.split()[1] in rows[fault.line - 1] or "slot" in rows[fault.line - 1]


@pytest.mark.parametrize(
    "step",
    [
        {"intent": "faq"},
        {"intent": "faq/card_limit"},
        {"intent": "nlu_fallback"},
        {"action": "action_listen"},
        {"action": "utter_faq"},
        {"action": "callback_form"},
        {"active_loop": "callback_form"},
        {"active_loop": None},
        {"slot_was_set": ["requested_slot", {"callback_phone": None}]},
        {"checkpoint": "anything"},
    ],
)
def test_what_the_domain_and_rasa_know_is_no_fault(checkout, step):
    put(checkout, step)

    assert list(check_dialogue(checkout.corpus())) == []


def test_conditions_are_looked_at_too(checkout):
    put(checkout, {"intent": "greet"}, condition=[{"active_loop": "card_form"}])

    assert [f.what for f in check_dialogue(checkout.corpus())] == ["active_loop card_form is unknown"]


def test_an_action_without_a_class_is_told_with_its_line_in_the_domain(checkout):
    (checkout.root / "actions/handoff.py").write_text("")

    (fault,) = check_dialogue(checkout.corpus())

    assert (fault.path, fault.what) == ("domain.yml", "action_handoff_open has no class")
    assert fault.line is not None


def test_names_in_code_are_found_whole_and_pieces_of_names_are_not():
    source = """
A = {"utter_action": "utter_miss"}
B = f"utter_{A}"
C = name.startswith(("utter_handoff", "utter_x"))
D = name.removeprefix("utter_y")
"""

    assert [(n.name, n.line) for n in names_in_source(source, "a.py")] == [("utter_miss", 2)]


def test_a_name_in_code_is_shown_with_its_path(checkout):
    checkout.write("shouwen/text/x.py", 'A = "utter_miss"\n')
    checkout.write("shouwen/datacheck/y.py", 'A = "utter_looked_for"\n')

    assert shown_names(checkout) == {("action_handoff_open", "actions/handoff.py"), ("utter_miss", "shouwen/text/x.py")}


def shown_names(checkout):
    return {(n.name, n.path) for n in checkout.corpus().code}
