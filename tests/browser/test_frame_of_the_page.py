"""Header, footer, large type and narrow screens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import QUESTION, Chat, overflow
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

SMALLEST_FIELD = 16  # pixels; a phone zooms in on the focus of a smaller one


def font_size(page: Page, selector: str) -> float:
    return float(page.locator(selector).first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))


def test_the_footer_names_the_hotline_and_calls_it(chat: Chat) -> None:
    hotline = chat.view.get_by_role("contentinfo").get_by_role("link", name="客服热线 400-000-0000")
    expect(hotline).to_have_attribute("href", "tel:4000000000")
    expect(hotline).to_be_in_viewport()


def test_the_footer_leads_to_the_complaint_channel(chat: Chat) -> None:
    chat.button("投诉渠道").click()
    expect(chat.panel.get_by_role("heading", name="投诉渠道")).to_be_visible()
    expect(chat.panel).to_contain_text("complaint@yunshan.example")
    expect(chat.panel.get_by_role("link", name="投诉办理流程")).to_have_attribute(
        "href", "https://www.yunshan.example/complaint"
    )
    chat.panel.get_by_role("button", name="在线投诉").click()
    expect(chat.panel).to_be_hidden()
    expect(chat.answer_number(1)).to_be_visible()
    assert chat.said() == ["我要投诉"]


def test_the_header_says_that_a_machine_speaks(chat: Chat) -> None:
    expect(chat.view.get_by_role("banner")).to_contain_text("智能客服小杉 为您服务")
    expect(chat.view.get_by_role("banner")).to_contain_text("智能客服回答，仅供参考")


def test_large_type_is_remembered_on_this_device(chat: Chat, stack: Stack) -> None:
    usual = font_size(chat.page, ".bubble")
    chat.large.click()
    expect(chat.large).to_have_attribute("aria-pressed", "true")
    assert (usual, font_size(chat.page, ".bubble")) == (16, 20)
    chat.reload()
    expect(chat.large).to_have_attribute("aria-pressed", "true")
    assert font_size(chat.page, ".bubble") == 20
    other = chat.page.context.new_page()
    other.goto(f"{stack.url}/chat")
    expect(Chat(other).large).to_have_attribute("aria-pressed", "true")
    Chat(other).large.click()
    other.reload()
    expect(Chat(other).large).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("address", ["/chat", "/chat?type=large", "/"])
def test_nothing_scrolls_sideways_at_320_pixels(device: Callable[..., Page], stack: Stack, address: str) -> None:
    page = device(320, 568)
    page.goto(stack.url + address)
    chat = Chat(page, page.frame_locator("iframe")) if address == "/" else Chat(page)
    if address == "/":
        page.locator("[aria-expanded]").click()
    expect(chat.button("同意并开始咨询")).to_be_visible()
    assert overflow(page) == []
    chat.begin().ask(QUESTION)
    chat.ask("https://www.yunshan.example/" + "a" * 300)
    assert overflow(page) == []
    chat.button("隐私").click()
    expect(chat.panel).to_be_visible()
    assert overflow(page) == []


def test_fields_are_large_enough_for_a_phone_not_to_zoom_in(device: Callable[..., Page], stack: Stack) -> None:
    page = device(320, 568, has_touch=True, is_mobile=True)
    page.goto(f"{stack.url}/chat")
    chat = Chat(page).begin()
    assert font_size(page, "textarea") >= SMALLEST_FIELD
    expect(chat.draft).not_to_be_focused()  # the touch keyboard comes when the customer wants it


def test_motion_stops_where_the_device_asks_for_it(device: Callable[..., Page], stack: Stack, silent_rasa) -> None:  # type: ignore[no-untyped-def]
    page = device(reduced_motion="reduce")
    page.goto(f"{stack.url}/chat")
    chat = Chat(page).begin()
    with silent_rasa():
        chat.say(QUESTION)
        dot = page.locator(".typing i").first
        expect(dot).to_be_visible()
        assert dot.evaluate("e => getComputedStyle(e).animationName") == "none"
    chat.answer_number(1)
