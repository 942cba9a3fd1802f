"""The bank's own page for a new login password, served by the sandbox bank; the server behind the link stands in."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from shouwen.settings import ROOT
from tests.browser.axe import violations
from tests.browser.chat_page import overflow
from tests.browser.faults import OFFLINE
from tests.e2e.stack import free_ports

pytestmark = pytest.mark.stack

TAIL, PIN = "1024", "502817"  # of the first seeded customer
GOOD = "松林里的钟声3点"
REFUSED = "status of 4"


class Links:
    """What the service knows of its links: `alive` until redeemed; `heard` holds every call about them."""

    def __init__(self) -> None:
        self.alive: set[str] = set()
        self.heard: list[str] = []
        self._number = 0

    def new(self) -> str:
        self._number += 1
        token = f"{self._number:043d}"
        self.alive.add(token)
        return token

    def answer(self, step: str, token: str) -> dict[str, str] | None:
        self.heard.append(step)
        if token not in self.alive:
            return None
        if step == "redeem":
            self.alive.remove(token)
        until = "expires_at" if step == "inspect" else "cool_down_until"
        return {"customer_ref": "YS0001", until: "2099-01-01T00:00:00Z"}


class Handler(BaseHTTPRequestHandler):
    """`POST /api/bank/reset/{inspect,redeem}`."""

    links: Links

    def do_POST(self) -> None:
        token = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["token"]
        found = self.links.answer(self.path.rpartition("/")[2], token)
        body = json.dumps(found or {"error": {"code": "not_found"}}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing of it belongs into the tests' output."""


@pytest.fixture(scope="module")
def links() -> Iterator[Links]:
    """The service's side of the links, on a port of its own."""
    Handler.links = Links()
    yield Handler.links


