"""What was said stays, once, in order, and the reader keeps the place."""

import statistics

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ANSWER, QUESTION, Chat
from tests.browser.records import Records, long_talk
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

BELOW = "s.scrollHeight - s.scrollTop - s.clientHeight"
# the first message in sight and how far below the top edge it begins
FIRST_IN_SIGHT = """(() => {
    const top = s.getBoundingClientRect().top;
    const first = [...s.querySelectorAll('chat-message')].find(m => m.getBoundingClientRect().bottom > top);
    return [first.dataset.key, first.getBoundingClientRect().top - top];
})()"""

# how far below the top edge a message stands, once what is on its way has been drawn
DRAWN_AT = """async m => {
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    return m.getBoundingClientRect().top - m.closest('.scroller').getBoundingClientRect().top;
}"""


@pytest.fixture
def thousand(chat: Chat, records: Records) -> Chat:
    """A talk of more than a thousand messages, just opened again."""
    records.add(*long_talk(1000))
    chat.reload()
    expect(chat.text("第1000条")).to_be_in_viewport()
    return chat


def below(chat: Chat) -> float:
    """Pixels below what is in sight."""
    return float(chat.scroller(BELOW))


def load_older(chat: Chat) -> None:
    shown = chat.messages.count()
    chat.scroller("s.scrollTop = 40")
    expect(chat.messages.nth(shown)).to_be_attached()


def test_the_talk_is_there_after_a_reload_without_doubles(chat: Chat) -> None:
    chat.ask(QUESTION)
    chat.ask("谢谢")
    before = chat.messages.locator(".bubble").all_inner_texts()
    chat.reload()
    expect(chat.messages).to_have_count(len(before))
    assert chat.messages.locator(".bubble").all_inner_texts() == before


def test_a_second_tab_shows_the_same_talk_and_both_follow_it(chat: Chat) -> None:
    chat.ask(QUESTION)
    with chat.page.expect_popup() as opened:  # what duplicating a tab does: the session goes along
        chat.page.evaluate("() => { window.open('/chat'); }")
    other = Chat(opened.value)
    expect(other.of("bot").nth(1)).to_contain_text(ANSWER)
    other.ask("谢谢")
    expect(chat.of("bot")).to_have_count(3)
    assert chat.said() == other.said() == [QUESTION, "谢谢"]
    assert chat.said("bot") == other.said("bot")


def test_another_tab_without_the_session_does_not_see_the_talk(chat: Chat, stack: Stack) -> None:
    stranger = chat.page.context.new_page()
    stranger.goto(f"{stack.url}/chat")
    expect(stranger.get_by_role("button", name="同意并开始咨询")).to_be_visible()
    expect(stranger.locator("chat-message")).to_have_count(0)


def test_no_word_of_the_talk_is_kept_in_the_browser(chat: Chat) -> None:
    chat.ask(QUESTION)
    kept = chat.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert QUESTION not in kept
    assert "手续费" not in kept


def test_older_messages_come_on_scrolling_and_the_reader_keeps_the_place(chat: Chat, records: Records) -> None:
    records.add(*long_talk(160))
    chat.reload()
    expect(chat.text("第160条")).to_be_in_viewport()
    while (shown := chat.messages.count()) < 161:
        key, offset = chat.scroller(f"(s.scrollTop = 40, {FIRST_IN_SIGHT})")
        expect(chat.messages.nth(shown)).to_be_attached()
        now = chat.view.locator(f"chat-message[data-key='{key}']").evaluate(DRAWN_AT)
        assert abs(now - offset) < 3
    numbers = [int(text.split("条")[0].strip("第")) for text in chat.messages.locator(".bubble").all_inner_texts()[1:]]
    assert numbers == list(range(1, 161))


def test_a_new_answer_does_not_jump_the_reader_it_announces_itself(
    chat: Chat,
    records: Records,
    silent_rasa,  # type: ignore[no-untyped-def]
) -> None:
    records.add(*long_talk(60))
    chat.reload()
    expect(chat.text("第60条")).to_be_in_viewport()
    with silent_rasa():
        chat.say(QUESTION)
        expect(chat.text("正在输入")).to_be_visible()
        chat.log.hover()
        chat.page.mouse.wheel(0, -1500)
        chat.page.wait_for_function(f"() => (s => {BELOW} > 500)(document.querySelector('.scroller'))")
        place = chat.scroller("s.scrollTop")
    pill = chat.view.get_by_role("button", name="有新消息（1）")
    expect(pill).to_be_visible()
    assert abs(chat.scroller("s.scrollTop") - place) < 3
    pill.click()
    expect(chat.of("bot").last).to_be_in_viewport()
    expect(pill).to_have_count(0)


def test_a_talk_of_a_thousand_messages_opens_at_its_end_with_one_page(thousand: Chat) -> None:
    assert thousand.messages.count() == 50
    assert below(thousand) < 2


def test_a_talk_of_a_thousand_messages_still_scrolls_and_types(thousand: Chat) -> None:
    while thousand.messages.count() < 1001:
        load_older(thousand)
    thousand.scroller("s.scrollTop = s.scrollHeight / 2")
    waits: list[float] = thousand.draft.evaluate(
        """async t => {
            t.focus();
            const waits = [];
            for (const letter of '转账限额怎么调整呢') {
                const begun = performance.now();
                document.execCommand('insertText', false, letter);
                await new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)));
                waits.push(performance.now() - begun);
            }
            return waits;
        }"""
    )
    assert statistics.median(waits) < 150, "milliseconds from a key to the next frame"
    expect(thousand.draft).to_have_value("转账限额怎么调整呢")
    thousand.draft.press("Enter")
    expect(thousand.of("bot").nth(501)).to_be_in_viewport()


def test_the_log_announces_additions_and_nothing_else(chat: Chat, records: Records) -> None:
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.log).to_have_attribute("aria-relevant", "additions")
    records.add(*long_talk(120))
    chat.page.reload()
    expect(chat.log).to_have_attribute("aria-live", "off")
    expect(chat.log).to_have_attribute("aria-live", "polite")
    with chat.page.expect_response("**/api/chat/messages?before=*"):
        chat.scroller("s.scrollTop = 0")
    expect(chat.log).to_have_attribute("aria-live", "off")
    expect(chat.log).to_have_attribute("aria-live", "polite")


def test_an_answer_is_added_to_the_log_as_it_stands(chat: Chat) -> None:
    """What a screen reader hears: each message enters once, and no message on show is drawn anew."""
    chat.log.evaluate(
        """log => {
            window.entered = [];
            new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node =>
                node.localName === 'chat-message' && window.entered.push(node)
            ))).observe(log, {childList: true, subtree: true});
        }"""
    )
    chat.ask(QUESTION)
    assert chat.page.evaluate("window.entered.map(node => node.dataset.role)") == ["customer", "bot"]


def test_the_title_counts_what_came_while_nobody_looked(page: Page, stack: Stack, silent_rasa) -> None:  # type: ignore[no-untyped-def]
    page.add_init_script(
        "Object.defineProperty(document, 'visibilityState', {get: () => window.away ? 'hidden' : 'visible'})"
    )
    page.goto(f"{stack.url}/chat")
    chat = Chat(page).begin()
    with silent_rasa():
        chat.say(QUESTION)
        expect(chat.text("正在输入")).to_be_visible()
        page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title("(1) 云杉银行在线客服")
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title("云杉银行在线客服")
