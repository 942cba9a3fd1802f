"""A publication: all answers and bank facts of one moment, under a version."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shouwen.content.reply import Reply, parse_reply
from shouwen.errors import Misconfigured

# libyaml where the wheel has it: ten times as fast, and as safe
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Publication:
    """`bank` is the bank's file with its facts; `replies` the answers by name; `version` a hash of both."""

    version: str
    bank: Mapping[str, Any]
    replies: Mapping[str, Reply]
    raw: Mapping[str, Any]

    def title(self, topic: str) -> str:
        """What a button for this topic says; the topic's id when there is no answer for it."""
        reply = self.replies.get(f"utter_{topic}")
        return reply.title if reply else topic


def read_folder(data: Path) -> Publication:
    """The publication that stands in `data/`. Raises Misconfigured with every fault, by file."""
    faults: list[str] = []
    bank = _read_yaml(data / "bank.yml", faults)
    replies: dict[str, Any] = {}
    for path in sorted((data / "responses").glob("*.yml")):
        found = _read_yaml(path, faults).get("replies") or {}
        faults += [f"{path.name}: {name} stands in another file too" for name in found if name in replies]
        replies.update(found)
    if faults:
        raise Misconfigured(faults)
    return from_raw({"bank": bank, "replies": replies})


def from_raw(raw: Mapping[str, Any]) -> Publication:
    """The publication a stored body stands for. Raises Misconfigured with every fault."""
    faults: list[str] = []
    replies: dict[str, Reply] = {}
    for name, value in raw["replies"].items():
        reply, found = parse_reply(name, value)
        faults += found
        if reply:
            replies[name] = reply
    if not isinstance(raw["bank"], Mapping) or "facts" not in raw["bank"]:
        faults.append("bank.yml: facts is missing")
    if faults:
        raise Misconfigured(faults)
    try:
        canonical = json.dumps(raw, ensure_ascii=False, sort_keys=True)
    except TypeError as error:  # an unquoted date, most often
        raise Misconfigured([f"bank.yml cannot be published: {error}: write the value in quotes"]) from None
    version = hashlib.sha256(canonical.encode()).hexdigest()[:12]
    return Publication(version=version, bank=raw["bank"], replies=replies, raw=raw)


def _read_yaml(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except FileNotFoundError:
        faults.append(f"{path.name}: is not there")
        return {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}: {error}")
        return {}
    if not isinstance(value, dict):
        faults.append(f"{path.name}: is not a mapping")
        return {}
    return value