@pytest.fixture(scope="module")
def bank(links: Links, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a sandbox bank whose links are `links`."""
    (port,) = free_ports(1)
    service = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    settings = {
        "SHOUWEN_VAR": str(tmp_path_factory.mktemp("bank")),
        "SHOUWEN_SANDBOX_PORT": str(port),
        "SHOUWEN_PUBLIC_URL": f"http://127.0.0.1:{service.server_port}",
    }
    command = [sys.executable, "-m", "shouwen.cli", "sandbox"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/healthz")
        yield url
    finally:
        process.terminate()
        process.wait(10)
        service.shutdown()
        service.server_close()


def _wait_for(url: str, patience: float = 30.0) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            assert time.monotonic() < until, f"{url} does not answer"
            time.sleep(0.1)


@pytest.fixture
def token(links: Links) -> str:
    """A link nobody has used."""
    links.heard.clear()
    return links.new()


@pytest.fixture
def reset(page: Page, bank: str, token: str) -> Page:
    """The page behind the link."""
    page.goto(f"{bank}/reset#{token}")
    expect(page.get_by_role("heading", name="重置登录密码")).to_be_visible()
    return page


def fill(page: Page, tail: str = TAIL, pin: str = PIN, password: str = GOOD) -> None:
    page.get_by_label("银行卡卡号后四位").fill(tail)
    page.get_by_label("这张卡的取款密码").fill(pin)
    page.get_by_label("新的登录密码").fill(password)
    page.keyboard.press("Enter")


def test_opening_the_link_uses_nothing_up_and_leaves_no_trace(reset: Page, links: Links, token: str) -> None:
    assert reset.url.endswith("/reset")
    assert links.heard == []
    assert token in links.alive
    kept = reset.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])")
    assert kept == '[{},{},"",null]'
    reset.go_back()
    assert token not in reset.url


def test_a_new_password_is_set_and_the_customer_told_what_follows(reset: Page, links: Links, token: str) -> None:
    fill(reset)
    expect(reset.get_by_role("heading", name="登录密码已修改")).to_be_focused()
    expect(reset.get_by_role("main")).to_contain_text("其他设备上的登录已全部退出")
    expect(reset.get_by_role("main").get_by_role("link", name="400-000-0000")).to_have_attribute(
        "href", "tel:4000000000"
    )
    expect(reset.get_by_role("textbox")).to_have_count(0)
    assert token not in links.alive
    assert links.heard == ["inspect", "redeem"]


def test_a_used_link_says_what_to_do_now(reset: Page, links: Links, token: str, faults: Any) -> None:
    faults.expect(REFUSED)
    links.alive.remove(token)
    fill(reset)
    expect(reset.get_by_role("heading", name="链接已失效")).to_be_focused()
    expect(reset.get_by_role("main")).to_contain_text("重新申请")
    assert violations(reset) == []


def test_empty_and_wrong_fields_are_named_at_once_and_nothing_is_sent(reset: Page, links: Links) -> None:
    reset.get_by_role("button", name="确认修改").click()
    expect(reset.get_by_label("银行卡卡号后四位")).to_be_focused()
    expect(reset.get_by_text("请填写新的登录密码")).to_be_visible()
    password = reset.get_by_label("新的登录密码")
    password.fill("短密码")
    expect(reset.get_by_text("至少8位，还差5位")).to_be_visible()
    password.fill("短密码已经够长了")
    expect(password).to_have_attribute("aria-invalid", "false")
    assert links.heard == []


def test_digits_may_be_full_width_or_spaced_and_a_password_is_sent_to_the_letter(reset: Page) -> None:
    with reset.expect_request("**/reset") as sent:
        fill(reset, "１０２４", "502 817", f" {GOOD} ")
    body = sent.value.post_data_json
    assert (body["card_tail"], body["pin"], body["password"]) == (TAIL, PIN, f" {GOOD} ")
    expect(reset.get_by_role("heading", name="登录密码已修改")).to_be_visible()


def test_a_weak_password_is_explained_at_its_field(reset: Page, links: Links, token: str, faults: Any) -> None:
    faults.expect(REFUSED)
    fill(reset, password="password")
    password = reset.get_by_label("新的登录密码")
    expect(password).to_be_focused()
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(reset.get_by_text("太常见")).to_be_visible()
    assert token in links.alive


def test_a_wrong_pin_tells_the_tries_left_but_not_which_field_was_wrong(
    reset: Page, links: Links, token: str, faults: Any
) -> None:
    faults.expect(REFUSED)
    fill(reset, pin="000000")
    expect(reset.get_by_role("alert")).to_contain_text("2次")
    expect(reset.locator("[aria-invalid=true]")).to_have_count(0)
    expect(reset.get_by_label("这张卡的取款密码")).to_have_value("")
    expect(reset.get_by_label("新的登录密码")).to_have_value(GOOD)
    assert violations(reset) == []
    assert token in links.alive


def test_the_password_can_be_looked_at_and_is_hidden_again_before_it_leaves(reset: Page, faults: Any) -> None:
    faults.expect(REFUSED)
    password = reset.get_by_label("新的登录密码")
    assert password.get_attribute("autocomplete") == "new-password"
    expect(password).to_have_attribute("type", "password")
    reset.get_by_role("button", name="显示密码").click()
    expect(password).to_have_attribute("type", "text")
    fill(reset, pin="000000")
    expect(reset.get_by_role("alert")).to_be_visible()
    expect(password).to_have_attribute("type", "password")


def test_paste_works_in_every_field(reset: Page) -> None:
    reset.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for label, text in (("银行卡卡号后四位", TAIL), ("这张卡的取款密码", PIN), ("新的登录密码", GOOD)):
        reset.evaluate("text => navigator.clipboard.writeText(text)", text)
        reset.get_by_label(label).focus()
        reset.keyboard.press("Control+V")
        expect(reset.get_by_label(label)).to_have_value(text)


def test_without_an_answer_the_page_does_not_guess(reset: Page, links: Links, token: str, faults: Any) -> None:
    faults.expect(OFFLINE, REFUSED)
    reset.context.set_offline(True)
    fill(reset)
    expect(reset.get_by_role("alert")).to_contain_text("不能确定")
    reset.context.set_offline(False)
    links.alive.remove(token)
    fill(reset)
    expect(reset.get_by_role("main")).to_contain_text("请先用新密码登录试试")


@pytest.mark.parametrize("fragment", ["", "#", "#short", "#<script>alert(1)</script>"])
def test_without_a_link_the_page_says_where_to_find_one(page: Page, bank: str, fragment: str) -> None:
    page.goto(f"{bank}/reset{fragment}")
    expect(page.get_by_role("heading", name="请从短信中的链接打开本页")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
    assert page.url == f"{bank}/reset" + ("#" if fragment == "#" else "")


def test_a_newer_link_opened_in_the_same_tab_takes_the_place_of_the_old_one(
    reset: Page, bank: str, links: Links, faults: Any
) -> None:
    faults.expect(REFUSED)
    links.alive.clear()
    fill(reset)
    expect(reset.get_by_role("heading", name="链接已失效")).to_be_visible()
    newer = links.new()
    reset.goto(f"{bank}/reset#{newer}")
    fill(reset, password=f"{GOOD}了")
    expect(reset.get_by_role("heading", name="登录密码已修改")).to_be_visible()
    assert newer not in links.alive


@pytest.mark.parametrize("look", ["", "?type=large"], ids=["normal", "large type"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (320, "light"), (768, "dark"), (1280, "light")])
def test_the_page_has_no_barrier_and_fits(
    device: Callable[..., Page], bank: str, token: str, width: int, scheme: str, look: str
) -> None:
    page = device(width, 800, color_scheme=scheme)
    page.goto(f"{bank}/reset{look}#{token}")
    expect(page.get_by_role("heading", name="重置登录密码")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="确认修改").click()
    page.get_by_role("button", name="显示密码").click()
    assert violations(page) == []
    assert overflow(page) == []
