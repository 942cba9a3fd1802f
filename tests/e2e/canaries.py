"""What must not be found on disk after a stack ran: ID numbers, card PINs, codes, passwords, link tokens (§3.5).

The vault's sealed values and the sandbox bank's own memory are not part of it.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PASSWORDS = ("a long walk at dusk",)
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_TOKEN = re.compile(r"#([\w-]{43})")
# a code of six digits stands in hashes and fractions of seconds by chance
_ALONE = re.compile(rb"(?<![0-9A-Za-z.:_-])\d{6}(?![0-9A-Za-z])")


def of_sandbox(url: str, secret: str) -> set[str]:
    """Everything the sandbox bank knows that must stay there; nothing when it does not answer."""
    try:
        people, sent = _ask(url, "customers", secret), _ask(url, "outbox", secret)
    except urllib.error.URLError:
        return set()
    known = {person["id_number"] for person in people} | {card["pin"] for p in people for card in p["cards"]}
    told = {found for one in sent for found in (*_CODE.findall(one["text"]), *_TOKEN.findall(one["text"]))}
    return known | told | set(PASSWORDS)


def leaks(folder: Path, canaries: Iterable[str]) -> list[str]:
    """Which canaries stand in which file below a folder. Key files are secrets themselves."""
    words = [word.encode() for word in sorted(canaries)]
    codes = {word for word in words if word.isdigit() and len(word) == 6}
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.parent.name != "keys"):
        data = path.read_bytes()
        hits = [(hit.start(), hit.group()) for hit in _ALONE.finditer(data) if hit.group() in codes]
        hits += [(data.find(word), word) for word in words if word not in codes and word in data]
        for start, word in hits:
            around = data[max(0, start - 40) : start + len(word) + 10]
            found.append(f"{path.relative_to(folder)}: {word.decode()} in {around!r}")
    return found


def _ask(url: str, what: str, secret: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(f"{url}/sandbox/{what}", headers={"Authorization": f"Bearer {secret}"})
    with urllib.request.urlopen(request, timeout=5) as response:
        return list(json.load(response))
