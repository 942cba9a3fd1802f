"""The whole way, with nothing made up: the chat, the telephone and the bank's own pages in one browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.chat_page import Chat, overflow
from tests.browser.faults import EXPIRED, Faults
from tests.browser.person import Person, newcomer
from tests.browser.records import Records
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

PIN, WRONG_PIN, NEW_PASSWORD = "502817", "000000", "松林里的钟声3点"
WRONG_CODES = ("000000", "111111")
GONE = "status of 409"


@pytest.fixture
def person(page: Page, stack: Stack) -> Person:
    """A customer in good standing who has just agreed to the notice."""
    return Person.comes(page, stack, "YS0001")


def begins_reset(person: Person) -> None:
    person.chat.starters.get_by_text("忘记登录密码").click()
    person.agrees()


def answer(person: Person, words: str) -> Locator:
    return person.chat.of("bot").filter(has_text=words).last


def sets_password(reset: Page, person: Person, pin: str = PIN) -> None:
    reset.get_by_label("银行卡卡号后四位").fill(person.who.tails[0])
    reset.get_by_label("这张卡的取款密码").fill(pin)
    reset.get_by_label("新的登录密码").fill(NEW_PASSWORD)
    reset.keyboard.press("Enter")


def is_sound(*pages: Page) -> None:
    for page in pages:
        assert violations(page) == []
        assert overflow(page) == []


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (768, "light"), (1280, "light"), (1920, "dark")], ids=str)
def test_a_forgotten_password_is_set_anew(device: Callable[..., Page], stack: Stack, width: int, scheme: str) -> None:
    person = Person.comes(device(width, 800, color_scheme=scheme), stack, "YS0001")
    chat = person.chat
    chat.starters.get_by_text("忘记登录密码").click()
    expect(chat.button("同意并填写")).to_be_visible()
    is_sound(chat.page)
    person.agrees()
    person.gives_phone()
    is_sound(chat.page, person.telephone)
    code = person.gives_code()
    expect(person.field("姓名")).to_be_focused()
    expect(person.field("姓名")).to_be_in_viewport()
    is_sound(chat.page)
    person.gives_person()
    expect(answer(person, "链接")).to_be_in_viewport()
    expect(chat.text("已核对身份：林女士")).to_be_visible()
    is_sound(chat.page)

    reset = person.opens_link()
    expect(reset.get_by_role("heading", name="重置登录密码")).to_be_visible()
    assert "#" not in reset.url
    is_sound(reset)
    sets_password(reset, person)
    expect(reset.get_by_role("heading", name="登录密码已修改")).to_be_focused()
    expect(person.bubble("非本人操作")).to_be_in_viewport()
    expect(chat.text("已核对身份")).to_have_count(0)
    is_sound(chat.page, person.telephone, reset)
    assert person.at_the_bank()["password_changed_at"]

    typed = (person.who.name, person.who.id_number, person.who.phone, code)
    kept = chat.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}]) + document.body.innerHTML")
    assert not [value for value in typed if value in kept]


def test_a_link_is_good_for_one_password(person: Person, faults: Faults) -> None:
    faults.expect("status of 410")
    begins_reset(person)
    person.gives_phone()
    person.gives_code()
    person.gives_person()
    first, second = person.opens_link(), person.opens_link()
    sets_password(first, person)
    expect(first.get_by_role("heading", name="登录密码已修改")).to_be_visible()
    sets_password(second, person)
    expect(second.get_by_role("heading", name="链接已失效")).to_be_focused()
    is_sound(second)


def test_a_third_wrong_pin_ends_the_link_in_words(person: Person, faults: Faults) -> None:
    faults.expect("status of 4")
    begins_reset(person)
    person.gives_phone()
    person.gives_code()
    person.gives_person()
    reset = person.opens_link()
    for left in ("2次", "1次"):
        sets_password(reset, person, WRONG_PIN)
        expect(reset.get_by_role("alert")).to_contain_text(left)
    sets_password(reset, person, WRONG_PIN)
    expect(reset.get_by_role("heading", name="链接已失效")).to_be_focused()
    expect(reset.get_by_role("main")).to_contain_text("三次都没有核对上")
    is_sound(reset)
    assert person.at_the_bank()["password_changed_at"] is None


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_a_lost_card_is_stopped_in_large_type_one_question_at_a_time(
    device: Callable[..., Page], stack: Stack, width: int, scheme: str
) -> None:
    person = Person.comes(device(width, 640, color_scheme=scheme), stack, "YS0008", "?type=large")
    chat = person.chat
    chat.starters.get_by_text("银行卡丢了").click()
    person.agrees()
    person.gives_phone()
    person.gives_code()
    for label, value in (("姓名", person.who.name), ("卡号后四位", person.who.tails[0])):
        expect(person.field(label)).to_be_focused()
        expect(person.field(label)).to_be_in_viewport()
        expect(person.form.locator("input")).to_have_count(1)
        is_sound(chat.page)
        person.fills({label: value})
    chat.button("马上挂失").click()
    is_sound(chat.page)
    expect(chat.view.get_by_role("button", name=re.compile("^对，"))).to_be_visible()
    assert person.at_the_bank()["cards"][0]["state"] == "normal", "nothing happens before the second yes"
    chat.view.get_by_role("button", name=re.compile("^对，")).click()
    expect(answer(person, "已经临时挂失")).to_be_in_viewport()
    expect(person.bubble("挂失")).to_contain_text(person.who.tails[0])
    is_sound(chat.page, person.telephone)
    assert person.at_the_bank()["cards"][0]["state"] == "stopped"


def test_a_reload_in_the_middle_of_a_form_goes_on_where_it_was(person: Person) -> None:
    begins_reset(person)
    person.gives_phone()
    person.field("短信验证码").fill("12")
    person.chat.reload()
    expect(person.field("短信验证码")).to_have_value("")
    expect(person.chat.button("同意并填写")).to_have_count(0)
    person.gives_code()
    person.gives_person()
    expect(answer(person, "链接")).to_be_visible()


def test_another_tab_begins_a_talk_of_its_own(person: Person, stack: Stack) -> None:
    begins_reset(person)
    person.gives_phone()
    tab = person.telephone.context.new_page()
    tab.goto(f"{stack.url}/chat")
    other = Chat(tab).begin()
    expect(other.text("短信验证码")).to_have_count(0)
    person.gives_code()
    person.gives_person()
    expect(person.chat.text("已核对身份：林女士")).to_be_visible()
    expect(other.text("已核对身份")).to_have_count(0)


def test_a_copied_tab_is_shut_when_the_first_one_reaches_a_level(person: Person, faults: Faults) -> None:
    faults.expect(EXPIRED)
    begins_reset(person)
    person.gives_phone()
    with person.chat.page.expect_popup() as opened:
        person.chat.page.evaluate("window.open('/chat') && undefined")
    copy = Chat(opened.value)
    expect(copy.view.get_by_label("短信验证码", exact=True)).to_be_visible()
    person.gives_code()
    expect(person.field("姓名")).to_be_visible()
    expect(copy.text("本次对话已结束")).to_be_visible()
    expect(copy.view.locator("secure-form")).to_have_count(0)
    is_sound(copy.page)
    person.gives_person()
    expect(person.chat.text("已核对身份：林女士")).to_be_visible()


def test_a_wrong_code_is_said_plainly_and_may_be_mended(person: Person) -> None:
    begins_reset(person)
    person.gives_phone()
    code = person.code()
    person.fills({"短信验证码": next(wrong for wrong in WRONG_CODES if wrong != code)})
    expect(answer(person, "验证码没有对上")).to_be_visible()
    expect(person.field("短信验证码")).to_be_focused()
    expect(person.form).to_have_count(1)
    is_sound(person.chat.page)
    person.fills({"短信验证码": code})
    expect(person.field("姓名")).to_be_focused()
    expect(person.field("姓名")).to_be_in_viewport()


def test_an_expired_form_takes_nothing_and_says_how_to_go_on(person: Person, records: Records, faults: Faults) -> None:
    faults.expect(GONE)
    begins_reset(person)
    person.gives_phone()
    code = person.code()
    records.expire_form()
    person.fills({"短信验证码": code})
    expect(person.chat.view.locator("secure-form").last).to_contain_text("已失效")
    expect(person.form).to_have_count(0)
    is_sound(person.chat.page)
    person.chat.say("忘记登录密码了")
    expect(person.form.locator("input").first).to_be_visible()


def test_who_signed_in_at_the_bank_is_known_in_the_chat(page: Page, stack: Stack) -> None:
    who = newcomer(page, stack, "YS0001")
    page.goto(stack.url)
    page.get_by_label("演示登录").select_option(who.ref)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("已登录：林晓雨")).to_be_visible()
    page.locator("[aria-expanded]").click()
    chat = Chat(page, page.frame_locator("iframe"))
    chat.begin()
    expect(chat.text("已核对身份：林女士")).to_be_visible()
    is_sound(page)
    chat.starters.get_by_text("忘记登录密码").click()
    expect(chat.of("bot").last).not_to_contain_text("手机号")
    is_sound(page)


def test_the_pages_run_under_their_policy(person: Person, stack: Stack) -> None:
    for address in ("/", "/chat", "/sandbox/phone"):
        headers: dict[str, Any] = person.chat.page.request.get(stack.url + address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
