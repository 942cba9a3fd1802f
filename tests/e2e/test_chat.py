"""A customer talks with the real stack over HTTP."""

import asyncio
from uuid import uuid4

import aiohttp
import pytest

from tests.e2e.stack import Customer, Stack, replies

pytestmark = pytest.mark.stack


async def test_the_bot_greets_and_says_that_it_is_one(customer: Customer) -> None:
    [greeting] = customer.greeting
    assert greeting["role"] == "bot"
    assert "云杉银行" in greeting["text"]
    assert "智能客服" in greeting["text"]
    assert "转人工" in greeting["text"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("手机银行转账到别的银行要手续费吗", "utter_faq/transfer_fee"),
        ("信用卡年費可以免嗎", "utter_faq/card_annual_fee"),
        ("転账到现在没到帐", "utter_faq/transfer_arrival"),
        ("明天会不会下雨", "utter_out_of_scope"),
        ("你好", "utter_greet"),
    ],
)
async def test_a_question_gets_the_right_answer(customer: Customer, question: str, reply: str) -> None:
    assert replies(await customer.says(question)) == [reply]


@pytest.mark.parametrize(
    ("wish", "reply"),
    [("我的銀行卡不見了怎麼辦", "utter_card_report_loss"), ("忘记手机银行登陆蜜码了", "utter_password_reset_login")],
)
async def test_a_wish_that_needs_an_identity_is_answered_first_and_then_asks_for_it(
    customer: Customer, wish: str, reply: str
) -> None:
    assert replies(await customer.says(wish)) == [reply, "utter_identity_phone"]


async def test_an_answer_names_the_banks_facts_and_its_date(customer: Customer) -> None:
    [answer] = await customer.says("手机银行转账到别的银行要手续费吗")
    assert answer["about"] == "faq/transfer_fee"
    assert answer["updated"]
    assert "{" not in answer["text"]


async def test_a_related_question_is_one_press_away_and_only_once(customer: Customer) -> None:
    [answer] = await customer.says("手机银行转账到别的银行要手续费吗")
    button = answer["buttons"][0]
    assert len(await customer.presses(button["token"])) == 1
    status, body = await customer.post({"client_id": uuid4().hex, "button": button["token"]})
    assert (status, body["error"]["code"]) == (409, "button_used")
    assert await customer.says("谢谢")


@pytest.mark.parametrize("words", ["转人工", "找真人", "轉人工", "zhuanrengong", "0", "不要机器人"])
async def test_a_wish_for_a_human_is_met_in_the_same_turn(customer: Customer, words: str) -> None:
    said = replies(await customer.says(words))
    assert said[0] == "utter_handoff_open"


async def test_the_call_back_form_keeps_the_number_out_of_the_chat(customer: Customer) -> None:
    await customer.says("转人工")
    noted = await customer.says("打13800138000找我")
    assert replies(noted) == ["utter_callback_noted"]
    assert "138****8000" in noted[0]["text"]
    history = str(await customer.history())
    assert "13800138000" not in history
    assert replies(await customer.says("转人工"))[0] == "utter_handoff_again"


async def test_a_question_inside_the_form_is_answered_and_the_form_goes_on(customer: Customer) -> None:
    await customer.says("转人工")
    said = replies(await customer.says("跨行转账要手续费吗"))
    assert said == ["utter_faq/transfer_fee", "utter_ask_callback_phone"]
    assert replies(await customer.says("不用了")) == ["utter_callback_declined"]
    assert replies(await customer.says("跨行转账要手续费吗")) == ["utter_faq/transfer_fee"]


async def test_fraud_is_answered_at_once_and_handed_to_a_human(customer: Customer) -> None:
    said = replies(await customer.says("我被骗了，刚给骗子转了五万块"))
    assert said[0] == "utter_fraud_report"
    assert "utter_handoff_open" in said


async def test_two_misses_in_a_row_reach_a_human(customer: Customer) -> None:
    heard = [reply for text in ("嗯哼啦啦噜噜", "哔哔吧啦") for reply in replies(await customer.says(text))]
    assert heard[-2:] != ["utter_miss", "utter_miss"]


@pytest.mark.parametrize(
    "slash", ["/restart", " /restart", "／restart", "\u200b/restart", "/faq/card_limit", '/affirm{"a": 1}']
)
async def test_slash_text_is_ordinary_text(customer: Customer, slash: str) -> None:
    await customer.says("转人工")
    said = replies(await customer.says(slash))
    assert said
    assert said[-1] == "utter_ask_callback_phone" or said[0].startswith("utter_handoff"), "the form is still open"


async def test_the_same_message_sent_five_times_at_once_is_answered_once(customer: Customer) -> None:
    body = {"client_id": uuid4().hex, "text": "跨行转账要手续费吗"}
    answers = await asyncio.gather(*(customer.post(body) for _ in range(5)))
    assert {str(a[1]["messages"]) for a in answers} == {str(answers[0][1]["messages"])}
    assert len([m for m in await customer.history() if m["role"] == "customer"]) == 1


async def test_history_comes_back_in_order_and_in_pages(customer: Customer) -> None:
    for number in range(3):
        await customer.says(f"跨行转账要手续费吗{number}")
    everything = await customer.history()
    assert [m["seq"] for m in everything] == list(range(1, len(everything) + 1))
    assert await customer.history(after=everything[-2]["seq"]) == everything[-1:]
    headers = {"Authorization": f"Bearer {customer.token}"}
    async with customer.http.get(f"{customer.url}/api/chat/messages?before=4&limit=2", headers=headers) as response:
        page = await response.json()
    assert [m["seq"] for m in page["messages"]] == [2, 3]
    assert page["more"] is True


async def test_feedback_that_it_did_not_help_offers_a_human(customer: Customer) -> None:
    [answer] = await customer.says("跨行转账要手续费吗")
    headers = {"Authorization": f"Bearer {customer.token}"}
    body = {"message_id": answer["id"], "helpful": False}
    async with customer.http.post(f"{customer.url}/api/chat/feedback", json=body, headers=headers) as response:
        assert response.status == 200
        [sorry] = (await response.json())["messages"]
    assert sorry["reply"] == "utter_feedback_sorry"
    assert "转人工" in [b["title"] for b in sorry["buttons"]]


async def test_consent_is_given_and_withdrawn(stack: Stack, http: aiohttp.ClientSession) -> None:
    consent = {"notice_version": "2026-11-22", "training": True}
    async with http.post(f"{stack.url}/api/chat/sessions", json={"channel": "app", "consent": consent}) as response:
        assert response.status == 201
        headers = {"Authorization": f"Bearer {(await response.json())['token']}"}
    async with http.put(f"{stack.url}/api/chat/consent", json={"training": False}, headers=headers) as response:
        [said] = (await response.json())["messages"]
    assert said["reply"] == "utter_consent_withdrawn"


async def test_health_readiness_and_metrics_answer(stack: Stack, http: aiohttp.ClientSession) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        async with http.get(f"{stack.url}{path}") as response:
            assert response.status == 200, path


async def test_rasa_and_the_actions_refuse_whoever_lacks_the_secret(stack: Stack, http: aiohttp.ClientSession) -> None:
    import json

    running = json.loads((stack.var / "run" / "stack.json").read_text())
    body = {"sender": "x.1", "message_id": "m", "text": "你好"}
    async with http.post(f"{running['rasa'][0]}/webhooks/shouwen/turn", json=body) as response:
        assert response.status in (401, 403)
