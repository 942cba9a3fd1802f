"""Where a running stack says that it runs."""

import json
from pathlib import Path

from shouwen.settings import Settings


def address_file(settings: Settings) -> Path:
    """Written once everything is ready, removed at the end; after a kill -9 it stays."""
    return settings.var / "run" / "stack.json"


def running_at(settings: Settings) -> str | None:
    """The base address in it, or None without a file."""
    try:
        return str(json.loads(address_file(settings).read_text(encoding="utf-8"))["url"])
    except FileNotFoundError:
        return None
