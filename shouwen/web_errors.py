"""From the tree of errors to what a caller gets. Never an exception's own text."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shouwen import errors
from shouwen.content.publication import Publication
from shouwen.content.render import error_reply, render

STATUS: Mapping[type[errors.ShouwenError], int] = {
    errors.ShouwenError: 500,
    errors.InvalidInput: 400,
    errors.EmptyMessage: 400,
    errors.MessageTooLong: 413,
    errors.NotSignedIn: 401,
    errors.SessionExpired: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.BankRefused: 409,
    errors.ButtonUsed: 409,
    errors.StaleOwner: 409,
    errors.TooManyRequests: 429,
    errors.Unavailable: 503,
    errors.ContentFault: 500,
    errors.ReplyExpired: 500,
    errors.Misconfigured: 500,
}


def status(error: errors.ShouwenError) -> int:
    """The HTTP status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def error_body(publication: Publication, error: errors.ShouwenError, now: datetime) -> dict[str, Any]:
    """`{code, message, field?, reference}`; `message` is in Chinese and from the published content."""
    values = {"limit": error.limit} if isinstance(error, errors.MessageTooLong) else {}
    body: dict[str, Any] = {
        "code": error.code,
        "message": render(publication, error_reply(error), values, now).text,
        "reference": new_reference(),
    }
    if isinstance(error, errors.InvalidInput):
        body["field"] = error.field
    return body


def new_reference() -> str:
    """What a customer can read out, and a log can be searched for."""
    return f"r-{secrets.token_hex(4)}"
