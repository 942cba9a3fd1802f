"""Reading labelled sentences."""

import pytest

from shouwen.evaluation.rows import Row, parse_rows


def test_rows_keep_their_line_and_also_may_be_missing():
    text = '{"text": "在吗", "label": "greet"}\n\n{"text": "查余额", "label": "faq/balance", "also": ["greet"]}\n'

    assert parse_rows(text) == ([Row(1, "在吗", "greet"), Row(3, "查余额", "faq/balance", ("greet",))], [])


def test_windows_line_ends_and_a_byte_order_mark_are_read():
    assert parse_rows('\ufeff{"text": "在吗", "label": "greet"}\r\n')[1] == []


def test_a_line_separator_inside_a_sentence_does_not_split_it():
    rows, faults = parse_rows('{"text": "在\u2028吗", "label": "greet"}')

    assert (rows[0].text, faults) == ("在\u2028吗", [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("text,label", "is no JSON"),
        ('["在吗", "greet"]', "is no JSON object"),
        ('{"label": "greet"}', "text is missing"),
        ('{"text": "  ", "label": "greet"}', "text is missing"),
        ('{"text": "在吗", "label": 3}', "label is missing or not a string"),
        ('{"text": "在吗", "label": "greet", "also": "deny"}', "also is not a list"),
    ],
)
def test_every_bad_line_is_told_with_its_number(line, words):
    rows, faults = parse_rows(f'{{"text": "在吗", "label": "greet"}}\n{line}\n{line}\n')

    assert len(rows) == 1
    assert [fault.split(":")[0] for fault in faults] == ["line 2", "line 3"]
    assert all(words in fault for fault in faults)
