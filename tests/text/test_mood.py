from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.text import mood
from shouwen.text.mood import Mood

HALVES = ("seen", "held_back", "voices_seen", "voices_held_out")
SENTENCES = yaml.safe_load((Path(__file__).parent / "mood_sentences.yml").read_text(encoding="utf-8"))
EVERY = [sentence for half in HALVES for sentence in SENTENCES[half]]


def recall_and_precision(sentences, sign):
    found = [(sign in sentence["mood"], getattr(mood.read(sentence["text"]), sign)) for sentence in sentences]
    hits = sum(meant and read for meant, read in found)
    return hits / sum(meant for meant, _ in found), hits / sum(read for _, read in found)


def test_the_sentences_are_many_and_all_different():
    assert len({sentence["text"] for sentence in EVERY}) == len(EVERY) >= 200
    assert sum("angry" in sentence["mood"] for sentence in EVERY) >= 80
    assert sum(not sentence["mood"] for sentence in EVERY) >= 90


@pytest.mark.parametrize("half", ["seen", "held_back"])
def test_anger_is_found_and_calm_people_are_left_alone(half):
    recall, precision = recall_and_precision(SENTENCES[half], "angry")
    assert recall >= 0.85
    assert precision >= 0.80


@pytest.mark.parametrize(("half", "fewest"), [("voices_seen", 0.85), ("voices_held_out", 0.75)])
def test_anger_is_found_in_four_very_different_voices(half, fewest):
    recall, precision = recall_and_precision(SENTENCES[half], "angry")
    assert recall >= fewest
    assert precision >= 0.80


@pytest.mark.parametrize("half", ["seen", "held_back"])
@pytest.mark.parametrize("sign", ["elderly", "helpless"])
def test_old_and_helpless_customers_are_noticed(half, sign):
    recall, precision = recall_and_precision(SENTENCES[half], sign)
    assert recall >= 0.85
    assert precision >= 0.80


@pytest.mark.parametrize(
    "text",
    [
        "我妈的卡密码忘了",
        "他妈妈的账户可以代办吗",
        "给他妈转账限额多少",
        "你妈妈的身份证要带吗",
        "别生气，慢慢说",
        "我没有生气",
        "垃圾分类缴费",
        "笑死",
        "滚动收益怎么算",
        "过分期限还能退吗",
        "银行倒闭了存款怎么赔",
        "存钱宝是什么东西",
        "是不是冒充银行骗人的",
        "验证码短信被当垃圾拦截了",
        "我真是个笨蛋，填错了",
        "急！！！",
        "谢谢！！！",
        "在吗？？？",
        "",
    ],
)
def test_harmless_words_that_hold_a_rude_one_are_calm(text):
    assert not mood.read(text).angry


@pytest.mark.parametrize(
    "text",
    [
        "T M D",
        "n m d 还钱",
        "垃 圾 银 行",
        "骗*子*银*行",
        "ＴＭＤ",
        "臥槽",
        "妈的，又扣钱",
        "他妈的什么时候好",
        "還我錢！！",
    ],
)
def test_a_disguised_or_traditional_swear_word_is_still_anger(text):
    assert mood.read(text).angry


def test_politeness_outweighs_one_mild_sign_but_no_strong_one():
    assert mood.read("凭什么收我年费！！").angry
    assert not mood.read("请问凭什么收我年费！！").angry
    assert mood.read("请问你们是骗子银行吗，气死我了").angry


def test_one_message_may_be_angry_elderly_and_helpless_at_once():
    assert mood.read("我都七十了，怎么弄都不行，气死我了") == Mood(angry=True, elderly=True, helpless=True)


@pytest.mark.parametrize("text", ["手续费七十元", "存了七十了", "65岁以上能办信用卡吗", "转80了", "老客户优惠"])
def test_numbers_and_the_word_old_alone_make_nobody_elderly(text):
    assert not mood.read(text).elderly


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_mood(text):
    assert isinstance(mood.read(text), Mood)
