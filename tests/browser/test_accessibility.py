"""WCAG 2.2 AA by axe-core, in every look the page has."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.chat_page import AGREE, QUESTION, Chat
from tests.browser.faults import OFFLINE
from tests.browser.records import Records, long_talk
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

LOOKS = {
    "light": ("light", "/chat"),
    "dark": ("dark", "/chat"),
    "large type": ("dark", "/chat?type=large"),
}


@pytest.fixture(params=[320, 1280])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=LOOKS, ids=lambda name: name)
def chat(request: pytest.FixtureRequest, width: int, device: Any, stack: Stack) -> Chat:
    """The notice, in one of the page's looks."""
    scheme, address = LOOKS[request.param]
    page = device(width, 640 if width == 320 else 800, color_scheme=scheme)
    page.goto(stack.url + address)
    expect(page.get_by_role("button", name=AGREE)).to_be_visible()
    return Chat(page)


def test_the_notice_and_the_empty_talk_have_no_barrier(chat: Chat) -> None:
    assert violations(chat.page) == []
    chat.begin()
    expect(chat.starters).to_have_count(4)
    assert violations(chat.page) == []
    for panel in ("投诉渠道", "隐私"):
        chat.button(panel).click()
        assert violations(chat.page) == []
        chat.page.keyboard.press("Escape")


def test_a_long_talk_has_no_barrier(chat: Chat, stack: Stack) -> None:
    chat.begin()
    Records(stack, chat.page).add(
        *long_talk(60), ("agent", "您好，我是坐席1024，请稍等。"), ("system", "已转回智能客服。")
    )
    chat.reload()
    chat.ask(QUESTION).get_by_role("button", name="有帮助").click()
    expect(chat.text("感谢您的评价：有帮助")).to_be_visible()
    chat.ask("银行卡丢了怎么办")
    chat.human.click()
    expect(chat.of("bot").last).to_contain_text("哪个电话号码")
    assert violations(chat.page) == []


def test_what_went_wrong_has_no_barrier(chat: Chat, stack: Stack, device: Any) -> None:
    device.faults().expect(OFFLINE, r"status of 40[01]")
    chat.begin().say("\u200b\u200b")
    expect(chat.button("重试")).to_be_visible()
    chat.page.context.set_offline(True)
    chat.say(QUESTION)
    expect(chat.text("网络恢复后自动发送")).to_be_visible()
    assert violations(chat.page) == []
    Records(stack, chat.page).expire()
    chat.page.context.set_offline(False)
    expect(chat.text("本次对话已结束")).to_be_visible()
    assert violations(chat.page) == []


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_banks_page_has_no_barrier(device: Callable[..., Page], stack: Stack, width: int, scheme: str) -> None:
    page = device(width, 800, color_scheme=scheme)
    page.goto(stack.url)
    expect(page.locator("[aria-expanded]")).to_be_visible()
    assert violations(page) == []
    page.locator("[aria-expanded]").click()
    Chat(page, page.frame_locator("iframe")).begin()
    assert violations(page) == []
