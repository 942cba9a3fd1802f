"""What the browser complains about. A test that expects a complaint names it; every other one fails the test."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

OFFLINE = r"net::ERR_|WebSocket connection to"
EXPIRED = r"status of 401"


class Faults:
    """Errors, warnings and Content-Security-Policy violations of all pages of a context."""

    def __init__(self, context: BrowserContext) -> None:
        self.heard: list[str] = []
        self._expected: list[str] = []
        context.on("console", self._console)
        context.on("weberror", self._uncaught)

    def expect(self, *patterns: str) -> None:
        """These may be heard."""
        self._expected += patterns

    @property
    def unexpected(self) -> list[str]:
        return [fault for fault in self.heard if not any(re.search(p, fault) for p in self._expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.heard.append(f"{message.text} ({message.location.get('url', '')})")

    def _uncaught(self, error: WebError) -> None:
        self.heard.append(f"uncaught: {error.error}")
