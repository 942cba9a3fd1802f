"""The line breaks and comes back: nothing is lost, nothing is doubled, everything in order."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import AGREE, ANSWER, QUESTION, Chat
from tests.browser.conftest import held
from tests.browser.faults import EXPIRED, OFFLINE, Faults
from tests.browser.records import Records
from tests.e2e import stack as stacks
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

THREE = ["我的信用卡年费怎么收", QUESTION, "谢谢"]
BACK_WITHIN = 40_000  # milliseconds: the page waits up to 30 s between tries


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, to be hurt."""
    stacks.train_if_needed()
    with stacks.running(tmp_path_factory.mktemp("fragile") / "var", SHOUWEN_RATE_LIMIT="off") as running:
        yield running


@pytest.fixture
def hurt(page: Page, fragile: Stack, faults: Faults) -> tuple[Chat, Records, Stack]:
    """A talk with the stack that will be hurt."""
    faults.expect(OFFLINE, r"status of 50\d")
    page.goto(f"{fragile.url}/chat")
    return Chat(page).begin(), Records(fragile, page), fragile


def turns(chat: Chat) -> list[str]:
    """Who spoke, after the greeting."""
    return [str(role) for role in chat.messages.evaluate_all("all => all.map(m => m.dataset.role)")][1:]


def test_what_is_written_offline_goes_out_later_once_and_in_order(chat: Chat, records: Records, faults: Faults) -> None:
    faults.expect(OFFLINE)
    chat.page.context.set_offline(True)
    expect(chat.text("网络已断开")).to_be_visible()
    for text in THREE:
        chat.say(text)
    expect(chat.text("网络恢复后自动发送")).to_have_count(3)
    assert records.said() == []
    chat.page.context.set_offline(False)
    expect(chat.of("bot")).to_have_count(4)
    expect(chat.text("网络已断开")).to_have_count(0)
    expect(chat.text("网络恢复后自动发送")).to_have_count(0)
    assert chat.said() == records.said() == THREE
    before = chat.messages.locator(".bubble").all_inner_texts()
    chat.reload()
    expect(chat.messages).to_have_count(len(before))
    assert chat.messages.locator(".bubble").all_inner_texts() == before


def test_what_is_written_while_the_server_is_down_is_answered_once(hurt: tuple[Chat, Records, Stack]) -> None:
    chat, records, stack = hurt
    chat.ask(QUESTION)
    os.kill(stack.pids()["web"], signal.SIGKILL)
    for text in THREE:
        chat.say(text)
    expect(chat.of("bot")).to_have_count(5, timeout=BACK_WITHIN)
    assert chat.said() == records.said() == [QUESTION, *THREE]


def test_a_server_that_dies_over_an_answer_gives_it_once_when_it_is_back(hurt: tuple[Chat, Records, Stack]) -> None:
    chat, records, stack = hurt
    with held(stack, "rasa"):
        chat.say(QUESTION)
        expect(chat.text("正在输入")).to_be_visible()
        os.kill(stack.pids()["web"], signal.SIGKILL)
    expect(chat.of("bot").filter(has_text=ANSWER)).to_have_count(1, timeout=BACK_WITHIN)
    chat.ask("谢谢")
    assert chat.said() == records.said() == [QUESTION, "谢谢"]
    assert turns(chat) == ["customer", "bot", "customer", "bot"]


def test_the_page_says_that_the_line_is_down_and_that_it_is_back(chat: Chat, faults: Faults) -> None:
    faults.expect(OFFLINE)
    line = chat.view.get_by_role("banner").get_by_role("paragraph")
    expect(line.first).to_contain_text("已连接")
    chat.page.context.set_offline(True)
    expect(line.first).to_contain_text("未连接")
    chat.page.context.set_offline(False)
    expect(line.first).to_contain_text("已连接")


def test_a_session_that_has_ended_keeps_what_was_typed(chat: Chat, records: Records, faults: Faults) -> None:
    faults.expect(EXPIRED, OFFLINE)
    chat.ask(QUESTION)
    chat.draft.fill("写到一半的话")
    records.expire()
    chat.page.context.set_offline(True)
    chat.page.context.set_offline(False)
    expect(chat.text("本次对话已结束")).to_be_visible()
    expect(chat.draft).to_have_value("写到一半的话")
    expect(chat.messages).to_have_count(0)
    chat.draft.press("Enter")
    expect(chat.draft).to_have_value("写到一半的话")
    chat.button("开始新的咨询").click()
    expect(chat.text("您好，我是云杉银行")).to_be_visible()
    expect(chat.draft).to_have_value("写到一半的话")
    chat.draft.press("Enter")
    chat.answer_number(1)
    assert chat.said() == records.said() == ["写到一半的话"]


def test_a_message_that_met_the_end_of_its_session_is_handed_back(chat: Chat, records: Records, faults: Faults) -> None:
    faults.expect(EXPIRED, OFFLINE)
    chat.page.context.set_offline(True)
    chat.say("没有发出去的话")
    expect(chat.text("网络恢复后自动发送")).to_be_visible()
    records.expire()
    chat.page.context.set_offline(False)
    expect(chat.text("本次对话已结束")).to_be_visible()
    expect(chat.draft).to_have_value("没有发出去的话")


def test_a_session_that_ended_before_a_reload_leads_back_to_the_notice(
    chat: Chat, records: Records, faults: Faults
) -> None:
    faults.expect(EXPIRED)
    chat.ask(QUESTION)
    records.expire()
    chat.page.reload()
    expect(chat.text("上次的对话已结束，请重新开始。")).to_be_visible()
    expect(chat.button(AGREE)).to_be_visible()
    chat.begin()
