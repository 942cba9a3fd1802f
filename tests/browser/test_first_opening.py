"""Before the first word: the notice, the choice about training, and the way to a person."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import AGREE, Chat
from tests.browser.records import Records
from tests.e2e.stack import Stack

pytestmark = pytest.mark.stack

NOTICE = "2026-11-22"


@pytest.fixture
def notice(page: Page, stack: Stack) -> Chat:
    """The chat as it first opens."""
    page.goto(f"{stack.url}/chat")
    chat = Chat(page)
    expect(chat.button(AGREE)).to_be_visible()
    return chat


def test_nothing_is_sent_before_the_notice_is_agreed_to(page: Page, stack: Stack) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(stack.url)))
    page.goto(f"{stack.url}/chat")
    expect(page.get_by_role("heading", name="在线客服隐私说明")).to_be_visible()
    assert [path for path in asked if path.startswith("/api/")] == ["/api/chat/bank"]


def test_consent_to_training_is_not_ticked_beforehand(notice: Chat) -> None:
    expect(notice.view.get_by_role("checkbox")).not_to_be_checked()


@pytest.mark.parametrize("training", [False, True])
def test_either_choice_about_training_reaches_the_database(notice: Chat, records: Records, training: bool) -> None:
    notice.view.get_by_role("checkbox").set_checked(training)
    notice.begin()
    assert records.of("notice_version, training FROM consent") == [(NOTICE, training)]


def test_consent_can_be_given_and_withdrawn_later(notice: Chat, records: Records) -> None:
    notice.begin().button("隐私").click()
    choice = notice.panel.get_by_role("checkbox")
    expect(choice).not_to_be_checked()
    choice.check()
    expect(notice.text("已保存：您同意用于改进")).to_be_visible()
    choice.uncheck()
    expect(notice.text("已保存：不再用于改进")).to_be_visible()
    assert [training for (training,) in records.of("training FROM consent")] == [0, 1, 0]


def test_a_wish_for_a_human_before_agreeing_is_kept_and_goes_out_first(notice: Chat, records: Records) -> None:
    notice.human.click()
    expect(notice.text("将直接为您转接人工")).to_be_visible()
    expect(notice.view.get_by_role("checkbox")).not_to_be_checked()
    notice.begin()
    expect(notice.of("customer")).to_have_count(1)
    assert notice.said() == ["转人工"]
    expect(notice.of("bot")).to_have_count(3)
    assert records.said() == ["转人工"]


@pytest.mark.parametrize(("address", "channel"), [("/chat", "web"), ("/chat?channel=app", "app")])
def test_the_channel_is_stored(page: Page, stack: Stack, records: Records, address: str, channel: str) -> None:
    page.goto(stack.url + address)
    Chat(page).begin()
    assert records.channel() == channel


def test_four_starters_stand_under_the_greeting_until_the_customer_speaks(chat: Chat) -> None:
    assert chat.starters.all_inner_texts() == ["银行卡丢了", "忘记登录密码", "转账没到账", "我要投诉"]
    chat.starters.first.click()
    expect(chat.of("bot").last).to_contain_text("挂失")
    assert chat.said() == ["银行卡丢了"]
    expect(chat.starters).to_have_count(0)


def test_without_the_server_the_page_says_so_and_tries_again(page: Page, stack: Stack, faults) -> None:  # type: ignore[no-untyped-def]
    faults.expect("net::ERR_")
    page.route("**/api/chat/bank", lambda route: route.abort())
    page.goto(f"{stack.url}/chat")
    expect(page.get_by_role("heading", name="暂时无法接通")).to_be_visible()
    page.unroute("**/api/chat/bank")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("button", name=AGREE)).to_be_visible()
