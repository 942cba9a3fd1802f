import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.text.fragments import PLACE, without_loose_digits


@pytest.mark.parametrize(
    ("said", "goes_on"),
    [
        ("6222", PLACE),
        ("６２２２ ０２", PLACE),
        ("六二二二", PLACE),
        ("6222-0212", PLACE),
        ("卡号前面是62220212", f"卡号前面是{PLACE}"),
        ("前半截六二二二零二", f"前半截{PLACE}"),
        ("13800", PLACE),
        ("2000，谢谢", f"{PLACE},谢谢"),
        ("后面是0212", f"后面是{PLACE}"),
        ("2 0 0 0 ,谢谢", f"{PLACE} ,谢谢"),
        ("先发2O00-12给您", f"先发{PLACE}给您"),
        ("前四位六二二二", f"前四位{PLACE}"),
    ],
)
def test_a_piece_of_a_number_does_not_go_on(said: str, goes_on: str) -> None:
    assert without_loose_digits(said) == goes_on


@pytest.mark.parametrize(
    "said",
    [
        "转账50000元要手续费吗",
        "存10000块",
        "还16000先",
        "尾号0128的卡",
        "****0128",
        "138****8000",
        "2026年11月22日",
        "12",
        "贷款200000能批吗",
        "一千块",
        "下午3点15分",
        "15:30到账吗",
        "一二三类户有什么区别",
        "转5,000元",
        "拨打955没人接",
        "2026-11-22那笔",
        "错误代码0903",
        "存期365天".replace("365天", "12个月"),
        "12期",
        "3、6、12期哪个划算",
        "分360期",
        "您好",
    ],
)
def test_amounts_dates_and_tails_go_on(said: str) -> None:
    assert without_loose_digits(said) == said


@given(st.text(alphabet="0123456789 -.", min_size=3).filter(lambda t: sum(c.isdigit() for c in t) >= 3))
def test_no_message_of_digits_alone_ever_goes_on(said: str) -> None:
    assert without_loose_digits(said) == PLACE


@given(st.text(max_size=60))
def test_doing_it_twice_changes_nothing(said: str) -> None:
    once = without_loose_digits(said)
    assert without_loose_digits(once) == once
