import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.conversations.message import clean_client_id, clean_text
from shouwen.errors import EmptyMessage, InvalidInput, MessageTooLong


@pytest.mark.parametrize("raw", ["", "   ", "\n\t", "\u200b\u200b", "\x00\x01", "\u3000"])
def test_a_message_without_anything_to_read_is_empty(raw: str) -> None:
    with pytest.raises(EmptyMessage):
        clean_text(raw, 100)


@pytest.mark.parametrize("raw", [None, 5, ["您好"], {"text": "您好"}, True])
def test_what_is_no_text_is_refused_by_name(raw: object) -> None:
    with pytest.raises(InvalidInput, match="text"):
        clean_text(raw, 100)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InvalidInput, match="surrogate"):
        clean_text("您好\ud800", 100)


def test_the_limit_counts_characters() -> None:
    assert clean_text("好" * 100, 100) == "好" * 100
    with pytest.raises(MessageTooLong) as error:
        clean_text("好" * 101, 100)
    assert error.value.limit == 100


def test_control_characters_go_and_lines_stay() -> None:
    assert clean_text(" 第一行\x07\n第二行\r ", 100) == "第一行\n第二行"


@given(st.text())
def test_what_passes_can_always_be_stored(raw: str) -> None:
    try:
        text = clean_text(raw, 200)
    except InvalidInput:
        return
    text.encode("utf-8")
    assert "\x00" not in text
    assert clean_text(text, 200) == text


@pytest.mark.parametrize("raw", [None, "", "x" * 65, "中文", "a\n", 7])
def test_a_client_id_is_short_printable_ascii(raw: object) -> None:
    with pytest.raises(InvalidInput, match="client_id"):
        clean_client_id(raw)
