"""docs/bank-api.yml is valid, describes exactly what the sandbox serves, and the sandbox answers as it says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from shouwen.sandbox.app import make_app
from shouwen.settings import ROOT
from tests.conftest import Clock
from tests.sandbox.running import RunningBank, settings_of_sandbox

DOCUMENT = yaml.safe_load((ROOT / "docs" / "bank-api.yml").read_text(encoding="utf-8"))
OURS = "/api/bank/"  # served by the assistant
BESIDE = ("/reset", "/healthz", "/jwks.json", "/assets", "/sandbox/")  # the sandbox's own, no part of the contract
KEY = {"Idempotency-Key": "key-1"}
CALLS: list[tuple[str, str, str, Any]] = [
    ("post", "/v1/customers/search", "/v1/customers/search", {"phone": "13800138001"}),
    ("get", "/v1/customers/{ref}", "/v1/customers/YS0002", None),
    ("post", "/v1/customers/{ref}/match", "/v1/customers/YS0001/match", {"name": "林晓雨"}),
    ("get", "/v1/customers/{ref}/cards", "/v1/customers/YS0012/cards", None),
    ("post", "/v1/cards/{card_id}/loss-stop", "/v1/cards/YS0001-C1/loss-stop", {}),
    ("post", "/v1/customers/{ref}/password-reset", "/v1/customers/YS0001/password-reset", {}),
    ("get", "/v1/customers/{ref}/sms-notice", "/v1/customers/YS0001/sms-notice", None),
    ("put", "/v1/customers/{ref}/sms-notice", "/v1/customers/YS0001/sms-notice", {"on": False}),
    ("get", "/v1/customers/{ref}/bills", "/v1/customers/YS0009/bills", None),
    ("post", "/v1/bills/{bill_id}/quotes", "/v1/bills/YS0009-B1/quotes", {"terms": 24}),
    ("post", "/v1/quotes/{quote_id}/application", "/v1/quotes/QUOTE/application", {}),
    ("get", "/v1/customers/{ref}/complaint-facts", "/v1/customers/YS0001/complaint-facts", None),
    ("get", "/sms/v1/health", "/sms/v1/health", None),
    ("post", "/sms/v1/messages", "/sms/v1/messages", {"to": "13800138001", "channel": "voice", "text": "您好"}),
]


def described() -> Iterator[tuple[str, str]]:
    for path, item in DOCUMENT["paths"].items():
        yield from ((path, method) for method in item if method in ("get", "post", "put", "delete"))


def check(pointer: str, body: Any) -> None:
    registry = Registry().with_resource("urn:bank", DRAFT202012.create_resource(DOCUMENT))
    schema = {"$ref": f"urn:bank#{pointer}"}
    Draft202012Validator(schema, registry=registry, format_checker=FormatChecker()).validate(body)


def escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def test_the_document_is_valid() -> None:
    validate(DOCUMENT)


def test_it_describes_exactly_what_the_sandbox_serves() -> None:
    app = make_app(settings_of_sandbox(), Clock(), "sandbox-document")
    served = {
        (re.sub(r"<(\w+)(:[^>]*)?>", r"{\1}", "/" + route.path), method.lower())
        for route in app.router.routes
        for method in route.methods
        if method not in ("HEAD", "OPTIONS")
    }
    contract = {(path, method) for path, method in served if not path.startswith(BESIDE)}
    assert contract == {(path, method) for path, method in described() if not path.startswith(OURS)}


def test_every_call_is_tried_below() -> None:
    assert {(path, method) for method, path, _, _ in CALLS} == {
        (p, m) for p, m in described() if not p.startswith(OURS)
    }


@pytest.mark.parametrize(("method", "path", "address", "body"), CALLS)
async def test_an_answer_is_as_described(sandbox: RunningBank, method: str, path: str, address: str, body: Any) -> None:
    if "QUOTE" in address:
        quote = await sandbox.bank.quote_instalment("YS0001-B1", 3, "key-0")
        address = address.replace("QUOTE", quote.id)
    status, answer = await sandbox.call(method, address, body, **KEY)
    assert status == 200
    content = DOCUMENT["paths"][path][method]["responses"]["200"]
    if "$ref" in content:
        check(f"{content['$ref'][1:]}/content/application~1json/schema", answer)
    else:
        check(f"/paths/{escaped(path)}/{method}/responses/200/content/application~1json/schema", answer)


@pytest.mark.parametrize(("method", "path", "address", "body"), [call for call in CALLS if call[3]])
async def test_a_body_that_breaks_the_document_is_a_refusal_as_described(
    sandbox: RunningBank, method: str, path: str, address: str, body: Any
) -> None:
    for wrong in ([], {}, {name: [] for name in body}):
        status, answer = await sandbox.call(method, address, wrong, **KEY)
        assert status == 400, wrong
        check("/components/responses/Refused/content/application~1json/schema", answer)


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [(method, address, body) for method, _, address, body in CALLS if body is not None],
)
async def test_a_write_without_a_key_is_refused_and_a_read_needs_none(
    sandbox: RunningBank, method: str, address: str, body: Any
) -> None:
    status, answer = await sandbox.call(method, address, body)
    reads = address.endswith(("/search", "/match"))
    assert (status, answer.get("error")) == ((200, None) if reads else (400, {"code": "missing_key"}))


@pytest.mark.parametrize(("method", "path", "address", "body"), CALLS)
async def test_nothing_is_told_without_the_secret(
    sandbox: RunningBank, method: str, path: str, address: str, body: Any
) -> None:
    for secret in ("", "Bearer wrong", "Basic eA=="):
        status, answer = await sandbox.call(method, address, body, **KEY, Authorization=secret)
        assert (status, answer) == (401, {"error": {"code": "not_allowed"}})


@pytest.mark.parametrize("path", ["/sandbox/outbox", "/sandbox/customers", "/sandbox/weather", "/anything", "/reset/"])
async def test_everything_but_the_banks_public_pages_needs_the_secret(sandbox: RunningBank, path: str) -> None:
    assert (await sandbox.call("GET", path, Authorization=""))[0] == 401
