"""Takes the pictures of docs/images/ from a running stack: `python -m tests.browser.pictures http://127.0.0.1:8000`."""

import argparse
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from shouwen.settings import ROOT
from tests.browser.chat_page import Chat
from tests.browser.conftest import ARGUMENTS, chromium

IMAGES = ROOT / "docs" / "images"
PHONE = "13800138001"  # of the sandbox bank's first customer
ASKED = "怎么查银行卡余额"  # short enough for its related questions to be in the picture


def bank(page: Page, url: str, folder: Path) -> None:
    """The demo bank's page before anybody has asked."""
    page.goto(url)
    page.locator("[aria-expanded]").wait_for()
    page.screenshot(path=folder / "bank.png")


def chat(page: Page, url: str, folder: Path) -> None:
    """A question and its answer with related questions, the bank's page behind it."""
    page.goto(url)
    page.locator("[aria-expanded]").click()
    talk = Chat(page, page.frame_locator("iframe")).begin()
    talk.ask(ASKED).get_by_role("group", name="相关问题").wait_for()
    page.mouse.move(0, 0)
    talk.draft.evaluate("draft => draft.blur()")
    page.screenshot(path=folder / "chat.png")


def secure_form(page: Page, url: str, folder: Path) -> None:
    """A customer who has forgotten the password fills in the first secure form, the telephone beside the chat."""
    page.goto(f"{url}/sandbox/phone#YS0001")
    page.get_by_role("button", name="打开客服对话").click()
    talk = Chat(page, page.frame_locator("iframe")).begin()
    talk.starters.get_by_text("忘记登录密码").click()
    talk.button("同意并填写").click()
    talk.view.get_by_label("手机号", exact=True).fill(PHONE)
    talk.button("提交").click()
    page.get_by_role("button", name="复制验证码").last.wait_for()
    talk.view.get_by_label("短信验证码", exact=True).wait_for()
    page.mouse.move(0, 0)
    page.screenshot(path=folder / "secure-form.png")


def main() -> None:
    """Take all, 1280 pixels wide, in the light look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--folder", type=Path, default=IMAGES)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for take in (bank, chat, secure_form):
            page = browser.new_page(
                viewport={"width": 1280, "height": 860},
                color_scheme="light",
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
            )
            take(page, given.url, given.folder)
        browser.close()


if __name__ == "__main__":
    main()
