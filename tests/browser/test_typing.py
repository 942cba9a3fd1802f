"""Keys in the composer, with and without an input-method editor."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.chat_page import Chat
from tests.browser.records import Records

pytestmark = pytest.mark.stack

ENTER = {"type": "rawKeyDown", "key": "Enter", "code": "Enter"}
IME_KEY = 229


@pytest.fixture
def keys(chat: Chat) -> Iterator[CDPSession]:
    """The browser's own keyboard and input method."""
    session = chat.page.context.new_cdp_session(chat.page)
    chat.draft.focus()
    yield session
    session.detach()


def compose(keys: CDPSession, letters: str) -> None:
    keys.send(
        "Input.imeSetComposition", {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)}
    )


@pytest.mark.parametrize("code", [IME_KEY, 13], ids=["marked by key code", "marked by the composition alone"])
def test_enter_while_composing_chooses_a_candidate_and_never_sends(
    chat: Chat, keys: CDPSession, records: Records, code: int
) -> None:
    compose(keys, "nihao")
    keys.send("Input.dispatchKeyEvent", {**ENTER, "windowsVirtualKeyCode": code})
    keys.send("Input.insertText", {"text": "你好"})
    expect(chat.draft).to_have_value("你好")
    assert chat.said() == records.said() == []
    chat.draft.press("Enter")
    chat.answer_number(1)
    assert chat.said() == ["你好"]


def test_enter_that_safari_sends_after_the_composition_is_known_by_its_key_code(
    chat: Chat, keys: CDPSession, records: Records
) -> None:
    compose(keys, "kahao")
    keys.send("Input.insertText", {"text": "卡号"})
    chat.draft.evaluate(
        "(t, code) => t.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: code, bubbles: true}))",
        IME_KEY,
    )
    expect(chat.draft).to_have_value("卡号")
    assert chat.said() == records.said() == []


def test_a_second_composition_in_the_same_draft_does_not_send_either(chat: Chat, keys: CDPSession) -> None:
    for letters, word in (("wode", "我的"), ("ka", "卡")):
        compose(keys, letters)
        keys.send("Input.dispatchKeyEvent", {**ENTER, "windowsVirtualKeyCode": IME_KEY})
        keys.send("Input.insertText", {"text": word})
    expect(chat.draft).to_have_value("我的卡")
    assert chat.said() == []


def test_shift_enter_is_a_new_line_and_enter_sends_both_lines(chat: Chat) -> None:
    chat.draft.press_sequentially("第一行")
    chat.draft.press("Shift+Enter")
    chat.draft.press_sequentially("第二行")
    expect(chat.draft).to_have_value("第一行\n第二行")
    assert chat.said() == []
    chat.draft.press("Enter")
    chat.answer_number(1)
    assert [" ".join(said.split()) for said in chat.said()] == ["第一行 第二行"]


def test_blanks_alone_are_not_sent(chat: Chat, records: Records) -> None:
    chat.say(" \n ")
    expect(chat.button("发送")).to_have_attribute("aria-disabled", "true")
    assert chat.said() == records.said() == []
