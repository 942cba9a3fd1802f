from itertools import pairwise

import pytest

from shouwen.bench.command import read_script
from shouwen.bench.conversation import buttons_of, compose
from shouwen.content.publication import read_folder
from shouwen.settings import ROOT

SCRIPT = read_script()
BUTTONS = buttons_of(read_folder(ROOT / "data"))
CONVERSATIONS = [compose(SCRIPT, BUTTONS, number) for number in range(40)]


def test_every_conversation_has_45_turns():
    assert {len(steps) for steps in CONVERSATIONS} == {45}


def test_the_mix_is_60_15_15_10():
    kinds = [step.kind for steps in CONVERSATIONS for step in steps]
    shares = {kind: kinds.count(kind) / len(kinds) for kind in ("faq", "unclear", "action", "button")}
    assert shares == pytest.approx({"faq": 0.6, "unclear": 0.15, "action": 0.15, "button": 0.1}, abs=0.002)


def test_the_same_number_gives_the_same_conversation_and_another_number_another():
    assert compose(SCRIPT, BUTTONS, 7) == CONVERSATIONS[7] != CONVERSATIONS[8]


def test_nobody_types_the_same_thing_twice():
    for steps in CONVERSATIONS:
        typed = [step.say for step in steps if not step.press]
        assert len(set(typed)) == len(typed)


def test_a_button_turn_presses_a_button_that_the_answer_before_has():
    for steps in CONVERSATIONS:
        for before, step in pairwise(steps):
            if step.kind == "button":
                [[reply], [answer]] = before.expected[0], step.expected[0]
                assert (step.say, answer) in BUTTONS[reply]


def test_buttons_lead_to_answers_that_no_earlier_turn_can_change():
    assert all(answer.startswith("utter_faq/") for choice in BUTTONS.values() for _, answer in choice)


def test_scenes_come_in_order_and_in_one_piece():
    whole = [(line.say, line.expected) for scene in SCRIPT.action for line in scene]
    for steps in CONVERSATIONS:
        acted = [(step.say, step.expected) for step in steps if step.kind == "action"]
        assert acted == whole[: len(acted)]
        places = [place for place, step in enumerate(steps) if step.kind == "action"]
        assert places[: len(SCRIPT.action[0])] == [places[0] + n for n in range(len(SCRIPT.action[0]))]


def test_between_two_scenes_something_else_is_said():
    # two misses in a row would hand the customer off (tone.md 7c)
    sizes = [len(scene) for scene in SCRIPT.action]
    ends = {sum(sizes[: n + 1]) - 1 for n in range(len(sizes))}
    for steps in CONVERSATIONS:
        places = [place for place, step in enumerate(steps) if step.kind == "action"]
        for nth, (place, following) in enumerate(pairwise(places)):
            assert nth not in ends or following > place + 1
