"""The bank's reset page: what it checks, in which order, and that nothing is used up but by a success."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from shouwen.outside import partner
from shouwen.pages import security_headers
from shouwen.sandbox import passwords
from tests.conftest import Clock
from tests.sandbox.running import SECRET, RunningBank, running_bank

TOKEN = "t" * 43
GOOD = {"token": TOKEN, "card_tail": "1024", "pin": "502817", "password": "窗外的云 and tea"}


@dataclass
class Assistant:
    """Our server's two calls: a link that is good once, for one customer."""

    customer: str = "YS0001"
    redeems: str = ""
    used: bool = False
    away: bool = False
    asked: list[tuple[str, Any, str | None]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        step, body = request.match_info["step"], await request.json()
        self.asked.append((step, body, request.headers.get("Authorization")))
        if self.away:
            return web.Response(status=500)
        if self.used or body["token"] != TOKEN:
            return web.json_response({"error": {"code": "link_over", "message": "…"}}, status=410)
        if step == "redeem":
            self.used = True
            cool_down = "2026-11-24T04:00:00Z"
            return web.json_response({"customer_ref": self.redeems or self.customer, "cool_down_until": cool_down})
        return web.json_response({"customer_ref": self.customer, "expires_at": "2026-11-23T04:10:00Z"})

    @property
    def steps(self) -> list[str]:
        return [step for step, _, _ in self.asked]


@dataclass
class Page:
    assistant: Assistant
    bank: RunningBank

    async def submit(self, **changes: Any) -> tuple[int, Any]:
        return await self.bank.call("POST", "/reset", GOOD | changes, Authorization="")

    def password_is(self, password: str, ref: str = "YS0001") -> bool:
        return passwords.fits(password, self.bank.parts.ledger.by_ref(ref).password_hash)


@pytest.fixture
async def page(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Page]:
    monkeypatch.setattr(partner, "_GAP", 0.01)
    assistant, app = Assistant(), web.Application()
    app.router.add_post("/api/bank/reset/{step}", assistant.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with running_bank(clock, public_url=f"http://127.0.0.1:{runner.addresses[0][1]}") as bank:
        yield Page(assistant, bank)
    await runner.cleanup()


async def test_a_new_password_is_set_and_the_link_used_up(page: Page, clock: Clock) -> None:
    assert await page.submit() == (200, {})
    assert page.password_is(GOOD["password"])
    assert page.assistant.asked == [(step, {"token": TOKEN}, f"Bearer {SECRET}") for step in ("inspect", "redeem")]
    _, customers = await page.bank.call("GET", "/sandbox/customers")
    assert customers[0]["password_changed_at"] == "2026-11-23T04:00:00Z"
    status, answer = await page.submit(password="another good one")
    assert (status, answer["error"]["code"]) == (410, "link_over")
    assert page.password_is(GOOD["password"])


async def test_loading_the_page_uses_nothing_up_and_leaves_nothing_behind(page: Page) -> None:
    async with page.bank.http.get("/reset", headers={"Authorization": ""}) as response:
        assert response.status == 200
        assert "text/html" in response.headers["Content-Type"]
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        for name, value in security_headers("'none'").items():
            assert response.headers[name] == value
    assert page.assistant.asked == []


@pytest.mark.parametrize(
    "password",
    ["", "short 7", "12345678", "87654321", "abcdefgh", "qwertyuiop", "asdfghjk", "aaaaaaaa", "ABC123abc123",
     "Password1", "ＰＡＳＳＷＯＲＤ", "5201314520", "woaini520", "x" * 129],
)  # fmt: skip
async def test_a_weak_password_is_refused_before_anything_is_asked(page: Page, password: str) -> None:
    status, answer = await page.submit(password=password)
    assert (status, answer["error"]["code"]) == (422, "weak_password")
    assert answer["error"]["message"].endswith("。")
    assert page.assistant.asked == []


@pytest.mark.parametrize(
    "password", ["eight888", "x1" * 64, "        ", "密码要好记又难猜", "correct horse battery staple"]
)
async def test_a_long_or_unusual_password_is_fine(page: Page, password: str) -> None:
    if not password.strip():
        assert (await page.submit(password=password))[0] == 422
    else:
        assert await page.submit(password=password) == (200, {})
        assert page.password_is(password)


@pytest.mark.parametrize("password", ["13800138001", "hi 13800138001", "19980412", "my19980412", "110000199804120224"])
async def test_a_password_of_the_customers_own_numbers_is_refused_after_the_second_factor(
    page: Page, password: str
) -> None:
    status, answer = await page.submit(password=password)
    assert (status, answer["error"]["code"]) == (422, "weak_password")
    assert page.assistant.steps == ["inspect"]
    assert (await page.submit(password=password, pin="000000"))[1]["error"]["code"] == "wrong_second_factor"


async def test_the_password_before_is_refused(page: Page) -> None:
    await page.submit()
    page.assistant.used = False
    assert (await page.submit())[1]["error"]["code"] == "weak_password"


@pytest.mark.parametrize("wrong", [{"pin": "000000"}, {"card_tail": "6601"}, {"card_tail": "2048", "pin": "718203"}])
async def test_a_wrong_second_factor_may_be_tried_three_times_and_nothing_is_used_up(
    page: Page, wrong: dict[str, str]
) -> None:
    for left in (2, 1):
        status, answer = await page.submit(**wrong)
        assert (status, answer["error"]["code"], answer["error"]["left"]) == (403, "wrong_second_factor", left)
        assert f"{left}次" in answer["error"]["message"]
    status, answer = await page.submit(**wrong)
    assert (status, answer["error"]["code"]) == (410, "link_over")
    assert "三次都没有核对上" in answer["error"]["message"]
    status, answer = await page.submit()
    assert (status, answer["error"]["code"]) == (410, "link_over")
    assert "可能已经用过" in answer["error"]["message"]
    assert "redeem" not in page.assistant.steps
    assert not page.assistant.used


async def test_a_weak_password_costs_no_try_and_a_right_factor_none(page: Page) -> None:
    for _ in range(4):
        await page.submit(password="12345678")
        await page.submit(password="my19980412")
    assert await page.submit() == (200, {})


@pytest.mark.parametrize(("ref", "tail", "pin"), [("YS0012", "1217", "964075"), ("YS0006", "6088", "417306")])
async def test_a_card_that_is_stopped_or_frozen_is_no_second_factor(page: Page, ref: str, tail: str, pin: str) -> None:
    page.assistant.customer = ref
    assert (await page.submit(card_tail=tail, pin=pin))[1]["error"]["code"] == "wrong_second_factor"


async def test_a_card_whose_stop_is_over_is_one_again(page: Page, clock: Clock) -> None:
    page.assistant.customer = "YS0012"
    clock.forward(days=4)
    assert await page.submit(card_tail="1217", pin="964075") == (200, {})


async def test_a_locked_login_is_open_again(page: Page) -> None:
    page.assistant.customer = "YS0003"
    assert await page.submit(card_tail="3306", pin="640912") == (200, {})
    assert page.bank.parts.ledger.by_ref("YS0003").state == "active"


async def test_when_our_server_is_away_nothing_changes_and_the_link_stays_good(page: Page) -> None:
    page.assistant.away = True
    status, answer = await page.submit()
    assert (status, answer["error"]["code"]) == (503, "unavailable")
    assert not page.password_is(GOOD["password"])
    page.assistant.away = False
    assert await page.submit() == (200, {})


async def test_a_link_that_turns_out_to_be_somebody_elses_sets_nothing(page: Page) -> None:
    page.assistant.redeems = "YS0005"
    assert (await page.submit())[1]["error"]["code"] == "link_over"
    assert not page.password_is(GOOD["password"])


@pytest.mark.parametrize(
    "wrong",
    [{"token": ""}, {"token": "x" * 129}, {"token": "a b" * 10}, {"card_tail": "24"}, {"pin": "12345"}, {"pin": 502817},
     {"password": None}, {"password": "x" * 2000}],
)  # fmt: skip
async def test_what_cannot_be_right_is_refused_in_words(page: Page, wrong: dict[str, Any]) -> None:
    status, answer = await page.submit(**wrong)
    assert (status, answer["error"]["code"]) == (400, "bad_request")
    assert answer["error"]["message"].endswith("。")
    assert page.assistant.asked == []


async def test_nothing_that_was_typed_is_logged(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await page.submit(pin="000000")
    page.assistant.away = True
    await page.submit()
    page.assistant.away = False
    await page.submit()
    logged = caplog.text
    assert "a reset link could not be asked about" in logged
    assert not any(typed in logged for typed in (TOKEN, GOOD["pin"], "000000", GOOD["password"]))
