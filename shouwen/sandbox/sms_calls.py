"""The SMS gateway's calls (docs/bank-api.yml)."""

import secrets
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from sanic import Blueprint, HTTPResponse, Request

from shouwen.outside.sms import Channel
from shouwen.sandbox.http import answer, answer_once, read, sandbox_of
from shouwen.sandbox.weather import under

sms = Blueprint("sms", url_prefix="/sms/v1")
before, after = under("sms")
sms.middleware("request")(before)
sms.middleware("response")(after)


@dataclass(frozen=True)
class _Message:
    to: Annotated[str, Field(pattern=r"^\+?[0-9]{6,15}$")]
    channel: Channel
    text: Annotated[str, Field(min_length=1, max_length=1000)]


@sms.post("/messages")
async def send(request: Request) -> HTTPResponse:
    """Deliver a message."""
    message = read(request, _Message)

    def work() -> dict[str, str]:
        sandbox_of(request).outbox.send(message.to, message.channel, message.text)
        return {"id": secrets.token_hex(8)}

    return answer_once(request, work)


@sms.get("/health")
async def health(_request: Request) -> HTTPResponse:
    """A message would be taken."""
    return answer({"status": "ok"})
