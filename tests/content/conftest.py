"""A small publication that tests bend."""

from collections.abc import Callable
from typing import Any

import pytest

from shouwen.content.publication import Publication, from_raw
from shouwen.content.render import ERROR_REPLIES

BANK = {"hotline": "400-000-0000", "hotline_open": "08:00", "hotline_close": "22:00", "facts": {"card": {"fee": "5元"}}}


def reply(text: str = "您好。", **fields: Any) -> dict[str, Any]:
    standing = {
        "title": "您好",
        "kind": "fact",
        "owner": "客户服务中心",
        "source": "规范",
        "updated": "2026-10-01",
        "effective": "2026-10-01",
        "expires": "2026-11-23",
    }
    return {**standing, "text": text, **fields}


def raw(replies: dict[str, Any] | None = None, bank: dict[str, Any] | None = None) -> dict[str, Any]:
    fallbacks = {name: reply("抱歉。", kind="system", expires="2099-12-31") for name in ERROR_REPLIES.values()}
    return {"bank": BANK if bank is None else bank, "replies": {**fallbacks, **(replies or {})}}


@pytest.fixture
def publish_text() -> Callable[..., Publication]:
    """A publication whose reply `utter_it` says what is given."""
    return lambda text, **fields: from_raw(raw({"utter_it": reply(text, **fields)}))
