"""A customer asks and the bot answers, on the page."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ANSWER, QUESTION, Chat
from tests.browser.records import Records

pytestmark = pytest.mark.stack


def test_a_question_gets_its_answer_in_the_page(chat: Chat) -> None:
    answer = chat.ask(QUESTION)
    expect(answer.locator(".bubble")).to_contain_text(ANSWER)
    expect(answer).to_contain_text("更新于 2026-10-01")
    expect(chat.draft).to_have_value("")


def test_the_send_button_sends_and_the_draft_keeps_the_focus(chat: Chat) -> None:
    chat.draft.fill(QUESTION)
    chat.button("发送").click()
    expect(chat.draft).to_be_focused()
    expect(chat.answer_number(1)).to_contain_text(ANSWER)


def test_the_bot_is_seen_typing_until_it_answers(
    chat: Chat, silent_rasa: Callable[[], AbstractContextManager[None]]
) -> None:
    typing = chat.text("正在输入")
    with silent_rasa():
        chat.say(QUESTION)
        expect(typing).to_be_visible()
    expect(chat.answer_number(1)).to_contain_text(ANSWER)
    expect(typing).to_have_count(0)


def test_a_related_question_is_one_press_away_and_only_once(chat: Chat, records: Records) -> None:
    related = chat.ask(QUESTION).get_by_role("group", name="相关问题").get_by_role("button")
    first, title = related.first, related.first.inner_text()
    first.click()
    chat.answer_number(2)
    expect(first).to_have_attribute("aria-disabled", "true")
    first.click(force=True)
    assert chat.said() == [QUESTION, title]
    chat.ask("谢谢")
    assert records.said() == [QUESTION, title, "谢谢"]
    expect(related.nth(1)).not_to_have_attribute("aria-disabled", "true")


def test_a_used_button_is_gone_after_a_reload(chat: Chat) -> None:
    related = chat.ask(QUESTION).get_by_role("group", name="相关问题").get_by_role("button")
    title, offered = related.first.inner_text(), related.count()
    related.first.click()
    chat.answer_number(2)
    chat.reload()
    again = chat.answer_number(1).get_by_role("group", name="相关问题").get_by_role("button")
    expect(again).to_have_count(offered - 1)
    assert title not in again.all_inner_texts()


def test_a_helpful_answer_is_noted(chat: Chat, records: Records) -> None:
    chat.ask(QUESTION).get_by_role("button", name="有帮助").click()
    expect(chat.text("感谢您的评价：有帮助")).to_be_visible()
    assert records.of("helpful FROM feedback") == [(1,)]


def test_an_answer_that_did_not_help_brings_an_apology_and_a_human(chat: Chat, records: Records) -> None:
    chat.ask(QUESTION).get_by_role("button", name="没帮助").click()
    sorry = chat.answer_number(2)
    expect(sorry.get_by_role("button", name="转人工")).to_be_visible()
    expect(chat.text("感谢您的评价：没帮助")).to_be_visible()
    assert records.of("helpful FROM feedback") == [(0,)]


def test_the_header_leads_to_a_human_at_any_time(chat: Chat) -> None:
    chat.human.click()
    expect(chat.answer_number(1)).to_contain_text("400-000-0000")
    assert chat.said() == ["转人工"]


def test_a_call_back_number_is_masked_on_the_screen_and_in_the_history(chat: Chat, records: Records) -> None:
    chat.human.click()
    expect(chat.of("bot").last).to_contain_text("哪个电话号码")
    expect(chat.ask("打13800138000找我")).to_contain_text("138****8000")
    expect(chat.of("customer").last).to_contain_text("打138****8000找我")
    chat.reload()
    expect(chat.of("customer").last).to_contain_text("打138****8000找我")
    assert "13800138000" not in chat.page.content()
    assert "13800138000" not in str(records.of("* FROM message"))


def test_a_password_typed_into_the_chat_leaves_the_screen(chat: Chat) -> None:
    warning = chat.ask("我的密码是Abc12345")
    expect(warning).to_contain_text("该内容已为您隐藏")
    expect(chat.of("customer")).not_to_contain_text("Abc12345")


def test_what_is_masked_already_is_shown_untouched(chat: Chat) -> None:
    said = "我的卡****0128丢了，星号**不是**格式"
    chat.ask(said)
    assert chat.said() == [said]
    chat.reload()
    expect(chat.of("customer")).to_contain_text(said)


def test_a_message_of_html_is_shown_as_text(chat: Chat, records: Records) -> None:
    said = '<b>粗</b><img src=x onerror="document.title=1"><script>document.title=2</script>'
    chat.ask(said)
    records.add(("bot", said), ("agent", f"[链接](javascript:alert(1)) {said}"))
    chat.reload()
    expect(chat.of("agent")).to_contain_text("[链接](javascript:alert(1))")
    assert said in chat.said()
    assert said in chat.said("bot")
    expect(chat.view.locator(".bubble").locator("b, img, script, a[href^=javascript]")).to_have_count(0)
    expect(chat.page).to_have_title("云杉银行在线客服")


def test_a_message_that_is_too_long_is_held_back_with_the_count(chat: Chat, records: Records) -> None:
    chat.draft.fill("字" * 2001)
    expect(chat.text("已超出 1 字")).to_be_visible()
    chat.draft.press("Enter")
    chat.draft.fill("😀" * 1900)
    expect(chat.text("还可输入 100 字")).to_be_visible()
    assert chat.said() == records.said() == []


def test_a_long_answer_shows_its_first_lines_and_unfolds(chat: Chat) -> None:
    answer = chat.ask("银行卡丢了怎么办")
    unfold = answer.get_by_role("button", name=re.compile("展开其余"))
    expect(answer).not_to_contain_text("110报警")
    unfold.click()
    expect(answer).to_contain_text("110报警")
    expect(answer.get_by_role("button", name="收起")).to_be_focused()


def test_what_the_server_refuses_says_why_and_can_be_removed(chat: Chat, records: Records) -> None:
    chat.say("\u200b\u200b")
    failed = chat.of("customer").get_by_role("alert")
    expect(failed.get_by_role("button", name="重试")).to_be_visible()
    assert failed.locator(".failed").inner_text().strip()
    failed.get_by_role("button", name="删除").click()
    expect(chat.of("customer")).to_have_count(0)
    assert records.said() == []
