"""The gateway's side of a talk, made up in the test, for states that a real talk takes long to reach."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.browser.chat_page import AGREE, Chat

NOTICE = {
    "title": "核对身份前，请您确认",
    "text": "填写的内容只用来核对身份。不同意也可以继续咨询。",
    "agree": "同意并填写",
    "decline": "不同意",
}
LABELS = {"phone": "手机号", "otp": "短信验证码", "name": "姓名", "id_number": "身份证号", "card_tail": "卡号后四位"}


class Gateway:
    """Answers the chat's calls in `page` from what the test says; everything else of the page is the real stack's."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.messages: list[dict[str, Any]] = []
        self.calls: list[tuple[str, Any]] = []
        self.tokens: list[str] = []
        self.greeted: list[dict[str, Any]] = []
        self.lines: list[WebSocketRoute] = []
        self.good = {"first"}
        self.identity: dict[str, Any] | None = None
        self.secure: Callable[[Mapping[str, Any]], tuple[int, dict[str, Any]]] = lambda body: (200, self.turn([]))
        page.route("**/api/chat/**", self._answer)
        page.route_web_socket("**/api/chat/socket", self._line)

    def chat(self, address: str = "/chat") -> Chat:
        """The page opened and a talk begun in it."""
        self.messages.clear()
        self.say("您好，我是云杉银行智能客服小杉。")
        self.page.goto(self.url + address)
        self.page.get_by_role("button", name=AGREE, exact=True).click()
        expect(self.page.locator("chat-message")).to_have_count(1)
        return Chat(self.page)

    def say(self, text: str, role: str = "bot", **more: Any) -> dict[str, Any]:
        """One more message of the talk."""
        seq = len(self.messages) + 1
        at = datetime.now(UTC).isoformat()
        said = {"id": f"m{seq}", "seq": seq, "role": role, "text": text, "buttons": [], "at": at, **more}
        self.messages.append(said)
        return said

    def form(self, *names: str, form: str = "", state: str = "open", life: float = 600, **more: Any) -> dict[str, Any]:
        """One more message, with a secure form that lives for `life` seconds."""
        card = {
            "type": "secure_form",
            "form": form or f"form{len(self.messages)}",
            "state": state,
            "purpose": "为了重置登录密码，需要核对您的身份。",
            "fields": [{"name": name, "label": LABELS[name], "kind": "text"} for name in names],
            "expires_at": (datetime.now(UTC) + timedelta(seconds=life)).isoformat(),
            **more,
        }
        return self.say("请在下方填写。", card=card)

    def push(self, message: dict[str, Any]) -> None:
        """Send a message over the live line."""
        self.lines[-1].send(json.dumps({"type": "message", "message": message}))

    def turn(self, messages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        """What an answered call says."""
        known = {"identity": self.identity} if self.identity else {}
        return {"accepted": {"id": "m0", "seq": 0}, "messages": messages, "owner": "bot", **known, **more}

    def asked(self, path: str) -> list[Any]:
        """The bodies of all calls to a path."""
        return [body for called, body in self.calls if called == path]

    def _line(self, line: WebSocketRoute) -> None:
        self.lines.append(line)
        line.on_message(lambda frame: self._hear(line, json.loads(frame)))

    def _hear(self, line: WebSocketRoute, frame: dict[str, Any]) -> None:
        if frame["type"] == "auth":
            self.greeted.append(frame)
        if frame["type"] == "message":
            said = self.say(frame["text"], "customer", client_id=frame["client_id"])
            line.send(json.dumps({"type": "message", "message": said}))

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path.removeprefix("/api/chat")
        token = route.request.headers.get("authorization", "").removeprefix("Bearer ")
        if route.request.method != "GET":
            self.calls.append((path, route.request.post_data_json))
        if path == "/bank":
            return route.fulfill(json={**route.fetch().json(), "secure_notice": NOTICE})
        self.tokens.append(token)
        if path == "/sessions":
            return route.fulfill(status=201, json=self.turn(self.messages, token="first"))
        if token not in self.good:
            return route.fulfill(status=401, json={"error": {"code": "session_expired", "message": "对话已结束"}})
        status, body = self._turn(path, route)
        return route.fulfill(status=status, json=body)

    def _turn(self, path: str, route: Route) -> tuple[int, dict[str, Any]]:
        body = route.request.post_data_json if route.request.method != "GET" else None
        match path:
            case "/messages" if body is None:
                return 200, self.turn(self._page(route.request.url), more=False)
            case "/messages":
                said = self.say(body["text"], "customer", client_id=body["client_id"])
                return 200, self.turn([], accepted={"id": said["id"], "seq": said["seq"]})
            case "/secure":
                return self.secure(body)
            case _:
                return 200, self.turn([])

    def _page(self, url: str) -> list[dict[str, Any]]:
        asked = {name: int(values[0]) for name, values in parse_qs(urlsplit(url).query).items()}
        if "before" in asked:
            return [m for m in self.messages if m["seq"] < asked["before"]][-asked["limit"] :]
        return [m for m in self.messages if m["seq"] > asked["after"]]
