"""Typed values, cleaned and judged, and what stands for them in the transcript."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.identity import fields
from shouwen.text.identifiers import id_checksum_holds

ID = "11010519491231002X"


@pytest.mark.parametrize(
    ("name", "typed", "clean"),
    [
        ("phone", "13800138011", "13800138011"),
        ("phone", " 138-0013-8011 ", "13800138011"),
        ("phone", "１３８ ００１３ ８０１１", "13800138011"),
        ("phone", "+86 138 0013 8011", "13800138011"),
        ("phone", "008613800138011", "13800138011"),
        ("phone", "8613800138011", "13800138011"),
        ("phone", "一三八零零一三八零一一", "13800138011"),
        ("phone", "138\u200b00138011", "13800138011"),
        ("otp", "123456", "123456"),
        ("otp", "１２３ ４５６", "123456"),
        ("otp", "000000", "000000"),
        ("card_tail", "0128", "0128"),
        ("card_tail", "０１２８", "0128"),
        ("id_number", ID, ID),
        ("id_number", ID.lower(), ID),
        ("id_number", "110105 19491231 002ｘ", ID),
        ("id_number", "110105-19491231-002X", ID),
        ("name", "王小明", "王小明"),
        ("name", " 欧阳 娜娜 ", "欧阳娜娜"),
        ("name", "阿依古丽·买买提", "阿依古丽·买买提"),
        ("name", "阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("name", "阿依古丽.买买提", "阿依古丽·买买提"),
        ("name", "㛃", None),
        ("name", "王㛃", "王㛃"),
        ("name", "张𬎆", "张𬎆"),
        ("name", "John  O'Neil Smith", "John O'Neil Smith"),
        ("name", "Ａｎｎａ", "Anna"),
    ],
)
def test_what_is_typed_in_many_ways(name: str, typed: str, clean: str | None) -> None:
    cleaned, faults = fields.check([name], {name: typed})
    assert (cleaned, faults) == (({name: clean}, {}) if clean else ({}, {name: "not_a_name"}))


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("phone", "", "missing"),
        ("phone", " \u200b ", "missing"),
        ("phone", "1380013801", "not_a_phone"),
        ("phone", "12800138011", "not_a_phone"),
        ("phone", "138001380111", "not_a_phone"),
        ("phone", "0571-88888888", "not_a_phone"),
        ("phone", "+1 13800138011", "not_a_phone"),
        ("phone", "9" * 65, "too_long"),
        ("otp", "12345", "not_six_digits"),
        ("otp", "1234567", "not_six_digits"),
        ("otp", "12345a", "not_six_digits"),
        ("card_tail", "128", "not_four_digits"),
        ("card_tail", "6228480402564890018", "not_four_digits"),
        ("id_number", "110105194912310021", "bad_checksum"),
        ("id_number", "11010519491231002", "not_an_id_number"),
        ("id_number", "110105194913310021", "not_an_id_number"),
        ("id_number", "X1010519491231002X", "not_an_id_number"),
        ("id_number", "110105491231002", "not_an_id_number"),
        ("name", "王", "not_a_name"),
        ("name", "王1明", "not_a_name"),
        ("name", "·王明", "not_a_name"),
        ("name", "王明·", "not_a_name"),
        ("name", "<b>王明</b>", "not_a_name"),
        ("name", "王" * 31, "not_a_name"),
    ],
)
def test_what_cannot_be_the_value(name: str, typed: str, code: str) -> None:
    assert fields.check([name], {name: typed}) == ({}, {name: code})


def test_each_field_is_judged_alone_and_no_other_is_taken() -> None:
    cleaned, faults = fields.check(["name", "id_number"], {"name": "王小明", "otp": "123456"})
    assert (cleaned, faults) == ({"name": "王小明"}, {"id_number": "missing"})


@given(st.sampled_from(["phone", "otp", "name", "id_number", "card_tail"]), st.text(max_size=80))
def test_anything_typed_is_either_clean_or_faulty(name: str, typed: str) -> None:
    cleaned, faults = fields.check([name], {name: typed})
    assert set(cleaned) | set(faults) == {name}
    assert not set(cleaned) & set(faults)
    if name == "id_number" and cleaned:
        assert id_checksum_holds(cleaned[name])
    if cleaned:
        assert fields.check([name], cleaned) == (cleaned, {})


def test_a_placeholder_says_what_not_how_long() -> None:
    assert fields.placeholder(["phone"]) == "[手机号]"
    assert fields.placeholder(["otp"]) == "[验证码]"
    assert fields.placeholder(["name", "id_number"]) == "[姓名] [证件号]"
    assert fields.placeholder(["name", "card_tail"]) == "[姓名] [卡号后四位]"


@pytest.mark.parametrize("phone", ["13800138011", "+8613800138011", "8613800138011"])
def test_a_number_on_file_is_counted_under_one_form(phone: str) -> None:
    assert fields.bare_phone(phone) == "13800138011"
    assert fields.phone_mask(fields.bare_phone(phone)) == "138****8011"


@pytest.mark.parametrize(
    ("names", "typed", "left"),
    [
        (("otp",), "482913为什么不行", "[验证码]为什么不行"),
        (("otp",), "４８２９１３咋回事", "[验证码]咋回事"),
        (("otp",), "四八二九一三为什么错", "[验证码]为什么错"),
        (("otp",), "4-8-2-9-1-3 填进去了", "[验证码] 填进去了"),
        (("otp",), "①②③④⑤⑥不行", "[验证码]不行"),
        (("otp",), "4829133", "[验证码]"),
        (("otp",), "482", "[验证码]"),
        (("otp",), "482913 张伟", "[验证码] 张伟"),
        (("otp",), "482913 13800138001", "[验证码] 13800138001"),
        (("otp",), "为什么要验证码", "为什么要验证码"),
        (("otp",), "转账100000元要手续费吗", "转账100000元要手续费吗"),
        (("otp",), "2026-11-22 13:05转的", "2026-11-22 13:05转的"),
        (("phone",), "1380013801", "[手机号]"),
        (("name", "id_number"), "张伟", "[姓名]"),
        (("name", "id_number"), "张伟，身份证110000199804120225", "[姓名] [证件号]"),
        (("name", "card_tail"), "张伟 102", "[姓名] [卡号后四位]"),
        (("name", "id_number"), "为什么要身份证", "为什么要身份证"),
    ],
)
def test_what_is_no_answer_goes_on_without_what_the_form_asks_for(
    names: tuple[str, ...], typed: str, left: str
) -> None:
    assert fields.conceal(names, typed) == left


@given(st.integers(0, 999_999), st.sampled_from(["", "为什么", "我填了", "转人工，"]), st.sampled_from("ABCD"))
def test_no_code_survives_among_words(number: int, before: str, way: str) -> None:
    code = f"{number:06}"
    written = {
        "A": code, "B": " ".join(code), "C": code.translate({ord("0") + n: chr(ord("０") + n) for n in range(10)}),
        "D": f"{code[:3]}-{code[3:]}",
    }[way]  # fmt: skip
    left = fields.conceal(("otp",), f"{before}{written}还是不对")
    assert left == f"{before}[验证码]还是不对"
