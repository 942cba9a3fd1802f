"""What the page knows and tells of the customer: identity, a session under a new token, large type, device."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat_page import Chat
from tests.browser.faults import EXPIRED, Faults
from tests.browser.made_up_gateway import Gateway
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

SESSION_OVER = 4401


@pytest.fixture
def gateway(page: Page, stack: Stack) -> Gateway:
    return Gateway(page, stack.url)


def checked(minutes: float) -> dict[str, Any]:
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    return {"level": 2, "salutation": "王女士", "until": until.isoformat()}


def renews(gateway: Gateway, body: Any) -> tuple[int, dict[str, Any]]:
    """The level has changed: the old token is dead before its answer is out, and the line under it is closed."""
    gateway.good = {"second"}
    gateway.messages[-1]["card"]["state"] = "answered"
    gateway.lines[-1].close(code=SESSION_OVER, reason="session_over")
    gateway.identity = checked(10)
    return 200, gateway.turn([gateway.say("已核对，正在为您办理。")], token="second")


def answer_form(chat: Chat, gateway: Gateway) -> None:
    """The talk's one secure form is answered, which brings a new token."""
    gateway.push(gateway.form("card_tail"))
    chat.button("同意并填写").click()
    gateway.secure = lambda body: renews(gateway, body)
    chat.view.get_by_label("卡号后四位").fill("6234")
    chat.button("提交").click()
    expect(chat.text("已核对，正在为您办理。")).to_be_visible()


def test_a_new_token_takes_over_in_calls_storage_and_live_line_at_once(gateway: Gateway) -> None:
    chat = gateway.chat()
    answer_form(chat, gateway)
    expect(chat.view.get_by_role("banner").get_by_role("paragraph").first).to_contain_text("已连接")
    assert chat.page.evaluate("JSON.parse(sessionStorage['shouwen.session']).token") == "second"
    assert gateway.greeted[-1]["token"] == "second"
    chat.say("谢谢")
    expect(chat.of("customer")).to_have_count(1)
    expect(chat.text("本次对话已结束")).to_have_count(0)
    chat.reload()
    assert gateway.tokens[-1] == "second"


def test_a_call_that_was_on_its_way_when_the_token_died_does_not_end_the_talk(gateway: Gateway, faults: Faults) -> None:
    faults.expect(EXPIRED)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    chat = gateway.chat()
    chat.page.wait_for_load_state("networkidle")  # what the page asks for by itself has been answered
    chat.page.route("**/api/chat/messages?after=*", hold, times=1)
    with chat.page.expect_request("**/api/chat/messages?after=*"):
        chat.page.evaluate("dispatchEvent(new Event('online'))")
    answer_form(chat, gateway)
    with chat.page.expect_response(lambda response: "after=" in response.url and response.ok):
        held[0].fulfill(status=401, json={"error": {"code": "session_expired", "message": "对话已结束"}})
    assert gateway.tokens[-1] == "second"
    expect(chat.text("本次对话已结束")).to_have_count(0)


def test_a_code_typed_into_the_talk_brings_its_new_token_too(gateway: Gateway) -> None:
    chat = gateway.chat()
    gateway.push(gateway.form("otp"))
    chat.button("同意并填写").click()

    def typed(route: Route) -> None:
        if route.request.method == "GET":
            return route.fallback()
        said = gateway.say("[验证码]", "customer", client_id=route.request.post_data_json["client_id"])
        _, body = renews_after(gateway, said)
        return route.fulfill(json=body)

    chat.page.route("**/api/chat/messages", typed)
    chat.say("123456")
    expect(chat.text("已核对，正在为您办理。")).to_be_visible()
    expect(chat.text("已核对身份：王女士")).to_be_visible()
    assert chat.page.evaluate("JSON.parse(sessionStorage['shouwen.session']).token") == "second"


def renews_after(gateway: Gateway, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    form = next(message for message in gateway.messages if "card" in message)
    form["card"]["state"] = "answered"
    gateway.good, gateway.identity = {"second"}, checked(10)
    gateway.lines[-1].close(code=SESSION_OVER, reason="session_over")
    accepted = {"id": said["id"], "seq": said["seq"]}
    return 200, gateway.turn([gateway.say("已核对，正在为您办理。")], accepted=accepted, token="second")


def test_a_line_closed_for_good_without_a_new_token_ends_the_talk_here(gateway: Gateway, faults: Faults) -> None:
    faults.expect(EXPIRED)
    chat = gateway.chat()
    gateway.good = {"somebody else's"}
    gateway.lines[-1].close(code=SESSION_OVER, reason="session_over")
    expect(chat.text("本次对话已结束")).to_be_visible()
    assert chat.page.evaluate("sessionStorage['shouwen.session'] ?? null") is None


def test_a_known_customer_sees_by_whom_and_how_long_until_it_is_over(gateway: Gateway) -> None:
    gateway.page.clock.install()
    gateway.identity = checked(12)
    chat = gateway.chat()
    line = chat.view.locator("identity-line")
    expect(line).to_contain_text("已核对身份：王女士")
    expect(line).to_contain_text("还有 12 分钟")
    gateway.page.clock.run_for(5 * 60_000)
    expect(line).to_contain_text("还有 7 分钟")
    gateway.identity = None
    gateway.page.clock.run_for(7 * 60_000 + 10_000)
    expect(line).to_be_empty()


def test_nothing_is_said_of_a_customer_nobody_knows(gateway: Gateway) -> None:
    chat = gateway.chat()
    expect(chat.view.locator("identity-line")).to_be_empty()
    gateway.identity = checked(12)
    gateway.page.reload()
    expect(chat.text("已核对身份：王女士")).to_be_visible()
    gateway.identity = None
    gateway.page.reload()
    expect(chat.messages).to_have_count(1)
    expect(chat.view.locator("identity-line")).to_be_empty()


def test_large_type_is_told_when_the_talk_opens_and_whenever_it_changes(gateway: Gateway) -> None:
    chat = gateway.chat("/chat?type=large")
    assert [body["large_type"] for body in gateway.asked("/sessions")] == [True]
    chat.large.click()
    expect(chat.large).to_have_attribute("aria-pressed", "false")
    chat.large.click()
    expect(chat.large).to_have_attribute("aria-pressed", "true")
    assert gateway.asked("/preferences") == [{"large_type": False}, {"large_type": True}]


def test_a_device_has_one_random_name_which_every_talk_on_it_tells(gateway: Gateway, device: Any, stack: Stack) -> None:
    gateway.chat()
    gateway.page.evaluate("sessionStorage.clear()")
    gateway.chat()
    first, again = (body["device"] for body in gateway.asked("/sessions"))
    assert len(first) == 32
    assert first == again
    other = Gateway(device(), stack.url)
    other.chat()
    assert other.asked("/sessions")[0]["device"] != first


def test_whether_an_answer_helped_is_not_asked_again_after_a_reload(gateway: Gateway) -> None:
    chat = gateway.chat()
    said = gateway.say("每年 200 元。", about="card_annual_fee", updated="2026-10-01", feedback=True)
    gateway.push(said)
    chat.button("有帮助").click()
    expect(chat.text("感谢您的评价：有帮助")).to_be_visible()
    said["feedback"] = False
    chat.reload()
    expect(chat.text("每年 200 元。")).to_be_visible()
    expect(chat.button("有帮助")).to_have_count(0)
