"""Amounts, counts, dates and card tails, as of Sunday 2026-11-22."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.text.entities import extract
from shouwen.text.masking import mask

TODAY = date(2026, 11, 22)


def found(text: str, kind: str) -> list[str]:
    return [entity.value for entity in extract(text, today=TODAY) if entity.kind == kind]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("转了5000元", ["5000"]),
        ("转了5000", ["5000"]),
        ("扣了¥50,000.00", ["50000"]),
        ("三万五千块", ["35000"]),
        ("转了三万五", ["35000"]),
        ("五千块钱", ["5000"]),
        ("5万能贷吗", ["50000"]),
        ("转5w", ["50000"]),
        ("1.5万元", ["15000"]),
        ("3万5", ["35000"]),
        ("两块五的短信费", ["2.5"]),
        ("三块八毛二", ["3.82"]),
        ("八毛", ["0.8"]),
        ("两块半", ["2.5"]),
        ("一千多块", ["1000"]),
        ("５０００元", ["5000"]),
        ("从5000元到1万元", ["5000", "10000"]),
        ("余额12345678.90元", ["12345678.9"]),
        ("100美元", []),
        ("500积分", []),
        ("一万次", []),
        ("万一丢了", []),
        ("千万别给别人", []),
        ("3期6期12期", []),
        ("利率3.85%", []),
        ("密码错误3次", []),
        ("一二三类账户", []),
        ("iphone15", []),
    ],
)
def test_amounts_are_read_in_yuan(text: str, values: list[str]) -> None:
    assert found(text, "amount") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12期", ["12"]),
        ("分六期", ["6"]),
        ("分十二期吧", ["12"]),
        ("１２期", ["12"]),
        ("3期6期12期", ["3", "6", "12"]),
        ("分24个月", ["24"]),
        ("分成十二个月还", ["12"]),
        ("分一年", ["12"]),
        ("分半年还", ["6"]),
        ("分两年", ["24"]),
        ("二十四期", ["24"]),
        ("账单5000元分3期", ["3"]),
        ("第3期的账单", []),
        ("上一期账单", []),
        ("一期货亏了", []),
        ("分手三个月", []),
        ("十分期待", []),
        ("定期", []),
        ("日期", []),
    ],
)
def test_counts_of_payments_are_read(text: str, values: list[str]) -> None:
    assert found(text, "count") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2026年11月22日", ["2026-11-22"]),
        ("2026-11-22 10:30:25扣款", ["2026-11-22T10:30"]),
        ("2026/1/5", ["2026-01-05"]),
        ("二零二六年十一月二十二号", ["2026-11-22"]),
        ("11月30日前还款", ["2026-11-30"]),
        ("5月3号到6月15号", ["2026-05-03", "2026-06-15"]),
        ("12月31日", ["2026-12-31"]),
        ("去年5月3号", ["2025-05-03"]),
        ("2026年10月的账单", ["2026-10"]),
        ("昨天", ["2026-11-21"]),
        ("大前天", ["2026-11-19"]),
        ("前天晚上八点半", ["2026-11-20T20:30"]),
        ("昨晚11点多", ["2026-11-21T23:00"]),
        ("今早9点", ["2026-11-22T09:00"]),
        ("明天下午2:30", ["2026-11-23T14:30"]),
        ("昨天凌晨12点", ["2026-11-21T00:00"]),
        ("今天中午1点", ["2026-11-22T13:00"]),
        ("昨天三点一刻", ["2026-11-21T03:15"]),
        ("上周五", ["2026-11-13"]),
        ("周五", ["2026-11-20"]),
        ("下星期一", ["2026-11-23"]),
        ("上上个礼拜天", ["2026-11-08"]),
        ("上个月15号", ["2026-10-15"]),
        ("上月", ["2026-10"]),
        ("下个月还款", ["2026-12"]),
        ("15号还款日", ["2026-11-15"]),
        ("三天前", ["2026-11-19"]),
        ("两周前", ["2026-11-08"]),
        ("3个月前", ["2026-08-22"]),
        ("半个月前", ["2026-11-07"]),
        ("2月30日", []),
        ("13月5日", []),
        ("第15号窗口", []),
        ("一天限额5万", []),
        ("15号楼", []),
        ("13800138000", []),
    ],
)
def test_dates_are_resolved_against_today(text: str, values: list[str]) -> None:
    assert found(text, "date") == values


def test_a_month_before_the_31st_ends_on_its_last_day() -> None:
    [entity] = extract("1个月前", today=date(2026, 3, 31))
    assert entity.value == "2026-02-28"


def test_a_day_late_in_last_year_is_last_years_in_january() -> None:
    [entity] = extract("12月20日", today=date(2026, 1, 5))
    assert entity.value == "2025-12-20"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("尾号0128的卡", ["0128"]),
        ("尾号是0128", ["0128"]),
        ("****0128", ["0128"]),
        ("尾号****0128", ["0128"]),
        ("卡号后四位是零一二八", ["0128"]),
        ("最后4位:0128", ["0128"]),
        ("尾号０１２８", ["0128"]),
        ("138****8000", []),
        ("0571****8709", []),
        ("1****************1", []),
        ("尾号012", []),
        ("尾号01283", []),
        ("0128", []),
    ],
)
def test_card_tails_are_read(text: str, values: list[str]) -> None:
    assert found(text, "card_tail") == values


def test_a_masked_message_still_gives_its_facts() -> None:
    masked = mask("昨天晚上八点用6228480402564890018给13900139000转了三万五").text
    entities = extract(masked, today=TODAY)
    assert [(entity.kind, entity.value) for entity in entities] == [
        ("date", "2026-11-21T20:00"),
        ("card_tail", "0018"),
        ("amount", "35000"),
    ]
    assert all(masked[entity.start : entity.end] == entity.text for entity in entities)


@given(st.text("昨上周月前五三万千百块元0128尾号日年点半:.,-/￥５㈠晚 ", max_size=25))
def test_entities_never_overlap_and_keep_their_offsets(text: str) -> None:
    end = 0
    for entity in extract(text, today=TODAY):
        assert end <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
        end = entity.end
