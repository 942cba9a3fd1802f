"""A person at the chat who also holds a telephone: fills secure forms and reads the codes the sandbox bank sent."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

import aiohttp

from tests.e2e.stack import Customer, Stack

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_ARRIVES_WITHIN = 5.0  # seconds
_NOTICE_WITHIN = 20.0


@dataclass(frozen=True)
class Seeded:
    """A customer of the sandbox bank."""

    ref: str
    name: str
    id_number: str
    phone: str
    tails: tuple[str, ...]

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        tails = tuple(card["tail"] for card in row["cards"])
        return cls(row["ref"], row["name"], row["id_number"], row["phone"], tails)


def secret_of(stack: Stack) -> dict[str, str]:
    """The header by which the sandbox knows who may change it."""
    secret = (stack.var / "keys" / "internal.secret").read_text().strip()
    return {"Authorization": f"Bearer {secret}"}


class Person(Customer):
    """A customer's client with a telephone in the other hand."""

    who: Seeded

    @classmethod
    async def comes(cls, http: aiohttp.ClientSession, stack: Stack, like: str) -> Self:
        """A new customer like a seeded one: limits count by telephone, and tests must not meet them by chance."""
        person = await cls.arrives(http, stack.url)
        async with http.post(
            f"{stack.sandbox}/sandbox/customers", json={"like": like}, headers=secret_of(stack)
        ) as response:
            assert response.status == 200, await response.text()
            person.who = Seeded.from_row(await response.json())
        return person

    @classmethod
    async def comes_as(cls, http: aiohttp.ClientSession, stack: Stack, ref: str) -> Self:
        """The seeded customer; each test that uses one has one of its own."""
        person = await cls.arrives(http, stack.url)
        async with http.get(f"{stack.url}/sandbox/customers") as response:
            rows = await response.json()
        person.who = next(Seeded.from_row(row) for row in rows if row["ref"] == ref)
        return person

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def submit(self, form: str, **values: Any) -> tuple[int, dict[str, Any]]:
        """Answer a form as a page would; a new token replaces the old one."""
        body = {"form": form, "fields": values} if "resend" not in values else {"form": form, **values}
        async with self.http.post(f"{self.url}/api/chat/secure", json=body, headers=self.headers) as response:
            answer = await response.json()
            self.token = answer.get("token") or self.token
            return response.status, answer

    async def fills(self, messages: Iterable[dict[str, Any]], **values: str) -> list[dict[str, Any]]:
        """Fill in the newest open form among the messages; what comes back."""
        status, answer = await self.submit(form_of(messages), **values)
        assert status == 200, answer
        assert not answer.get("errors"), answer
        return list(answer["messages"])

    async def gives_phone(self, messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return await self.fills(messages, phone=self.who.phone)

    async def gives_code(self, messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return await self.fills(messages, otp=await self.code())

    async def gives_person(self, messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return await self.fills(messages, name=self.who.name, id_number=self.who.id_number)

    async def is_identified(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Through all steps of a check, to what the flow says then."""
        while form := open_form(messages):
            fields = [field["name"] for field in form["fields"]]
            if "otp" in fields:
                messages = await self.gives_code(messages)
            else:
                values = {"phone": self.who.phone, "name": self.who.name, "id_number": self.who.id_number}
                values["card_tail"] = self.who.tails[0]
                messages = await self.fills(messages, **{name: values[name] for name in fields})
        return messages

    async def texts(self) -> list[str]:
        """The messages this telephone got, oldest first."""
        async with self.http.get(f"{self.url}/sandbox/outbox") as response:
            return [one["text"] for one in await response.json() if one["to"] == self.who.phone]

    async def is_told(self, words: str) -> None:
        """Wait for a message that holds the words; notices are sent by a job."""
        async with asyncio.timeout(_NOTICE_WITHIN):
            while not any(words in text for text in await self.texts()):  # noqa: ASYNC110 - in another process
                await asyncio.sleep(0.1)

    async def code(self) -> str:
        """The newest code; each is read once."""
        return await self._newest(_CODE)

    async def link(self) -> str:
        """The newest link to the bank's page."""
        return await self._newest(re.compile(r"http[!-~]+#[!-~]+"))

    async def _newest(self, pattern: re.Pattern[str]) -> str:
        read: set[str] = self.__dict__.setdefault("_read", set())
        async with asyncio.timeout(_ARRIVES_WITHIN):
            while True:
                found = [m.group() for text in await self.texts() for m in pattern.finditer(text)]
                fresh = [one for one in found if one not in read]
                if fresh:
                    read.update(found)
                    return fresh[-1]
                await asyncio.sleep(0.05)

    async def chooses(self, messages: Iterable[dict[str, Any]], words: str) -> list[dict[str, Any]]:
        """Press the button whose title holds the words."""
        buttons = [b for m in messages for b in m["buttons"]]
        [token] = [b["token"] for b in buttons if words in b["title"]]
        return await self.presses(token)

    async def post(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, answer = await super().post(body)
        self.token = answer.get("token") or self.token
        return status, answer

    async def says_quickly(self, text: str) -> dict[str, Any]:
        """The whole answer of one message."""
        status, answer = await self.post({"client_id": uuid4().hex, "text": text})
        assert status == 200, answer
        return answer


def open_form(messages: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The newest open secure form among messages."""
    cards = [m["card"] for m in messages if (m.get("card") or {}).get("type") == "secure_form"]
    still = [card for card in cards if card["state"] == "open"]
    return still[-1] if still else None


def form_of(messages: Iterable[dict[str, Any]]) -> str:
    form = open_form(messages)
    assert form is not None, "no open form"
    return str(form["form"])


def fields_of(messages: Iterable[dict[str, Any]]) -> list[str]:
    """The fields the newest open form asks for; none without a form."""
    form = open_form(messages)
    return [field["name"] for field in form["fields"]] if form else []
