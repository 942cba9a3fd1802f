"""A customer of the sandbox bank at a browser: the chat in one page, the telephone in another."""

import re
from collections.abc import Mapping
from typing import Any, Self

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.chat_page import Chat
from tests.e2e.person import Seeded, secret_of
from tests.e2e.stack import Stack

_COPIES_A_CODE = re.compile(r"复制验证码 \d{6}")


class Person:
    """Fills in what the chat asks for and reads what comes on the telephone; nothing of it is made up."""

    def __init__(self, context: BrowserContext, stack: Stack, who: Seeded, chat: Chat) -> None:
        self.who, self.chat = who, chat
        self.telephone = context.new_page()
        self.telephone.goto(f"{stack.url}/sandbox/phone#{who.ref}")
        expect(self.telephone.get_by_role("heading", name=f"{who.name}的手机")).to_be_visible()
        self._codes_read = 0

    @classmethod
    def comes(cls, page: Page, stack: Stack, like: str, look: str = "") -> Self:
        """A new customer like a seeded one, who has begun a talk: limits count by telephone."""
        who = newcomer(page, stack, like)
        page.goto(f"{stack.url}/chat{look}")
        return cls(page.context, stack, who, Chat(page).begin())

    @property
    def form(self) -> Locator:
        """The secure form that waits for an answer."""
        return self.chat.view.locator("secure-form form")

    def field(self, label: str) -> Locator:
        return self.form.get_by_label(label, exact=True)

    def agrees(self) -> None:
        self.chat.button("同意并填写").click()
        expect(self.form.locator("input").first).to_be_focused()

    def fills(self, values: Mapping[str, str]) -> None:
        """Fill in the open form and send it by Enter."""
        for label, value in values.items():
            self.field(label).fill(value)
        self.form.locator("input").last.press("Enter")

    def gives_phone(self) -> None:
        self.fills({"手机号": self.who.phone})
        expect(self.field("短信验证码")).to_be_focused()

    def gives_code(self) -> str:
        """Give the code that has come last; the code."""
        code = self.code()
        self.fills({"短信验证码": code})
        return code

    def gives_person(self) -> None:
        expect(self.field("姓名")).to_be_focused()
        self.fills({"姓名": self.who.name, "身份证号": self.who.id_number})

    def bubble(self, words: str) -> Locator:
        """The last message on the telephone that holds the words."""
        return self.telephone.locator(".bubble", has_text=words).last

    def code(self) -> str:
        """The next code on the telephone."""
        copy = self.telephone.get_by_role("button", name=_COPIES_A_CODE)
        expect(copy).to_have_count(self._codes_read + 1)
        self._codes_read += 1
        return copy.last.inner_text()[-6:]

    def opens_link(self) -> Page:
        """Follow the newest link in a page of its own."""
        with self.telephone.context.expect_page() as opened:
            self.telephone.locator(".bubble").get_by_role("link").last.click()
        return opened.value

    def at_the_bank(self) -> dict[str, Any]:
        """What the bank knows of the customer now."""
        rows = self.telephone.request.get(self.telephone.url.partition("/sandbox/")[0] + "/sandbox/customers").json()
        return next(row for row in rows if row["ref"] == self.who.ref)


def newcomer(page: Page, stack: Stack, like: str) -> Seeded:
    """One more customer of the sandbox bank."""
    given = page.request.post(f"{stack.sandbox}/sandbox/customers", data={"like": like}, headers=secret_of(stack))
    assert given.ok, given.text()
    return Seeded.from_row(given.json())
