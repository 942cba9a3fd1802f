"""A real browser in front of the real stack."""

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chat_page import Chat
from tests.browser.faults import Faults
from tests.browser.records import Records
from tests.e2e.stack import Stack

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 10_000  # milliseconds

Opener = Callable[..., Chat]


def chromium(own: str) -> str:
    """A Chromium on the PATH, or the one Playwright keeps. Without one the tests are skipped, but not in CI."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found or Path(own).exists():
        return found or own
    words = f"no browser: none of {', '.join(NAMES)} is on the PATH (Debian: apt-get install chromium)"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    warnings.warn(f"{words}; the pages are NOT tested", stacklevel=1)
    pytest.skip(words)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for this folder. Not for the session: Playwright holds the thread's event loop while it lives."""
    with sync_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        expect.set_options(timeout=PATIENCE)
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def device(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes a device with an empty page; afterwards it must not have complained about anything unexpected."""
    opened: list[tuple[Any, Faults]] = []

    def make(width: int = 1280, height: int = 800, **look: Any) -> Page:
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **look}
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        context.set_default_timeout(PATIENCE)
        opened.append((context, Faults(context)))
        return context.new_page()

    make.faults = lambda: opened[-1][1]  # type: ignore[attr-defined]
    yield make
    heard = [fault for _, faults in opened for fault in faults.unexpected]
    for context, _ in opened:
        context.close()
    assert not heard, "the browser complained:\n" + "\n".join(heard)


@pytest.fixture
def page(device: Callable[..., Page]) -> Page:
    """A desktop browser's empty page."""
    return device()


@pytest.fixture
def faults(page: Page, device: Any) -> Faults:
    """What `page` complains about."""
    found: Faults = device.faults()
    return found


@pytest.fixture
def chat(page: Page, stack: Stack) -> Chat:
    """A talk that has just begun, in a page of its own."""
    page.goto(f"{stack.url}/chat")
    return Chat(page).begin()


@pytest.fixture
def records(page: Page, stack: Stack) -> Records:
    """What the database knows of the talk in `page`."""
    return Records(stack, page)


@pytest.fixture
def silent_rasa(stack: Stack) -> Callable[[], AbstractContextManager[None]]:
    """`with silent_rasa():` Rasa hears and does not answer; afterwards it does."""
    return lambda: held(stack, "rasa")


@contextmanager
def held(stack: Stack, part: str) -> Iterator[None]:
    """A process of the stack stands still."""
    import signal

    pid = stack.pids()[part]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
