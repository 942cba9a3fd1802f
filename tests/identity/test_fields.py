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
