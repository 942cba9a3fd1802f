"""Bringing Chinese text into one shape."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.text import zh
from shouwen.text.word_lists import read_lexicon


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  手机银行　ＡＰＰ  打不开 ", "手机银行 app 打不开"),
        ("請問網路銀行怎麼轉帳", "请问网络银行怎么转账"),
        ("簡訊驗證碼收不到", "短信验证码收不到"),
        ("農行小程序轉帳", "农行小程序转账"),
        ("有人工客服么", "有人工客服么"),
        ("手机里的文件怎么删", "手机里的文件怎么删"),
        ("转\u200b人\u2060工", "转人工"),
        ("转 人 工", "转人工"),
        ("手机银行 转账 限额", "手机银行 转账 限额"),
        ("a\ud800b", "ab"),
        ("转帐到帐户要登陆吗，蜜码忘了", "转账到账户要登录吗，密码忘了".replace("，", ",")),
        ("受续费多少", "手续费多少"),
        ("zhuanzhang 怎么弄", "转账 怎么弄"),
        ("ZhuanRenGong", "转人工"),
        ("余e不足", "余额不足"),
        ("K宝", "k宝"),
    ],
)
def test_text_is_normalised(text: str, expected: str) -> None:
    assert zh.normalise(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "台风登陆上海",
        "在线额度查询",
        "往银行卡转钱",
        "办理材料有哪些",
        "自动结息",
        "需要验证吗",
        "领取年代款式",
        "由于额度不够",
        "一次性用卡",
        "剩余期数",
        "公积金贷款",
        "客户服务",
        "为什么有的人有",
        "转人公司的户",
        "emima",
        "edus",
    ],
)
def test_right_words_are_not_harmed(text: str) -> None:
    assert zh.normalise(text) == text


def test_no_right_word_in_the_lexicon_is_a_slip_itself() -> None:
    lexicon = read_lexicon("typos")
    assert [word for word in [*lexicon["slips"], *lexicon["keep"]] if zh.normalise(word) != word] == []


def test_every_slip_in_the_lexicon_is_put_right() -> None:
    slips = read_lexicon("typos")["slips"]
    assert [slip for right, wrong in slips.items() for slip in wrong if zh.normalise(slip) != right] == []


def test_no_slip_is_listed_twice() -> None:
    slips = [slip for wrong in read_lexicon("typos")["slips"].values() for slip in wrong]
    assert len(slips) == len(set(slips))


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.text("转帐账登陆入录密码蜜还宽限款 请問網路銀行軟體İßＡⅣ㈠mi a", max_size=30),
    )
)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = zh.normalise(text)
    assert zh.normalise(once) == once


def test_half_width_keeps_the_way_back() -> None:
    text = "Ａ①㈠５"
    half, offsets = zh.to_halfwidth(text)
    assert half == "A1(一)5"
    assert [text[at] for at in offsets] == ["Ａ", "①", "㈠", "㈠", "㈠", "５"]


@given(st.text(max_size=60))
def test_a_folding_leads_back_to_the_original(text: str) -> None:
    folding = zh.fold(text)
    assert len(folding.text) == len(folding.starts) == len(folding.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folding.starts, folding.ends, strict=True))
    assert folding.starts == sorted(folding.starts)


@pytest.mark.parametrize(
    ("text", "digits"),
    [("一三八零零", "13800"), ("幺两三", "123"), ("壹贰叁", "123"), ("1三8〇", "1380"), ("一百", None), ("", None)],
)
def test_spelled_digits_are_read(text: str, digits: str | None) -> None:
    assert zh.digits_of(text) == digits


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三万五", "35000"),
        ("两千三", "2300"),
        ("一百零五", "105"),
        ("一千零五", "1005"),
        ("一百二", "120"),
        ("十五", "15"),
        ("二十", "20"),
        ("五千", "5000"),
        ("1.5万", "15000"),
        ("3万5", "35000"),
        ("5w", "50000"),
        ("50,000", "50000"),
        ("半万", "5000"),
        ("三万半", "35000"),
        ("两万零三百", "20300"),
        ("二十三亿五千万", "2350000000"),
        ("一千二百三十四点五", "1234.5"),
        ("壹万贰仟叁佰", "12300"),
        ("万把块", None),
        ("元", None),
        ("", None),
    ],
)
def test_numerals_are_read(text: str, value: str | None) -> None:
    assert zh.parse_number(text) == (None if value is None else Decimal(value))


def test_the_day_in_shanghai_is_ahead_of_utc() -> None:
    assert zh.shanghai_day(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)) == date(2026, 11, 23)
    assert zh.shanghai_day(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 22)


def test_a_short_sentence_takes_well_under_a_millisecond() -> None:
    text = "手机银行转账限额是多少怎么提高一下呢"
    zh.normalise(text)
    began = time.process_time()
    for _ in range(200):
        zh.normalise(text)
    assert (time.process_time() - began) / 200 < 0.0005  # measured 15 us; the margin is for a busy machine
