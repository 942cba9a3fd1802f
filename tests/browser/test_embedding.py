"""The one tag on a bank's page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.chat_page import ANSWER, QUESTION, Chat
from tests.browser.faults import Faults
from tests.browser.records import Records, long_talk
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack


class BankPage:
    """The demo bank's page and the chat in its frame."""

    def __init__(self, page: Page, stack: Stack) -> None:
        page.goto(stack.url)
        self.page = page
        self.chat = Chat(page, page.frame_locator("iframe"))
        self.launcher: Locator = page.locator("[aria-expanded]")
        self.frame = page.locator("iframe")


@pytest.fixture
def bank(page: Page, stack: Stack) -> BankPage:
    return BankPage(page, stack)


def test_the_banks_page_carries_one_tag_and_it_opens_the_chat_in_a_frame(bank: BankPage, stack: Stack) -> None:
    expect(bank.page.locator("script[src*='embed']")).to_have_count(1)
    expect(bank.frame).to_have_count(0)
    bank.launcher.click()
    bank.chat.begin()
    assert [frame.url for frame in bank.page.frames[1:]] == [f"{stack.url}/chat"]
    expect(bank.chat.ask(QUESTION)).to_contain_text(ANSWER)


def test_the_banks_own_buttons_open_the_chat(bank: BankPage) -> None:
    bank.page.get_by_role("button", name="咨询在线客服").click()
    bank.chat.begin()
    expect(bank.chat.draft).to_be_focused()


def test_escape_closes_the_chat_and_gives_the_focus_back(bank: BankPage) -> None:
    bank.launcher.press("Enter")
    bank.chat.begin().draft.press("Escape")
    expect(bank.frame).to_be_hidden()
    expect(bank.launcher).to_have_attribute("aria-expanded", "false")
    expect(bank.launcher).to_be_focused()
    bank.launcher.press("Enter")
    expect(bank.chat.text("您好，我是云杉银行")).to_be_visible()
    expect(bank.chat.draft).to_be_focused()


def test_escape_that_ends_a_composition_leaves_the_chat_open(bank: BankPage) -> None:
    bank.launcher.press("Enter")
    bank.chat.begin().draft.press_sequentially("n")
    key = "{key: 'Escape', keyCode: 229, isComposing: true, bubbles: true}"
    bank.chat.draft.evaluate(f"t => t.dispatchEvent(new KeyboardEvent('keydown', {key}))")
    expect(bank.frame).to_be_visible()
    bank.chat.draft.press("Escape")
    expect(bank.frame).to_be_hidden()


def test_an_answer_that_comes_while_the_chat_is_closed_is_counted_on_the_button(
    bank: BankPage, silent_rasa: Callable[[], AbstractContextManager[None]]
) -> None:
    bank.page.set_viewport_size({"width": 1280, "height": 560})  # the answer is longer than the frame
    bank.launcher.click()
    chat = bank.chat.begin()
    with silent_rasa():
        chat.say(QUESTION)
        expect(chat.text("正在输入")).to_be_visible()
        chat.draft.press("Escape")
    expect(bank.launcher).to_have_accessible_name("在线客服，1 条未读消息")
    bank.launcher.click()
    expect(chat.of("bot").last).to_contain_text(ANSWER)
    expect(chat.of("bot").last.locator(".who")).to_be_in_viewport()
    expect(bank.launcher).to_have_accessible_name("在线客服")


def test_the_talk_in_the_frame_is_there_after_the_banks_page_is_loaded_anew(bank: BankPage) -> None:
    bank.launcher.click()
    bank.chat.begin().ask(QUESTION)
    bank.page.reload()
    bank.launcher.click()
    expect(bank.chat.of("bot").last).to_contain_text(ANSWER)
    assert bank.chat.said() == [QUESTION]


@pytest.mark.parametrize(("answers", "token"), [(True, "of-the-page"), (False, None)])
def test_the_banks_page_is_asked_who_is_signed_in_and_only_waited_for_if_it_can_tell(
    bank: BankPage, answers: bool, token: str | None
) -> None:
    if answers:
        bank.page.evaluate(
            """() => document.addEventListener('shouwen:bank-token-wanted', event => {
                event.preventDefault();
                const answer = new CustomEvent('shouwen:bank-token', {detail: 'of-the-page'});
                setTimeout(() => document.dispatchEvent(answer));
            })"""
        )
    opening: list[dict[str, Any]] = []

    def overhear(route: Route) -> None:
        opening.append(route.request.post_data_json)
        route.continue_(post_data={"channel": "web"})

    bank.page.route("**/api/chat/sessions", overhear)
    bank.launcher.click()
    bank.chat.begin()
    assert [body.get("bank_token") for body in opening] == [token]


def test_on_a_phone_the_chat_fills_the_screen_and_has_a_button_to_close(
    device: Callable[..., Page], stack: Stack
) -> None:
    bank = BankPage(device(320, 568, has_touch=True, is_mobile=True), stack)
    bank.launcher.tap()
    bank.chat.begin()
    assert bank.frame.bounding_box() == {"x": 0, "y": 0, "width": 320, "height": 568}
    bank.chat.button("关闭对话窗口").tap()
    expect(bank.frame).to_be_hidden()
    expect(bank.launcher).to_be_visible()


def test_an_inline_script_that_got_into_the_page_does_not_run(chat: Chat, faults: Faults) -> None:
    faults.expect("Content Security Policy")
    chat.page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.stolen = true';
            document.body.append(script);
        }"""
    )
    assert chat.page.evaluate("window.stolen") is None
    assert any("Content Security Policy" in heard for heard in faults.heard)


def test_no_page_of_ours_asks_anybody_else_for_anything(page: Page, stack: Stack) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    bank: Any = BankPage(page, stack)
    bank.launcher.click()
    bank.chat.begin().ask(QUESTION)
    assert asked
    assert [url for url in asked if not url.startswith(stack.url)] == []


def test_a_long_talk_opens_at_its_end_in_the_frame_too(bank: BankPage, stack: Stack) -> None:
    bank.launcher.click()
    bank.chat.begin()
    Records(stack, bank.page).add(*long_talk(80))
    bank.page.reload()
    bank.launcher.click()
    expect(bank.chat.text("第80条")).to_be_in_viewport()
