"""The reset page over HTTP: loading it uses nothing up, and no cache and no referrer keeps anything of it."""

from typing import Any

from sanic import HTTPResponse, Request, Sanic, file, json

from shouwen.pages import security_headers
from shouwen.sandbox.http import read, sandbox_of
from shouwen.sandbox.ledger import Refusal
from shouwen.sandbox.reset import PageRefusal, Submitted
from shouwen.settings import Settings


def add_page(app: "Sanic[Any, Any]", settings: Settings) -> None:
    """Serve `web/dist/reset.html` and take what it sends. Every answer of the process gets the security headers."""
    headers = {**security_headers("'none'"), "Cache-Control": "no-store"}

    async def page(_request: Request) -> HTTPResponse:
        path = settings.web_dist / "reset.html"
        if not path.is_file():
            raise Refusal(404, "not_found")
        return await file(path)

    async def submit(request: Request) -> HTTPResponse:
        try:
            given = read(request, Submitted)
        except Refusal:
            raise PageRefusal(400, "bad_request", "bad_request") from None
        await sandbox_of(request).reset_page.submit(given)
        return json({})

    async def protect(_request: Request, response: HTTPResponse) -> None:
        response.headers.update(headers)  # returning the response would keep the weather's middleware from running

    app.add_route(page, "/reset", methods=["GET"], name="reset-page")
    app.add_route(submit, "/reset", methods=["POST"], name="reset-submit")
    if (settings.web_dist / "assets").is_dir():
        app.static("/assets", settings.web_dist / "assets", name="assets")
    app.register_middleware(protect, "response")  # type: ignore[arg-type]
