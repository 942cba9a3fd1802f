"""The built pages, under a strict Content-Security-Policy: no inline script, no eval, nothing from elsewhere."""

from typing import Any

from sanic import HTTPResponse, Request, Sanic, file

from shouwen.errors import NotFound
from shouwen.settings import Settings

_FOREVER = "public, max-age=31536000, immutable"
_PAGES = {"/": "index.html", "/chat": "chat.html", "/embed.js": "embed.js"}


def security_headers(frame_ancestors: str) -> dict[str, str]:
    """Headers of every answer; `frame_ancestors` says which sites may show the chat in a frame."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {frame_ancestors}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def add_pages(app: "Sanic[Any, Any]", settings: Settings) -> None:
    """Serve `web/dist` and put the security headers on every answer."""
    headers = security_headers(settings.frame_ancestors)

    async def page(request: Request) -> HTTPResponse:
        path = settings.web_dist / _PAGES[request.path]
        if not path.is_file():
            raise NotFound("page", request.path)
        return await file(path, headers={"Cache-Control": "no-cache"})

    async def protect(request: Request, response: HTTPResponse) -> HTTPResponse:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        elif request.path.startswith("/assets/") and response.status == 200:
            response.headers["Cache-Control"] = _FOREVER
        return response

    for number, path in enumerate(_PAGES):
        app.add_route(page, path, name=f"page-{number}")
    if (settings.web_dist / "assets").is_dir():
        app.static("/assets", settings.web_dist / "assets", name="assets")
    app.register_middleware(protect, "response")  # type: ignore[arg-type]
