"""Messages to the sandbox bank's customers, handed to its SMS gateway as the service would."""

from uuid import uuid4

from playwright.sync_api import APIRequestContext

from tests.e2e.stack import Stack


class Telephones:
    """The SMS gateway of a running stack."""

    def __init__(self, stack: Stack, http: APIRequestContext) -> None:
        self._url = f"{stack.sandbox}/sms/v1/messages"
        self._secret = (stack.var / "keys" / "internal.secret").read_text(encoding="utf-8").strip()
        self._http = http

    def send(self, to: str, text: str, channel: str = "sms") -> None:
        """Deliver a message; it is on the telephone afterwards."""
        headers = {"Authorization": f"Bearer {self._secret}", "Idempotency-Key": uuid4().hex}
        answer = self._http.post(self._url, data={"to": to, "channel": channel, "text": text}, headers=headers)
        assert answer.ok, answer.text()
