"""The telephones of the sandbox bank's customers, as a newcomer finds them."""

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.chat_page import AGREE, overflow
from tests.browser.faults import OFFLINE
from tests.browser.telephones import Telephones
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

FIRST, OTHER = "林晓雨", "陈国栋"
FIRST_PHONE, OTHER_PHONE = "13800138001", "13800138002"
LINK = "http://127.0.0.1:9/reset#Abcdefghijklmnopqrstuvwxyz-_0123456789ABCDEFG"
NUMBERS = count(1)


@pytest.fixture
def phones(page: Page, stack: Stack) -> Page:
    """The page with the first customer's telephone."""
    page.goto(f"{stack.url}/sandbox/phone")
    expect(page.get_by_role("heading", name=f"{FIRST}的手机")).to_be_visible()
    return page


@pytest.fixture
def telephones(stack: Stack, page: Page) -> Telephones:
    return Telephones(stack, page.request)


def words(text: str) -> str:
    """The text with a number of its own: telephones are shared by all tests."""
    return f"第{next(NUMBERS)}号：{text}"


def bubble(page: Page, text: str) -> Locator:
    return page.locator(".bubble", has_text=text)


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_new_message_comes_by_itself_and_stands_last(phones: Page, telephones: Telephones) -> None:
    one, two = words("先来"), words("后到")
    telephones.send(FIRST_PHONE, one)
    telephones.send(FIRST_PHONE, two, "app")
    expect(bubble(phones, two)).to_be_in_viewport()
    said = phones.locator(".bubble .words").all_inner_texts()
    assert said[-2:] == [one, two]
    expect(bubble(phones, one).locator(".meta")).to_contain_text("短信")
    expect(bubble(phones, two).locator(".meta")).to_contain_text("手机银行消息")


def test_a_code_is_copied_by_one_button_however_it_was_sent(phones: Page, telephones: Telephones) -> None:
    phones.context.grant_permissions(["clipboard-read", "clipboard-write"])
    telephones.send(FIRST_PHONE, "您的验证码是492817，请致电400-000-0000核实。")
    phones.get_by_role("button", name="复制验证码 492817").click()
    assert copied(phones) == "492817"
    telephones.send(FIRST_PHONE, "您的验证码是：3，0，5，5，8，1。再说一遍：3，0，5，5，8，1。", "voice")
    phones.get_by_role("button", name="复制验证码 305581").click()
    assert copied(phones) == "305581"
    expect(bubble(phones, "再说一遍").last.locator(".meta")).to_contain_text("语音播报")


def test_only_http_addresses_become_links_and_markup_stays_text(phones: Page, telephones: Telephones) -> None:
    text = words(f"{LINK} javascript:alert(1) <img src=x onerror=alert(1)> ftp://a.example")
    telephones.send(FIRST_PHONE, text)
    expect(bubble(phones, text.split(" ")[0]).locator(".words")).to_contain_text("<img src=x onerror=alert(1)>")
    links = bubble(phones, text.split(" ")[0]).get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", LINK)
    expect(links).to_have_attribute("rel", "noopener noreferrer")


def test_a_message_for_somebody_else_is_counted_and_shown_there(phones: Page, telephones: Telephones) -> None:
    text = words("给另一位客户")
    telephones.send(OTHER_PHONE, text)
    person = phones.get_by_role("link", name=re.compile(OTHER))
    expect(person).to_contain_text("1 条新消息")
    expect(bubble(phones, text)).to_have_count(0)
    person.click()
    expect(bubble(phones, text)).to_be_visible()
    expect(person).not_to_contain_text("新消息")
    phones.go_back()
    expect(phones.get_by_role("heading", name=f"{FIRST}的手机")).to_be_visible()


def test_a_reader_further_up_is_left_where_he_is(phones: Page, telephones: Telephones) -> None:
    for _ in range(12):
        telephones.send(FIRST_PHONE, words("很多消息"))
    log = phones.get_by_role("log")
    expect(phones.locator(".bubble").last).to_be_in_viewport()
    log.evaluate("s => { s.scrollTop = 0; }")
    text = words("悄悄来的一条")
    telephones.send(FIRST_PHONE, text)
    expect(bubble(phones, text)).to_be_attached()
    assert log.evaluate("s => s.scrollTop") == 0


