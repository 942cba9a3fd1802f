"""The chat page as a customer uses it."""

import re
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

AGREE = "同意并开始咨询"
QUESTION = "手机银行转账到别的银行要手续费吗"
ANSWER = re.compile("免手续费")


class Chat:
    """The chat in a page of its own, or in a frame of somebody else's."""

    def __init__(self, page: Page, view: Page | FrameLocator | None = None) -> None:
        self.page = page
        self.view: Page | FrameLocator = view or page
        self.draft = self.view.get_by_label("输入您的问题")
        self.log = self.view.get_by_role("log")
        self.messages = self.view.locator("chat-message")
        self.starters = self.view.get_by_role("group", name="常见问题").get_by_role("button")
        self.human = self.view.get_by_role("banner").get_by_role("button", name="转人工")
        self.large = self.view.get_by_role("button", name="大字")
        self.panel = self.view.get_by_role("dialog")

    def button(self, name: str) -> Locator:
        return self.view.get_by_role("button", name=name, exact=True)

    def text(self, words: str | re.Pattern[str]) -> Locator:
        return self.view.get_by_text(words)

    def of(self, role: str) -> Locator:
        return self.view.locator(f"chat-message[data-role={role}]")

    def said(self, role: str = "customer") -> list[str]:
        """The words of all messages of a role, from the first on."""
        return [text.strip() for text in self.of(role).locator(".bubble").all_inner_texts()]

    def begin(self) -> "Chat":
        """Agree to the notice; the greeting is there afterwards."""
        self.button(AGREE).click()
        expect(self.text("您好，我是云杉银行")).to_be_visible()
        return self

    def say(self, text: str) -> None:
        self.draft.fill(text)
        self.draft.press("Enter")

    def reload(self) -> None:
        """The page anew; what was said is there afterwards."""
        self.page.reload()
        expect(self.messages.last).to_be_visible()

    def ask(self, text: str) -> Locator:
        """Say something and wait for what the bot says next."""
        heard = self.of("bot").count()
        self.say(text)
        return self.answer_number(heard)

    def answer_number(self, number: int) -> Locator:
        """The bot's message of that number, counted from 0, once it is there."""
        answer = self.of("bot").nth(number)
        expect(answer).to_be_visible()
        return answer

    def scroller(self, expression: str) -> Any:
        """Something of the scrolled element `s`, in JavaScript."""
        return self.log.evaluate(f"s => {expression}")


# by how many pixels the page, and each scrolled part of it, is too wide
TOO_WIDE = """() => Object.fromEntries(
    [document.documentElement, ...document.querySelectorAll('.scroller, .bar .inner, footer nav, dialog[open] .prose')]
        .map(e => [e.className || e.tagName, e.scrollWidth - e.clientWidth]).filter(([, more]) => more > 0))"""


def overflow(page: Page) -> list[dict[str, int]]:
    """What is too wide, frame by frame; an empty list when everything fits."""
    return [found for frame in page.frames if (found := frame.evaluate(TOO_WIDE))]
