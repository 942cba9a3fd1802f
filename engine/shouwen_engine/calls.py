"""The bodies the gateway sends, read strictly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from shouwen_engine.errors import BadCall

TEXT_LIMIT = 8000  # characters; the gateway's own limit is far below
BATCH_LIMIT = 20_000
_KNOWN = frozenset({"sender", "message_id", "text", "intent", "entities", "metadata", "ephemeral"})


@dataclass(frozen=True)
class TurnCall:
    """`POST turn`: exactly one of `text` and `label` (a full label) is set."""

    sender: str
    message_id: str
    text: Optional[str] = None
    label: Optional[str] = None
    entities: Sequence[Mapping[str, Any]] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    ephemeral: bool = False


def read_turn(body: Any) -> TurnCall:
    """The turn in a body. Raises BadCall."""
    if not isinstance(body, Mapping):
        raise BadCall("body", "is not an object")
    for name in body:
        if name not in _KNOWN:
            raise BadCall(str(name)[:40], "is unknown")
    text, label = body.get("text"), body.get("intent")
    if (text is None) == (label is None):
        raise BadCall("text", "exactly one of text and intent is needed")
    if text is not None and not (isinstance(text, str) and len(text) <= TEXT_LIMIT):
        raise BadCall("text", f"is no text of at most {TEXT_LIMIT} characters")
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, Mapping):
        raise BadCall("metadata", "is not an object")
    return TurnCall(
        sender=_identifier(body, "sender"),
        message_id=_identifier(body, "message_id"),
        text=text,
        label=None if label is None else _identifier(body, "intent"),
        entities=_entities(body.get("entities") or ()),
        metadata=metadata,
        ephemeral=body.get("ephemeral") is True,
    )


def read_texts(body: Any) -> list[str]:
    """The sentences of `POST parse`. Raises BadCall."""
    texts = body.get("texts") if isinstance(body, Mapping) else None
    if not isinstance(texts, list) or not all(isinstance(t, str) and len(t) <= TEXT_LIMIT for t in texts):
        raise BadCall("texts", "is no list of texts")
    if len(texts) > BATCH_LIMIT:
        raise BadCall("texts", f"has more than {BATCH_LIMIT} entries")
    return texts


def _identifier(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 128:
        raise BadCall(name, "is no text of 1 to 128 characters")
    return value


def _entities(given: Any) -> list[Mapping[str, Any]]:
    if not isinstance(given, (list, tuple)) or not all(isinstance(e, Mapping) and "entity" in e for e in given):
        raise BadCall("entities", "is no list of entities")
    return list(given)
