"""The sandbox as seen through the web process: only while it stands in for a bank, only on this machine (api.md)."""

from ipaddress import ip_address
from typing import Any

from sanic import HTTPResponse, Request, Sanic, file, raw

from shouwen.errors import BankRefused, InvalidInput, NotFound
from shouwen.internal_secret import bank_secret
from shouwen.outside.partner import Method, Pace, Partner, Refused
from shouwen.settings import Settings

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def add_sandbox(app: "Sanic[Any, Any]", settings: Settings) -> None:
    """Add the routes; with a real bank there are none."""
    if not settings.has_sandbox:
        return
    pace = Pace(settings.bank_timeout, settings.bank_calls)
    sandbox = Partner("sandbox", settings.bank_address, bank_secret(settings), pace)

    async def phone(request: Request) -> HTTPResponse:
        _only_here(request)
        path = settings.web_dist / "phone.html"
        if not path.is_file():
            raise NotFound("page", request.path)
        return await file(path, headers={"Cache-Control": "no-store"})

    async def look(request: Request) -> HTTPResponse:
        _only_here(request)
        return await _pass_on(sandbox, "GET", request.path, None)

    async def sign_in(request: Request) -> HTTPResponse:
        _only_here(request)
        ref = request.json.get("ref") if isinstance(request.json, dict) else None
        if not isinstance(ref, str):
            raise InvalidInput("ref", "is not a text")
        return await _pass_on(sandbox, "POST", request.path, {"ref": ref})

    async def close(_app: "Sanic[Any, Any]") -> None:
        await sandbox.close()

    app.add_route(phone, "/sandbox/phone", name="sandbox-phone")
    app.add_route(look, "/sandbox/outbox", name="sandbox-outbox")
    app.add_route(look, "/sandbox/customers", name="sandbox-customers")
    app.add_route(sign_in, "/sandbox/bank-token", methods=["POST"], name="sandbox-bank-token")
    app.after_server_stop(close)


async def _pass_on(sandbox: Partner, method: Method, path: str, body: dict[str, Any] | None) -> HTTPResponse:
    try:
        answer = await sandbox.ask(method, path, body)
    except Refused as refused:
        if refused.status == 404:
            raise NotFound("customer", "") from None
        raise BankRefused(refused.why) from None
    return raw(answer, content_type="application/json", headers={"Cache-Control": "no-store"})


def _only_here(request: Request) -> None:
    # whoever comes through a proxy is not on this machine, even when the proxy is
    if not ip_address(request.ip).is_loopback or any(name in request.headers for name in _FORWARDED):
        raise NotFound("path", "")
