"""The demo bank's page signs a sandbox customer in and tells the chat."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import violations
from tests.browser.chat_page import Chat
from tests.browser.made_up_gateway import Gateway
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

CUSTOMERS = [{"ref": "c1", "name": "王芳", "about": "有两张卡"}, {"ref": "c2", "name": "欧阳明", "about": "登录被锁"}]
KNOWN = {"level": 2, "salutation": "王女士", "until": "2099-01-01T00:00:00Z"}


class Bank:
    """The demo page with a made-up sandbox behind it."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page = page
        self.given: list[Any] = []
        page.route("**/sandbox/customers", lambda route: route.fulfill(json=CUSTOMERS))
        page.route("**/sandbox/bank-token", self._give)
        page.goto(stack.url)
        self.chat = Chat(page, page.frame_locator("iframe"))
        self.customer = page.get_by_label("演示登录")
        self.launcher = page.locator("[aria-expanded]")

    def sign_in(self, name: str) -> None:
        self.customer.select_option(label=next(f"{c['name']}：{c['about']}" for c in CUSTOMERS if c["name"] == name))
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_text(f"已登录：{name}")).to_be_visible()

    def _give(self, route: Route) -> None:
        self.given.append(route.request.post_data_json)
        route.fulfill(json={"bank_token": f"token{len(self.given)}"})


@pytest.fixture
def gateway(page: Page, stack: Stack) -> Gateway:
    return Gateway(page, stack.url)


def begin(bank: Bank, gateway: Gateway) -> None:
    gateway.say("您好，我是云杉银行智能客服小杉。")
    bank.launcher.click()
    bank.chat.begin()


def test_a_customer_who_is_signed_in_opens_the_chat_with_a_fresh_token(gateway: Gateway, stack: Stack) -> None:
    bank = Bank(gateway.page, stack)
    bank.sign_in("欧阳明")
    begin(bank, gateway)
    assert bank.given == [{"ref": "c2"}, {"ref": "c2"}]
    assert [body["bank_token"] for body in gateway.asked("/sessions")] == ["token2"]


def test_a_customer_who_signs_in_during_the_talk_is_told_to_it(gateway: Gateway, stack: Stack) -> None:
    bank = Bank(gateway.page, stack)
    begin(bank, gateway)
    assert "bank_token" not in gateway.asked("/sessions")[0]
    gateway.identity = KNOWN
    bank.sign_in("王芳")
    expect(bank.chat.text("已核对身份：王女士")).to_be_visible()
    assert gateway.asked("/identify") == [{"bank_token": "token1"}]


def test_a_token_is_taken_from_the_framing_page_only(gateway: Gateway, stack: Stack) -> None:
    bank = Bank(gateway.page, stack)
    begin(bank, gateway)
    said = "{from: 'shouwen-embed', type: 'bank-token', token: 'forged'}"
    frame = gateway.page.frames[1]
    frame.evaluate(f"postMessage({said}, '*')")
    other = "document.body.append(Object.assign(document.createElement('iframe'), {id: 'other', src: '/chat'}))"
    gateway.page.evaluate(other)
    expect(gateway.page.frame_locator("#other").locator("chat-message")).to_be_visible()
    gateway.page.frames[2].evaluate(f"parent.frames[0].postMessage({said}, '*')")
    gateway.page.evaluate("document.querySelector('#other').remove()")
    gateway.identity = KNOWN
    bank.sign_in("王芳")
    expect(bank.chat.text("已核对身份：王女士")).to_be_visible()
    assert gateway.asked("/identify") == [{"bank_token": "token1"}]


def test_without_a_sandbox_there_is_nobody_to_sign_in_and_nobody_is_asked_for(page: Page, stack: Stack) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(stack.url)))
    page.route("**/api/chat/bank", lambda route: route.fulfill(json={**route.fetch().json(), "sandbox": False}))
    page.goto(stack.url)
    page.wait_for_load_state("networkidle")
    expect(page).to_have_title("云杉银行")
    expect(page.get_by_role("link", name="单独打开客服")).to_be_visible()
    expect(page.get_by_label("演示登录")).to_be_hidden()
    expect(page.get_by_role("link", name="客户的手机")).to_be_hidden()
    assert "/api/chat/bank" in asked
    assert "/sandbox/customers" not in asked


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_sign_in_has_no_barrier_and_fits(device: Any, stack: Stack, width: int, scheme: str) -> None:
    bank = Bank(device(width, 800, color_scheme=scheme), stack)
    bank.sign_in("王芳")
    assert violations(bank.page) == []
    assert bank.page.evaluate("document.documentElement.scrollWidth") == width


def test_an_app_hands_a_token_over_by_its_own_window_and_no_address_can(gateway: Gateway, stack: Stack) -> None:
    page = gateway.page
    gateway.say("您好，我是云杉银行智能客服小杉。")
    page.goto(f"{stack.url}/chat?channel=app#bank_token=of-a-link")
    chat = Chat(page, page)
    chat.begin()
    assert "bank_token" not in gateway.asked("/sessions")[0]
    gateway.identity = KNOWN
    said = "{from: 'shouwen-app', type: 'bank-token', token: 'of-the-app'}"
    page.evaluate(f"window.postMessage({said}, location.origin)")
    expect(chat.text("已核对身份：王女士")).to_be_visible()
    assert gateway.asked("/identify") == [{"bank_token": "of-the-app"}]
