"""What an identity check costs beside the bank's own answer: form → code sent, code → next form."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from shouwen.bench.latency import latency
from shouwen.errors import Unavailable

CHECKS = 60
_OPENS = "忘记手机银行登录密码了"
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_ARRIVES_WITHIN = 5.0  # seconds
_LIKE = "YS0001"


@dataclass
class IdentityTurns:
    """Milliseconds. `bank` is the bank's own answer to the question `phone` asks it; `code` asks the bank nothing."""

    bank: list[float] = field(default_factory=list)
    phone: list[float] = field(default_factory=list)
    code: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, float | int | None]:
        """Medians."""
        medians = {f"{name}_p50_ms": latency(values).p50 for name, values in vars(self).items()}
        return {"checks": len(self.phone), **{k: v if v is None else round(v, 2) for k, v in medians.items()}}

    def line(self) -> str:
        """For people."""
        bank, phone, code = (latency(values).p50 or 0.0 for values in (self.bank, self.phone, self.code))
        return (
            f"identity, {len(self.phone)} checks: form to code sent p50 {phone:.1f} ms, of which the bank {bank:.1f}; "
            f"code to next form p50 {code:.1f} ms"
        )


async def measure(http: aiohttp.ClientSession, sandbox: str, var: Path) -> IdentityTurns:
    """Lead `CHECKS` customers of the sandbox bank through phone and code, one after the other.

    Raises Unavailable when a step does not come out right.
    """
    secret = (var / "keys" / "internal.secret").read_text(encoding="utf-8").strip()
    bank = _Bank(http, sandbox, {"Authorization": f"Bearer {secret}"})
    turns = IdentityTurns()
    for _ in range(CHECKS):
        phone = str((await bank.call("POST", "/sandbox/customers", {"like": _LIKE}))["phone"])
        turns.bank.append(await _timed(bank.call("POST", "/v1/customers/search", {"phone": phone})))
        await _one_check(http, bank, phone, turns)
    return turns


async def _one_check(http: aiohttp.ClientSession, bank: "_Bank", phone: str, turns: IdentityTurns) -> None:
    opened = await _post(http, "/api/chat/sessions", {"channel": "web"}, "")
    token = opened["token"]
    asked = await _post(http, "/api/chat/messages", {"client_id": "opens", "text": _OPENS}, token)
    began = time.perf_counter()
    sent = await _post(http, "/api/chat/secure", {"form": _form(asked), "fields": {"phone": phone}}, token)
    turns.phone.append((time.perf_counter() - began) * 1000)
    form, code = _form(sent), await bank.code(phone)
    began = time.perf_counter()
    proven = await _post(http, "/api/chat/secure", {"form": form, "fields": {"otp": code}}, token)
    turns.code.append((time.perf_counter() - began) * 1000)
    if "token" not in proven:
        raise Unavailable("identity", "the right code led to no level")


class _Bank:
    def __init__(self, http: aiohttp.ClientSession, address: str, headers: Mapping[str, str]) -> None:
        self._http, self._address, self._headers = http, address, headers

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        async with self._http.request(method, f"{self._address}{path}", json=body, headers=self._headers) as response:
            if response.status != 200:
                raise Unavailable("sandbox", f"{path} answered {response.status}")
            return await response.json()

    async def code(self, phone: str) -> str:
        async with asyncio.timeout(_ARRIVES_WITHIN):
            while True:
                sent = [one["text"] for one in await self.call("GET", "/sandbox/outbox") if one["to"] == phone]
                if sent:
                    return str(_CODE.findall(sent[-1])[0])
                await asyncio.sleep(0.01)


async def _timed(call: Any) -> float:
    began = time.perf_counter()
    await call
    return (time.perf_counter() - began) * 1000


async def _post(http: aiohttp.ClientSession, path: str, body: Any, token: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with http.post(path, json=body, headers=headers) as response:
        if response.status not in (200, 201):
            raise Unavailable("identity", f"{path} answered {response.status}")
        answer: dict[str, Any] = await response.json()
        return answer


def _form(answer: Mapping[str, Any]) -> str:
    cards: Sequence[Any] = [m["card"] for m in answer["messages"] if m.get("card")]
    if not cards:
        raise Unavailable("identity", "no form came")
    return str(cards[-1]["form"])
