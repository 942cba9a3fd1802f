"""Whether the stack answered right. A wrong, missing or doubled reply is a failure. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shouwen.bench.script import Expected


@dataclass(frozen=True)
class Answered:
    """A turn as its caller saw it: the id of the message and the ids of the replies to it."""

    client_id: str
    message_id: str
    replies: tuple[str, ...]


def fault_of_turn(expected: Expected, status: int, body: Mapping[str, Any]) -> str | None:
    """What is wrong with the answer of `POST /api/chat/messages` (api.md), or None."""
    if status != 200:
        return f"status {status} {body.get('error', {}).get('code', '')}".strip()
    messages = body["messages"]
    names = [str(message.get("reply")) for message in messages]
    if not names:
        return "no reply"
    if len(set(names)) < len(names):
        return f"doubled reply: {', '.join(names)}"
    if len(names) != len(expected) or any(name not in right for name, right in zip(names, expected, strict=True)):
        return f"wrong reply: {', '.join(names)}"
    if any(message["reply_to"] != body["accepted"]["id"] for message in messages):
        return "a reply to another message"
    if any(not message["text"].strip() for message in messages):
        return "an empty reply"
    return None


def faults_of_transcript(transcript: Sequence[Mapping[str, Any]], turns: Sequence[Answered]) -> list[str]:
    """What the finished transcript holds that the turns did not show: gaps, lost or doubled messages, late replies."""
    faults = []
    seqs = [message["seq"] for message in transcript]
    if seqs != list(range(1, len(seqs) + 1)):
        faults.append("the transcript has gaps")
    said = [message.get("client_id") for message in transcript if message["role"] == "customer"]
    for turn in turns:
        if said.count(turn.client_id) != 1:
            faults.append(f"message {turn.client_id} stands {said.count(turn.client_id)} times in the transcript")
        kept = [m["id"] for m in transcript if m["role"] != "customer" and m.get("reply_to") == turn.message_id]
        if kept != list(turn.replies):
            faults.append(f"message {turn.client_id} has {len(kept)} replies, its caller got {len(turn.replies)}")
    return faults
