"""The sandbox as seen through the web process."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from sanic import HTTPResponse, Request, Sanic, json

from shouwen.errors import ShouwenError
from shouwen.outside import partner
from shouwen.sandbox import proxy
from shouwen.sandbox.ledger import Refusal
from shouwen.sandbox.proxy import add_sandbox
from shouwen.sandbox.seeds import newcomer
from shouwen.web import make_app
from shouwen.web_errors import status
from tests.sandbox.running import RunningBank, serving, settings_of_sandbox

ROUTES = ["/sandbox/phone", "/sandbox/outbox", "/sandbox/customers", "/sandbox/bank-token"]
REAL = {"bank_url": "https://bank.example", "bank_secret": "b", "sms_url": "https://sms.example", "sms_secret": "s"}
FORWARDED = ["X-Forwarded-For", "Forwarded", "X-Real-IP"]


def small_web(**settings: Any) -> "Sanic[Any, Any]":
    app: Sanic[Any, Any] = Sanic(f"web-{uuid4().hex}", configure_logging=False)
    app.add_route(lambda _request: json({}), "/", name="other")
    add_sandbox(app, settings_of_sandbox(**settings))

    @app.exception(ShouwenError)
    async def answer(_request: Request, error: ShouwenError) -> HTTPResponse:
        return json({"code": error.code}, status(error))

    return app


@pytest.fixture
async def web(sandbox: RunningBank) -> AsyncIterator[aiohttp.ClientSession]:
    port = int(sandbox.url.rpartition(":")[2])
    async with serving(small_web(sandbox_port=port)) as url, aiohttp.ClientSession(url) as http:
        yield http


async def test_outbox_and_customers_are_the_sandboxs(web: aiohttp.ClientSession, sandbox: RunningBank) -> None:
    await sandbox.messenger.send("13800138001", "sms", "您好", "key-1")
    async with web.get("/sandbox/outbox") as response:
        assert response.headers["Cache-Control"] == "no-store"
        assert await response.json() == [
            {"to": "13800138001", "channel": "sms", "text": "您好", "at": "2026-11-23T04:00:00Z"}
        ]
    async with web.get("/sandbox/customers") as response:
        assert len(await response.json()) == len(sandbox.parts.ledger.people)


async def test_a_full_outbox_and_a_full_bank_are_still_shown(web: aiohttp.ClientSession, sandbox: RunningBank) -> None:
    for number in range(150):
        sandbox.parts.outbox.send("13800138001", "sms", f"{number:04}" + "\U00020000" * 996)
    async with web.get("/sandbox/outbox") as response:
        assert [message["text"][:4] for message in await response.json()][-1] == "0149"
    with pytest.raises(Refusal):
        while True:
            person = newcomer("YS0005", sandbox.parts.ledger.newcomers, sandbox.parts.now())
            assert person is not None
            sandbox.parts.ledger.add(person)
    async with web.get("/sandbox/customers") as response:
        assert len(await response.json()) == len(sandbox.parts.ledger.people)


async def test_a_customer_signs_in(web: aiohttp.ClientSession) -> None:
    async with web.post("/sandbox/bank-token", json={"ref": "YS0001"}) as response:
        assert (response.status, list(await response.json())) == (200, ["bank_token"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [({"ref": "nobody"}, (404, "not_found")), ({"ref": "YS0007"}, (409, "customer_not_active")),
     ({}, (400, "invalid_input")), ([], (400, "invalid_input")), ({"ref": 1}, (400, "invalid_input"))],
)  # fmt: skip
async def test_who_cannot_sign_in_is_told_so(web: aiohttp.ClientSession, body: Any, expected: tuple[int, str]) -> None:
    async with web.post("/sandbox/bank-token", json=body) as response:
        assert (response.status, (await response.json())["code"]) == expected


async def test_the_phone_page_is_served(web: aiohttp.ClientSession) -> None:
    async with web.get("/sandbox/phone") as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("header", FORWARDED)
async def test_nobody_who_comes_through_a_proxy_sees_any_of_it(
    web: aiohttp.ClientSession, route: str, header: str
) -> None:
    method = "POST" if route.endswith("token") else "GET"
    async with web.request(method, route, headers={header: "127.0.0.1"}, json={"ref": "YS0001"}) as response:
        assert response.status == 404


@pytest.mark.parametrize("address", ["192.0.2.7", "::ffff:192.0.2.7", "10.0.0.1", "2001:db8::1"])
def test_nobody_on_another_machine_sees_any_of_it(address: str) -> None:
    class Elsewhere:
        ip = address
        headers: dict[str, str] = {}  # noqa: RUF012

    with pytest.raises(ShouwenError):
        proxy._only_here(Elsewhere())  # type: ignore[arg-type]


async def test_without_the_sandbox_process_it_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partner, "_GAP", 0.01)
    async with (
        serving(small_web(sandbox_port=1)) as url,
        aiohttp.ClientSession(url) as http,
        http.get("/sandbox/customers") as response,
    ):
        assert response.status == 503


@pytest.mark.parametrize("route", ROUTES)
async def test_with_a_real_bank_there_is_no_sandbox(route: str) -> None:
    async with serving(small_web(**REAL)) as url, aiohttp.ClientSession(url) as http:
        method = "POST" if route.endswith("token") else "GET"
        async with http.request(method, route, json={"ref": "YS0001"}) as response:
            assert response.status == 404


def test_the_web_process_has_the_routes_with_the_sandbox_only() -> None:
    def routes(**settings: Any) -> set[str]:
        app = make_app(settings_of_sandbox(**settings), f"web-{uuid4().hex}")
        return {"/" + route.path for route in app.router.routes if route.path.startswith("sandbox")}

    assert routes() == set(ROUTES)
    assert routes(**REAL) == set()
