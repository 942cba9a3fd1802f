"""Values typed into the chat although a form waits for them, and what only looks like one."""

import pytest

from shouwen.text.given_values import asks_again, recognise

ID = "11010519491231002X"


@pytest.mark.parametrize(
    ("waits", "text", "given"),
    [
        ("phone", "13800138011", "13800138011"),
        ("phone", "我的手机号是138 0013 8011", "138 0013 8011"),
        ("phone", "您好，手机号码：13800138011，谢谢", "13800138011"),
        ("phone", "一三八零零一三八零一一", "一三八零零一三八零一一"),
        ("phone", "1380013801", "1380013801"),
        ("phone", "+86 13800138011", "+86 13800138011"),
        ("otp", "123456", "123456"),
        ("otp", "验证码是１２３４５６", "123456"),
        ("otp", "收到了，123 456", "123 456"),
        ("otp", "12345", "12345"),
        ("id_number", f"身份证号：{ID}", ID.lower()),
        ("card_tail", "尾号0128", "0128"),
        ("card_tail", "卡号后四位是0128", "0128"),
    ],
)
def test_a_message_of_nothing_but_the_value(waits: str, text: str, given: str) -> None:
    assert recognise((waits,), text) == {waits: given}


@pytest.mark.parametrize(
    ("waits", "text"),
    [
        ("phone", "我换手机号13800138011了，怎么改预留号码"),
        ("phone", "13800138011这个号能收到短信吗"),
        ("phone", "13800138011 13900139000"),
        ("phone", "为什么要手机号"),
        ("phone", "转人工"),
        ("phone", "我转了5000块"),
        ("otp", "转123456元到账了吗"),
        ("otp", "我的余额是123456吗"),
        ("otp", "收不到验证码"),
        ("otp", "10086给我发了什么"),
        ("id_number", f"我的身份证{ID}过期了怎么办"),
        ("card_tail", "0128这张卡年费多少"),
    ],
)
def test_a_question_that_holds_a_number_is_a_question(waits: str, text: str) -> None:
    assert recognise((waits,), text) is None


@pytest.mark.parametrize(
    ("waits", "text", "given"),
    [
        ("id_number", f"张三 {ID}", {"name": "张三", "id_number": ID.lower()}),
        ("id_number", f"我叫张三，身份证号{ID}", {"name": "张三", "id_number": ID.lower()}),
        ("id_number", f"{ID}，王小明", {"name": "王小明", "id_number": ID.lower()}),
        ("id_number", f"欧阳娜娜{ID}", {"name": "欧阳娜娜", "id_number": ID.lower()}),
        ("id_number", f"姓名：阿依古丽·买买提 证件号码：{ID}", {"name": "阿依古丽·买买提", "id_number": ID.lower()}),
        ("id_number", ID, {"id_number": ID.lower()}),
        ("card_tail", "张三 0128", {"name": "张三", "card_tail": "0128"}),
        ("card_tail", "王小明，尾号0128", {"name": "王小明", "card_tail": "0128"}),
        ("card_tail", "张三尾号0128", {"name": "张三", "card_tail": "0128"}),
        ("card_tail", "持卡人张三，卡号后四位0128", {"name": "张三", "card_tail": "0128"}),
    ],
)
def test_name_and_number_in_one_line(waits: str, text: str, given: dict[str, str]) -> None:
    assert recognise(("name", waits), text) == given


@pytest.mark.parametrize(
    "text", [f"我叫张三，我的身份证过期了{ID}", "张三，转人工", "张三", "为什么要身份证", "谢谢0128"]
)
def test_a_name_with_more_than_a_number_is_no_answer(text: str) -> None:
    assert recognise(("name", "id_number"), text) is None


@pytest.mark.parametrize("text", ["张三", "我叫王小明", "姓名：李四", "我是欧阳娜娜"])
def test_a_name_where_only_a_name_is_asked_for(text: str) -> None:
    found = recognise(("name",), text)
    assert found is not None
    assert found["name"] in text


@pytest.mark.parametrize(
    "text",
    [
        "谢谢",
        "算了",
        "不办了",
        "转人工",
        "安全吗",
        "为什么",
        "好的",
        "何时",
        "常用",
        "王女士",
        "取消",
        "等一下",
        "没有",
        "方便吗",
        "于是",
        "成功了",
    ],
)
def test_other_short_words_are_no_names(text: str) -> None:
    assert recognise(("name",), text) is None


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("重发", "sms"),
        ("再发一次", "sms"),
        ("没收到", "sms"),
        ("没收到验证码", "sms"),
        ("收不到短信", "sms"),
        ("验证码过期了", "sms"),
        ("語音", "voice"),
        ("语音", "voice"),
        ("打电话告诉我吧", "voice"),
        ("用语音发给我", "voice"),
        ("没收到，用语音吧", "voice"),
        ("123456", None),
        ("转人工", None),
        ("为什么要验证码", None),
        ("我昨天没收到你们银行寄过来的新的信用卡怎么回事", None),
    ],
)
def test_asking_for_another_code(text: str, channel: str | None) -> None:
    assert asks_again(text) == channel
