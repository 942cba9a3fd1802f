"""Names, addresses, e-mail addresses and login names are masked."""

import pytest

from tests.text.masked_samples import assert_hidden

HIDDEN = {
    # e-mail
    "邮箱contact@163.com": "邮箱con***@163.com",
    "tt@163.com": "tt***@163.com",
    "发到 contact ＠ 163。com": "发到 con***@163.com",
    "contact艾特163点com": "con***@163.com",
    "13800138000@139.com": "138***@139.com",
    # names
    "我叫王小明": "我叫王**",
    "我是王小明，想查余额": "我是王**，想查余额",
    "我叫陳小明": "我叫陳**",
    "姓名：欧阳娜娜": "姓名：欧阳**",
    "户名是李建国": "户名是李**",
    "收款人张三": "收款人张**",
    "姓名王小明身份证11010519491231002X": "姓名王**身份证1****************X",
    "转给李四的5000元": "转给李**的5000元",
    "姓名：阿迪力·买买提": "姓名：阿**",
    # addresses
    "我住在浙江省杭州市西湖区文三路123号5幢201室": "我住在浙江省杭州市",
    "邮寄地址：文三路123号5幢201室": "邮寄地址：[地址]",
    "杭州市西湖区文三路123号5幢201室": "杭州市",
    "我家在北京朝阳区望京街10号院3号楼2单元501": "我家在北京",
    "江苏省南京市鼓楼区中山路8号": "江苏省南京市",
    # login names
    "用户名是zhangsan": "用户名是z***",
}


@pytest.mark.parametrize(("text", "expected"), HIDDEN.items(), ids=list(HIDDEN))
def test_it_is_masked_once_and_for_all(text: str, expected: str) -> None:
    assert_hidden(text, expected)