def test_what_the_bank_asks_for_can_be_copied(phones: Page) -> None:
    phones.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phones.get_by_role("button", name="复制身份证号").click()
    assert re.fullmatch(r"\d{17}[\dX]", copied(phones))
    phones.get_by_role("button", name="复制取款密码").first.click()
    assert re.fullmatch(r"\d{6}", copied(phones))


def test_the_chat_opens_beside_the_telephone_and_covers_none_of_it(phones: Page) -> None:
    phones.get_by_role("button", name="打开客服对话").click()
    expect(phones.frame_locator("iframe").get_by_role("button", name=AGREE)).to_be_visible()
    device, chat = phones.locator(".device").bounding_box(), phones.locator("iframe").bounding_box()
    assert device and chat
    assert device["x"] + device["width"] <= chat["x"]


def test_the_page_says_that_all_is_fictitious(phones: Page) -> None:
    expect(phones.get_by_text("全部为虚构")).to_be_visible()


def test_a_broken_connection_is_said_and_mended_without_losing_messages(
    phones: Page, telephones: Telephones, device: Any
) -> None:
    device.faults().expect(OFFLINE)
    text = words("断网之前")
    telephones.send(FIRST_PHONE, text)
    expect(bubble(phones, text)).to_be_visible()
    phones.context.set_offline(True)
    expect(phones.get_by_text("连接中断")).to_be_visible()
    expect(bubble(phones, text)).to_be_visible()
    assert violations(phones) == []
    phones.context.set_offline(False)
    expect(phones.get_by_text("连接中断")).to_have_count(0)


def test_without_the_sandbox_the_page_says_so_and_tries_again(page: Page, stack: Stack, device: Any) -> None:
    device.faults().expect("net::ERR_")
    page.route("**/sandbox/customers", lambda route: route.abort())
    page.goto(f"{stack.url}/sandbox/phone")
    expect(page.get_by_role("heading", name="暂时读不到模拟手机")).to_be_visible()
    assert violations(page) == []
    page.unroute("**/sandbox/customers")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("heading", name=f"{FIRST}的手机")).to_be_visible()


def test_another_device_sees_no_telephones(phones: Page, device: Any) -> None:
    device.faults().expect("status of 404")
    phones.context.set_extra_http_headers({"X-Forwarded-For": "192.0.2.7"})
    expect(phones.get_by_role("heading", name="这里没有模拟手机")).to_be_visible()
    expect(phones.get_by_text(FIRST_PHONE)).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390])
def test_a_small_screen_shows_the_list_or_one_telephone(device: Callable[..., Page], stack: Stack, width: int) -> None:
    page = device(width, 640)
    page.goto(f"{stack.url}/sandbox/phone")
    person = page.get_by_role("link", name=re.compile(OTHER))
    person.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"{OTHER}的手机")).to_be_focused()
    expect(person).to_be_hidden()
    page.get_by_role("link", name="换一位客户").click()
    expect(page.get_by_role("heading", name="选择一位客户")).to_be_focused()
    expect(person).to_be_visible()


@pytest.mark.parametrize("look", ["", "?type=large"], ids=["normal", "large type"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (768, "dark"), (1280, "light"), (1920, "dark")])
def test_the_page_has_no_barrier_and_fits(
    device: Callable[..., Page], stack: Stack, width: int, scheme: str, look: str
) -> None:
    page = device(width, 800, color_scheme=scheme)
    Telephones(stack, page.request).send(FIRST_PHONE, f"您的验证码是772049。{LINK}")
    for address in (f"{stack.url}/sandbox/phone{look}", f"{stack.url}/sandbox/phone{look}#YS0001"):
        page.goto(address)
        expect(page.get_by_role("heading", name=re.compile("手机$|选择一位客户")).first).to_be_visible()
        assert violations(page) == []
        assert overflow(page) == []
