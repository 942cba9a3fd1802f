"""A message: what was said, by whom, in which place of the conversation."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shouwen.errors import EmptyMessage, InvalidInput, MessageTooLong

Role = Literal["customer", "bot", "agent", "system"]

WORD_LIMIT = 64
_KEPT_CONTROLS = "\n\t"


@dataclass(frozen=True)
class Button:
    """A button as the customer gets it: `token` is single-use and says nothing (design.md 6)."""

    title: str
    token: str


@dataclass(frozen=True)
class Offer:
    """What stands behind a button: the label and the entities its turn will carry."""

    title: str
    label: str
    entities: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Message:
    """One line of the transcript. `seq` is its place, without gaps. `text` is masked.

    `reply` and `content_version` say which answer of which publication the bot gave, `reply_to` to which message.
    """

    id: str
    conversation_id: str
    seq: int
    role: Role
    text: str
    at: datetime
    client_id: str | None = None
    name: str | None = None
    buttons: tuple[Button, ...] = ()
    card: dict[str, Any] | None = None
    reply: str | None = None
    content_version: str | None = None
    reply_to: str | None = None
    answered_at: datetime | None = None
    payload: dict[str, Any] = field(default_factory=dict)


def clean_text(raw: object, limit: int) -> str:
    """The text of a customer's message, without control characters and outer blanks.

    Raises InvalidInput when it is no text or cannot be written as UTF-8, EmptyMessage, MessageTooLong.
    """
    if not isinstance(raw, str):
        raise InvalidInput("text", "is not a string")
    if any("\ud800" <= character <= "\udfff" for character in raw):
        raise InvalidInput("text", "holds a lone surrogate")
    if len(raw) > limit:
        raise MessageTooLong(limit)
    kept = "".join(c for c in raw if c in _KEPT_CONTROLS or unicodedata.category(c) != "Cc").strip()
    if not any(unicodedata.category(c)[0] not in "ZC" for c in kept):
        raise EmptyMessage
    return kept


def clean_client_id(raw: object) -> str:
    """The id the client gave its message, by which a repeat is known. Raises InvalidInput."""
    return clean_word("client_id", raw)


def clean_word(field: str, raw: object) -> str:
    """An id, token or version that a client sends. Raises InvalidInput naming `field`."""
    if not isinstance(raw, str) or not 1 <= len(raw) <= WORD_LIMIT or not raw.isprintable() or not raw.isascii():
        raise InvalidInput(field, f"is not 1 to {WORD_LIMIT} printable ASCII characters")
    return raw
