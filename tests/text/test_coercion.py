"""Words behind which somebody else may stand."""

import pytest

from shouwen.text.coercion import speaks_for_another, speaks_of_fraud

FRAUD = [
    "客服让我把密码重置一下", "对方叫我开屏幕共享", "他说要转到安全账户", "警察打电话来说我涉嫌洗钱", "我好像被骗了",
    "他们让我下载一个会议软件", "有人教我这样操作的", "我把验证码告诉他了", "对方要我交解冻费",
    "這筆錢不是我轉的，被盜刷了",
]  # fmt: skip
CALM = [
    "我忘记登录密码了", "密码输错三次被锁了", "怎么重置手机银行密码", "我换了新手机登录不上", "我想改一下登录密码",
    "验证码没收到", "国家反诈app要不要装", "我在深圳，密码忘了", "客服电话多少", "您好，帮我重置密码",
]  # fmt: skip
ANOTHER = [
    "我帮我妈重置密码", "替我爸办一下", "我是他儿子", "我是老人的女儿", "我奶奶不会用", "我妈的手机银行密码忘了",
    "女儿帮我操作的", "代老人办理", "我爸爸的密码锁了", "帮老伴弄一下",
]  # fmt: skip


@pytest.mark.parametrize("text", FRAUD)
def test_signs_of_fraud(text: str) -> None:
    assert speaks_of_fraud(text)


@pytest.mark.parametrize("text", CALM)
def test_ordinary_words(text: str) -> None:
    assert not speaks_of_fraud(text)
    assert not speaks_for_another(text)


@pytest.mark.parametrize("text", ANOTHER)
def test_somebody_writes_for_another(text: str) -> None:
    assert speaks_for_another(text)
