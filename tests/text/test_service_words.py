"""Answers inside a flow, in the ways people type them."""

import pytest

from shouwen.text import service_words


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("开通", "on"), ("给我开吧", "on"), ("我要开通短信提醒", "on"), ("幫我開通", "on"), ("办一个", "on"),
        ("打开短信通知", "on"), ("要短信提醒", "on"), ("恢复发短信", "on"),
        ("取消", "off"), ("关掉", "off"), ("不要了", "off"), ("别再给我发短信了", "off"), ("退订", "off"),
        ("把短信提醒停了", "off"), ("關閉", "off"), ("不想再收到", "off"), ("取消开通", "off"), ("关吧", "off"),
        ("我开通了没", "status"), ("查一下", "status"), ("看看现在的状态", "status"), ("是否开通", "status"),
        ("查询", "status"), ("有没有开", "status"), ("开着吗", "status"),
        ("多少钱", None), ("你好", None), ("嗯", None), ("", None),
    ],
)  # fmt: skip
def test_what_is_to_be_done_with_the_sms_notice(text: str, wish: str | None) -> None:
    assert service_words.sms_wish(text) == wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("开通", "on"), ("开吧", "on"), ("我要开通短信提醒", "on"), ("取消", "off"), ("不要了", "off"),
        ("关掉它吧", "off"), ("查一下", "status"), ("看看状态", "status"),
        ("怎么开通手机银行", None), ("取消自动还款", None), ("开通要钱吗", None), ("", None),
    ],
)  # fmt: skip
def test_an_answer_that_says_nothing_else(text: str, wish: str | None) -> None:
    assert service_words.sms_wish(text, alone=True) == wish


@pytest.mark.parametrize("text", ["马上挂失", "确认挂失", "立即挂失！", "快停掉", "挂失吧", "赶紧帮我挂失", "馬上掛失"])
def test_words_that_confirm_a_loss(text: str) -> None:
    assert service_words.confirms_loss(text)


@pytest.mark.parametrize("text", ["先不挂失", "挂失多少钱", "怎么挂失", "不挂了", "卡找到了", "挂失以后还能用吗", ""])
def test_words_that_do_not(text: str) -> None:
    assert not service_words.confirms_loss(text)


@pytest.mark.parametrize("text", ["不对，是另一张卡", "另外一张", "换一张", "选错了", "不是这张", "别的卡", "其他账单"])
def test_something_else_is_meant(text: str) -> None:
    assert service_words.means_another(text)


@pytest.mark.parametrize("text", ["对", "就是这张", "好的", "不办了", "一张卡"])
def test_nothing_else_is_meant(text: str) -> None:
    assert not service_words.means_another(text)


@pytest.mark.parametrize("text", ["换个期数", "改期数", "别的期数", "多分几期", "期数选错了"])
def test_other_terms_are_meant(text: str) -> None:
    assert service_words.means_other_terms(text)


@pytest.mark.parametrize("text", ["好", "分12期", "不办了"])
def test_the_terms_stand(text: str) -> None:
    assert not service_words.means_other_terms(text)


@pytest.mark.parametrize(
    ("text", "named", "ruled_out"),
    [
        ("尾号5539", ["5539"], []), ("不是尾号0128那张", [], ["0128"]), ("尾号0128的没丢", [], ["0128"]),
        ("不是尾号0128，是尾号5539", ["5539"], ["0128"]), ("别挂尾号0128", [], ["0128"]),
        ("不是尾号5539而是尾号0128", ["0128"], ["5539"]), ("尾号0128的卡不要了，挂失", ["0128"], []),
        ("另外那张，别的卡尾号0128", ["0128"], []), ("卡丢了", [], []),
    ],
)  # fmt: skip
def test_a_card_that_is_ruled_out_is_not_named(text: str, named: list[str], ruled_out: list[str]) -> None:
    meant = service_words.tails_meant(text)
    assert (list(meant.named), sorted(meant.ruled_out)) == (named, ruled_out)


@pytest.mark.parametrize(
    ("text", "number"), [("12", "12"), ("十二", "12"), ("6。", "6"), ("二十四", "24"), ("1024", None), ("12期吧", None)]
)
def test_a_number_alone(text: str, number: str | None) -> None:
    assert service_words.number_alone(text) == number
