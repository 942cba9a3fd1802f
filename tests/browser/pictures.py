"""Takes the pictures of docs/images/ from a running stack: `python -m tests.browser.pictures http://127.0.0.1:8000`."""

import argparse
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from shouwen.settings import ROOT
from tests.browser.chat_page import Chat
from tests.browser.conftest import ARGUMENTS, chromium

IMAGES = ROOT / "docs" / "images"
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


def main() -> None:
    """Take both, 1280 pixels wide, in the light look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--folder", type=Path, default=IMAGES)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for take in (bank, chat):
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
