"""Secure forms: consent first, one open at a time, what is typed goes to the identity check and nowhere else."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.chat_page import Chat, overflow
from tests.browser.faults import Faults
from tests.browser.made_up_gateway import NOTICE, Gateway
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

PHONE = "13800138000"
SOUND, SOUND_X = "11010519491231002X", "11010519491231002x"
UNSOUND = "110105194912310021"


@pytest.fixture
def gateway(page: Page, stack: Stack) -> Gateway:
    return Gateway(page, stack.url)


def agreed(gateway: Gateway, *names: str, **card: Any) -> Chat:
    """A talk in which the customer has agreed to the first secure form."""
    chat = gateway.chat()
    gateway.push(gateway.form(*names, **card))
    chat.button("同意并填写").click()
    expect(inputs(chat).first).to_be_visible()
    return chat


def inputs(chat: Chat) -> Locator:
    return chat.view.locator("secure-form input")


def field(chat: Chat, label: str) -> Locator:
    return chat.view.get_by_label(label, exact=True)


def fault(chat: Chat, label: str) -> Locator:
    name = field(chat, label).get_attribute("aria-describedby")
    return chat.view.locator(f"#{name}.fault")


def test_no_field_is_shown_before_the_separate_consent(gateway: Gateway) -> None:
    chat = gateway.chat()
    gateway.push(gateway.form("phone"))
    asked = chat.view.get_by_role("region", name=NOTICE["title"])
    for words in ("为了重置登录密码", NOTICE["text"]):
        expect(asked).to_contain_text(words)
    expect(inputs(chat)).to_have_count(0)
    assert gateway.asked("/consent") == []
    chat.button("同意并填写").click()
    expect(field(chat, "手机号")).to_be_focused()
    assert gateway.asked("/consent") == [{"sensitive": True}]


def test_consent_is_asked_once_in_a_talk(gateway: Gateway) -> None:
    chat = agreed(gateway, "phone")
    gateway.push(gateway.form("otp"))
    expect(field(chat, "短信验证码")).to_be_visible()
    chat.reload()
    expect(field(chat, "短信验证码")).to_be_visible()
    expect(chat.button("同意并填写")).to_have_count(0)
    assert len(gateway.asked("/consent")) == 1


def test_a_no_to_the_consent_is_said_in_the_chat_and_shows_no_field(gateway: Gateway) -> None:
    chat = gateway.chat()
    gateway.push(gateway.form("phone"))
    chat.button("不同意").click()
    expect(chat.text("您没有同意填写，没有提交任何内容。")).to_be_visible()
    expect(inputs(chat)).to_have_count(0)
    expect(chat.of("customer")).to_have_count(1)
    assert chat.said() == ["不同意"]
    assert gateway.asked("/consent") == gateway.asked("/secure") == []


def test_what_is_filled_in_goes_out_once_by_enter_and_stays_nowhere(gateway: Gateway) -> None:
    chat = agreed(gateway, "name", "card_tail", form="f1")
    field(chat, "姓名").fill("王芳")
    field(chat, "卡号后四位").fill("６２ ３-4")
    gateway.messages[-1]["card"]["state"] = "over"
    field(chat, "卡号后四位").press("Enter")
    expect(chat.text("已提交，内容不会出现在聊天记录中。")).to_be_focused()
    assert gateway.asked("/secure") == [{"form": "f1", "fields": {"name": "王芳", "card_tail": "6234"}}]
    kept = chat.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}]) + document.body.innerHTML")
    assert "王芳" not in kept
    assert "6234" not in kept


def test_the_focus_goes_on_to_the_next_form(gateway: Gateway) -> None:
    chat = agreed(gateway, "phone")
    gateway.secure = lambda body: (200, gateway.turn([gateway.form("otp")]))
    field(chat, "手机号").fill(PHONE)
    field(chat, "手机号").press("Enter")
    expect(field(chat, "短信验证码")).to_be_focused()
    expect(inputs(chat)).to_have_count(1)


def test_a_form_takes_the_focus_only_from_a_customer_who_is_not_typing(gateway: Gateway) -> None:
    chat = agreed(gateway, "phone")
    chat.draft.fill("")
    gateway.push(gateway.form("otp"))
    expect(field(chat, "短信验证码")).to_be_focused()
    chat.draft.fill("写到一半")
    gateway.push(gateway.form("name"))
    expect(field(chat, "姓名")).to_be_visible()
    expect(chat.draft).to_be_focused()


def test_a_code_is_one_field_that_takes_what_the_phone_offers_or_what_is_pasted(gateway: Gateway) -> None:
    chat = agreed(gateway, "otp")
    code = field(chat, "短信验证码")
    expect(inputs(chat)).to_have_count(1)
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    expect(code).to_have_attribute("inputmode", "numeric")
    code.evaluate(
        """code => {
            const clipboard = new DataTransfer();
            clipboard.setData('text/plain', '123 456');
            const free = code.dispatchEvent(new ClipboardEvent('paste', {clipboardData: clipboard, cancelable: true}));
            if (free) document.execCommand('insertText', false, '123 456');
        }"""
    )
    expect(code).to_have_value("123 456")
    chat.button("提交").click()
    expect(inputs(chat)).to_have_count(1)
    assert gateway.asked("/secure")[0]["fields"] == {"otp": "123456"}


def test_only_the_newest_form_of_a_talk_can_be_filled_in(gateway: Gateway) -> None:
    chat = agreed(gateway, "phone")
    gateway.push(gateway.form("name"))
    expect(field(chat, "姓名")).to_be_visible()
    expect(field(chat, "手机号")).to_have_count(0)
    expect(chat.text("这张表单已失效。")).to_have_count(1)


def test_a_form_shown_again_takes_the_place_of_the_older_one(gateway: Gateway) -> None:
    chat = agreed(gateway, "otp", form="same")
    gateway.push(gateway.form("otp", form="same"))
    expect(chat.text("这张表单已失效。")).to_have_count(1)
    expect(inputs(chat)).to_have_count(1)
    expect(chat.of("bot").last.locator("secure-form input")).to_have_count(1)


@pytest.mark.parametrize(("state", "words"), [("answered", "已提交"), ("over", "已失效")])
def test_what_the_server_says_of_a_form_holds_after_a_reload(gateway: Gateway, state: str, words: str) -> None:
    chat = agreed(gateway, "phone")
    gateway.messages[-1]["card"]["state"] = state
    chat.reload()
    expect(chat.view.locator("secure-form")).to_contain_text(words)
    expect(inputs(chat)).to_have_count(0)


def test_a_form_that_was_answered_on_another_device_closes_here_too(gateway: Gateway) -> None:
    chat = agreed(gateway, "phone")
    gateway.messages[-1]["card"]["state"] = "answered"
    gateway.push(gateway.say("已核对，正在为您办理。"))
    expect(chat.view.locator("secure-form")).to_contain_text("已提交")
    expect(inputs(chat)).to_have_count(0)


def test_a_form_that_the_server_has_closed_meanwhile_closes_here(gateway: Gateway, faults: Faults) -> None:
    faults.expect("status of 409")
    chat = agreed(gateway, "card_tail")
    gateway.secure = lambda body: (409, {"error": {"code": "form_over", "message": "这张表单已失效，请重新提出。"}})
    field(chat, "卡号后四位").fill("6234")
    chat.button("提交").click()
    expect(chat.view.locator("secure-form")).to_contain_text("已失效")
    expect(inputs(chat)).to_have_count(0)


def test_while_the_bank_cannot_be_reached_what_was_filled_in_stays_to_be_sent_again(gateway: Gateway) -> None:
    chat = agreed(gateway, "card_tail")
    gateway.secure = lambda body: (200, gateway.turn([gateway.say("暂时无法核对，请稍后再试。")]))
    field(chat, "卡号后四位").fill("6234")
    chat.button("提交").click()
    expect(chat.text("暂时无法核对")).to_be_visible()
    expect(chat.button("提交")).to_be_visible()
    expect(field(chat, "卡号后四位")).to_have_value("6234")


def test_a_mistyped_id_number_is_told_before_the_field_is_left(gateway: Gateway) -> None:
    chat = agreed(gateway, "id_number")
    number = field(chat, "身份证号")
    number.press_sequentially(UNSOUND[:17])
    expect(fault(chat, "身份证号")).to_have_count(0)
    number.press_sequentially(UNSOUND[17])
    expect(fault(chat, "身份证号")).to_have_text("身份证号好像有一位不对，请对照证件再核对一下")
    expect(number).to_have_attribute("aria-invalid", "true")
    number.press("Enter")
    expect(number).to_be_focused()
    assert gateway.asked("/secure") == []
    number.fill(SOUND)
    expect(fault(chat, "身份证号")).to_have_count(0)


@pytest.mark.parametrize("typed", [SOUND, SOUND_X, "１１０１０５１９４９１２３１００２ｘ", "110105 19491231 002X"])
def test_every_way_of_writing_an_id_number_is_taken(gateway: Gateway, typed: str) -> None:
    chat = agreed(gateway, "id_number")
    field(chat, "身份证号").fill(typed)
    chat.button("提交").click()
    expect(chat.button("提交")).to_be_visible()
    assert gateway.asked("/secure")[0]["fields"] == {"id_number": SOUND}


def test_what_the_server_finds_wrong_stands_beside_its_field(gateway: Gateway) -> None:
    chat = agreed(gateway, "name", "phone")
    errors = {"phone": "请填写预留的手机号", "": "请再核对一遍。"}
    gateway.secure = lambda body: (200, {"messages": [], "owner": "bot", "errors": errors})
    field(chat, "姓名").fill("王芳")
    field(chat, "手机号").fill(PHONE)
    chat.button("提交").click()
    expect(fault(chat, "手机号")).to_have_text("请填写预留的手机号")
    expect(chat.view.get_by_role("alert").filter(has_text="请再核对一遍。")).to_be_visible()
    expect(field(chat, "手机号")).to_be_focused()
    expect(field(chat, "姓名")).to_have_value("王芳")


def test_another_code_can_be_asked_for_after_the_wait_also_by_telephone(gateway: Gateway) -> None:
    gateway.page.clock.install()
    after = gateway.page.evaluate("new Date(Date.now() + 60000).toISOString()")
    chat = agreed(gateway, "otp", form="code", resend={"after": after, "voice": True})
    again, spoken = chat.view.get_by_role("button", name="重新获取"), chat.button("语音告知")
    expect(again).to_have_text(re.compile(r"重新获取（(60|5\d)s）"))
    again.click(force=True)
    gateway.page.clock.run_for(30_000)
    expect(again).to_have_text(re.compile(r"重新获取（(30|2\d)s）"))
    gateway.page.clock.run_for(31_000)
    expect(again).to_have_text("重新获取")
    again.click()
    expect(again).to_have_attribute("aria-disabled", "false")
    spoken.click()
    expect(spoken).to_have_attribute("aria-disabled", "false")
    assert gateway.asked("/secure") == [{"form": "code", "resend": "sms"}, {"form": "code", "resend": "voice"}]


def test_the_time_left_is_told_twice_and_the_end_says_what_to_do(gateway: Gateway) -> None:
    gateway.page.clock.install()
    chat = agreed(gateway, "phone", life=90)
    told = chat.view.locator("secure-form > [role=status]")
    expect(told).to_have_text("")
    gateway.page.clock.run_for(31_000)
    expect(told).to_contain_text("表单剩余")
    gateway.page.clock.run_for(40_000)
    expect(told).to_contain_text("表单剩余 20 秒")
    gateway.page.clock.run_for(25_000)
    expect(chat.view.locator("secure-form .done")).to_contain_text("请重新说一次您要办的事")
    expect(chat.view.locator("secure-form .done")).to_be_focused()
    chat.view.locator("secure-form").get_by_role("button", name="转人工").click()
    expect(chat.of("customer")).to_have_count(1)
    assert chat.said() == ["转人工"]


def test_a_person_who_is_offered_below_the_form_is_not_offered_in_it_too(gateway: Gateway) -> None:
    chat = gateway.chat()
    message = gateway.form("phone")
    message["buttons"] = [{"title": "转人工", "token": "t"}]
    gateway.push(message)
    chat.button("同意并填写").click()
    expect(inputs(chat)).to_be_visible()
    expect(chat.of("bot").last.get_by_role("button", name="转人工")).to_have_count(1)


def test_a_person_is_beside_every_step(gateway: Gateway) -> None:
    chat = gateway.chat()
    gateway.push(gateway.form("phone"))
    human = chat.view.locator("secure-form").get_by_role("button", name="转人工")
    expect(human).to_be_visible()
    chat.button("同意并填写").click()
    expect(inputs(chat)).to_be_visible()
    expect(human).to_be_visible()
    expect(chat.human).to_be_visible()


@pytest.mark.parametrize(("width", "scheme", "address"), [(320, "dark", "/chat?type=large"), (1280, "light", "/chat")])
def test_no_step_of_a_secure_form_has_a_barrier(
    device: Any, stack: Stack, width: int, scheme: str, address: str
) -> None:
    page = device(width, 640, color_scheme=scheme)
    gateway = Gateway(page, stack.url)
    gateway.identity = {"level": 2, "salutation": "王女士", "until": "2099-01-01T00:00:00Z"}
    chat = gateway.chat(address)
    gateway.push(gateway.form("phone"))
    expect(chat.button("同意并填写")).to_be_visible()
    assert violations(page) == []
    chat.button("同意并填写").click()
    gateway.push(gateway.form("otp", "id_number", resend={"after": "2099-01-01T00:00:00Z", "voice": True}))
    field(chat, "身份证号").fill(UNSOUND)
    expect(fault(chat, "身份证号")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) == []
    gateway.push(gateway.form("name", state="answered"))
    expect(chat.text("已提交")).to_be_visible()
    assert violations(page) == []
