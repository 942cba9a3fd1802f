"""The OpenAPI document describes every call, and nothing else (api.md)."""

import re

import pytest
from openapi_spec_validator import validate

from shouwen.settings import Settings
from shouwen.web import make_app

PAGES = ("/", "/chat", "/embed.js", "/sandbox/phone")


@pytest.fixture(scope="module")
def app():  # type: ignore[no-untyped-def]
    return make_app(Settings(_env_file=None), "openapi-test")


def test_the_document_is_valid(app) -> None:  # type: ignore[no-untyped-def]
    validate(app.ctx.openapi)


def test_it_describes_exactly_the_calls_there_are(app) -> None:  # type: ignore[no-untyped-def]
    served = {
        (re.sub(r"<(\w+)(:[^>]*)?>", r"{\1}", "/" + route.path), method.lower())
        for route in app.router.routes
        for method in route.methods
        if method not in ("HEAD", "OPTIONS")
    }
    served = {
        (path, method) for path, method in served if path not in PAGES and not path.startswith(("/assets", "/internal"))
    }
    described = {(path, method) for path, item in app.ctx.openapi["paths"].items() for method in item}
    assert described == served
