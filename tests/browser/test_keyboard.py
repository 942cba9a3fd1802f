"""Everything without a mouse."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import AGREE, ANSWER, QUESTION, Chat
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

# Name of the focused element, whether it lies in sight and on top, and whether one sees that it has the focus.
FOCUSED = """() => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    if (!e || e === document.body) return null;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 2);
    const top = e.getRootNode().elementFromPoint(x, y);
    return {
        name: e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.[0]?.textContent.trim() || e.localName,
        seen: box.bottom > 0 && box.top < innerHeight && (e.contains(top) || !!e.labels?.[0]?.contains(top)),
        marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    };
}"""


def tab_through(page: Page, most: int = 60) -> list[dict[str, Any]]:
    """Every Tab stop from the top of the page to its end."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError(f"no end after {most} stops")


def from_the_top(page: Page) -> None:
    page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")


def test_a_whole_talk_needs_no_mouse(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/chat")
    chat = Chat(page)
    expect(chat.button(AGREE)).to_be_visible()
    while not chat.view.get_by_role("checkbox").evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(chat.view.get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("Tab")
    expect(chat.button(AGREE)).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.draft).to_be_focused()
    page.keyboard.insert_text(QUESTION)
    page.keyboard.press("Enter")
    expect(chat.answer_number(1)).to_contain_text(ANSWER)
    page.keyboard.press("Shift+Tab")
    related = chat.answer_number(1).get_by_role("group", name="相关问题").get_by_role("button").last
    expect(related).to_be_focused()
    page.keyboard.press("Enter")
    chat.answer_number(2)
    expect(related).to_be_focused()


def test_tab_goes_from_the_header_through_the_talk_to_the_composer_and_the_footer(chat: Chat) -> None:
    answer = chat.ask(QUESTION)
    offered = answer.locator("button, a").all_inner_texts()
    from_the_top(chat.page)
    names = [stop["name"] for stop in tab_through(chat.page)]
    before, after = (
        ["大字", "转人工", "对话记录"],
        ["输入您的问题", "发送", "客服热线 400-000-0000", "投诉渠道", "隐私"],
    )
    assert names == [*before, *(name.strip() for name in offered), *after]


def test_the_focus_is_seen_at_every_stop(chat: Chat) -> None:
    chat.ask(QUESTION)
    chat.ask("银行卡丢了怎么办")
    from_the_top(chat.page)
    stops = tab_through(chat.page)
    assert len(stops) > 15
    assert [stop for stop in stops if not (stop["seen"] and stop["marked"])] == []


def test_the_focus_is_seen_at_every_stop_of_the_notice_and_of_the_banks_page(page: Page, stack: Stack) -> None:
    for address in ("/chat", "/"):
        page.goto(stack.url + address)
        page.get_by_role("button").last.wait_for()
        assert [stop for stop in tab_through(page) if not (stop["seen"] and stop["marked"])] == []


@pytest.mark.parametrize("name", ["投诉渠道", "隐私"])
def test_escape_closes_a_panel_and_gives_the_focus_back(chat: Chat, name: str) -> None:
    chat.button(name).press("Enter")
    expect(chat.panel).to_be_visible()
    chat.page.keyboard.press("Tab")
    assert chat.panel.evaluate("d => d.contains(document.activeElement)")
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.button(name)).to_be_focused()


def test_the_talk_scrolls_by_the_keyboard(chat: Chat) -> None:
    chat.ask("怎么查银行卡余额")
    chat.ask(QUESTION)
    chat.ask("我的信用卡年费怎么收")
    chat.log.focus()
    chat.page.keyboard.press("Home")
    expect(chat.messages.first).to_be_in_viewport()
    chat.page.keyboard.press("End")
    expect(chat.messages.last).to_be_in_viewport()
