import copy

import pytest

from shouwen.bench.script import expected, parse_script
from shouwen.errors import Misconfigured

RAW = {
    "turns": 10,
    "mix": {"faq": 60, "unclear": 20, "action": 10, "button": 10},
    "faq": {"utter_faq/transfer_fee": [f"问题{n}" for n in range(8)]},
    "unclear": {"utter_miss|utter_out_of_scope": ["天气", "笑话", "电影"]},
    "action": [
        [{"say": "转人工", "replies": ["utter_handoff_open", "utter_ask_callback_phone"]}],
        [{"say": "呃", "replies": ["utter_ask_back"]}, {"press": "都不是", "replies": ["utter_miss"]}],
    ],
}


def changed(**fields):
    return {**copy.deepcopy(RAW), **fields}


def test_a_sentence_carries_the_reply_above_it():
    [first, *_] = parse_script(RAW).faq
    assert (first.say, first.expected) == ("问题0", (frozenset({"utter_faq/transfer_fee"}),))


def test_either_of_two_replies_may_be_right():
    assert parse_script(RAW).unclear[0].expected == (frozenset({"utter_miss", "utter_out_of_scope"}),)


def test_a_turn_may_have_to_bring_two_replies_in_order():
    line = parse_script(RAW).action[0][0]
    assert line.expected == (frozenset({"utter_handoff_open"}), frozenset({"utter_ask_callback_phone"}))


def test_a_scene_may_press_a_button():
    typed, pressed = parse_script(RAW).action[1]
    assert not typed.press
    assert pressed.press
    assert pressed.say == "都不是"


def test_one_name_where_a_list_belongs_is_refused():
    with pytest.raises(TypeError, match="no list"):
        expected("utter_miss")


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (changed(mix={"faq": 60, "unclear": 20, "action": 10, "button": 5}), "not 100 percent"),
        (changed(unclear={"utter_miss": ["天气", "天气", "电影"]}), "'天气' stands there twice"),
        (changed(unclear={"utter_miss": ["天气"]}), "unclear holds 1 lines, a conversation needs 2"),
        (changed(action=[]), "action holds 0 lines, a conversation needs 1"),
        (changed(mix={"faq": 100}), "unclear"),
        (changed(action=[[{"replies": ["utter_miss"]}]]), "say"),
        (changed(faq=["utter_miss"]), "AttributeError"),
        (None, "TypeError"),
    ],
)
def test_a_faulty_script_is_refused_and_says_why(raw, fault):
    with pytest.raises(Misconfigured) as refusal:
        parse_script(raw)
    assert fault in str(refusal.value)
