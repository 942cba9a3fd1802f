"""The HTTP client of the bank's systems against servers that fail on purpose: repeats, limits, broken answers."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from shouwen.errors import Unavailable
from shouwen.outside import partner
from shouwen.outside.partner import Pace, Partner, Refused

SECRET = "a-secret-of-tests"
PATIENT, HURRIED = Pace(5.0, 20), Pace(0.2, 20)
BROKEN = "broken"  # instead of a status: the connection ends without an answer


@dataclass
class Bank:
    """A server that gives its answers in turn, the last one again and again."""

    url: str = ""
    answers: list[tuple[int | str, str]] = field(default_factory=lambda: [(200, "{}")])
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    running: int = 0
    most_running: int = 0
    hold: asyncio.Event | None = None
    third: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path))
        self.headers.append(dict(request.headers))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        if len(self.asked) == 3:
            self.third.set()
        if self.hold:
            await self.hold.wait()
        self.running -= 1
        status, text = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(status, str):
            assert request.transport
            request.transport.close()
            return web.Response()
        return web.Response(status=status, text=text, headers={"Location": "/elsewhere"} if status == 302 else {})

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner


Start = Callable[..., Awaitable[Bank]]
Open = Callable[..., Partner]


@pytest.fixture
async def bank() -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:

        async def start(*answers: tuple[int | str, str]) -> Bank:
            made = Bank(answers=list(answers)) if answers else Bank()
            stack.push_async_callback((await made.start()).cleanup)
            return made

        yield start


@pytest.fixture
async def to() -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        def open_partner(url: str, pace: Pace = PATIENT) -> Partner:
            made = Partner("bank", url, SECRET, pace)
            stack.push_async_callback(made.close)
            return made

        yield open_partner


async def test_every_call_carries_the_secret_and_a_write_its_key(bank: Start, to: Open) -> None:
    there = await bank()
    await to(there.url).ask("POST", "/v1/a", {}, key="key-1")
    assert there.headers[0]["Authorization"] == f"Bearer {SECRET}"
    assert there.headers[0]["Idempotency-Key"] == "key-1"


FAILURES = [(500, ""), (502, "<html>"), (503, "{}"), (BROKEN, "")]


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize(
    ("method", "options"),
    [("GET", {}), ("POST", {"key": "key-1"}), ("PUT", {"key": "key-1"}), ("POST", {"only_reads": True})],
)
async def test_what_can_be_repeated_is_repeated_twice_at_most(
    bank: Start, to: Open, failure: tuple[int | str, str], method: str, options: dict[str, object]
) -> None:
    there = await bank(failure, failure, (200, "[1]"), failure)
    assert await to(there.url).ask(method, "/x", None, **options) == b"[1]"  # type: ignore[arg-type]
    assert len(there.asked) == 3
    with pytest.raises(Unavailable):
        await to(there.url).ask(method, "/x", None, **options)  # type: ignore[arg-type]
    assert len(there.asked) == 6
    assert len({headers.get("Idempotency-Key") for headers in there.headers}) == 1


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_write_without_a_key_is_never_repeated(
    bank: Start, to: Open, failure: tuple[int | str, str], method: str
) -> None:
    there = await bank(failure, (200, "{}"))
    with pytest.raises(Unavailable):
        await to(there.url).ask(method, "/x", {})  # type: ignore[arg-type]
    assert len(there.asked) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
async def test_a_refusal_is_final_and_says_why(bank: Start, to: Open, status: int) -> None:
    there = await bank((status, '{"error": {"code": "card_closed"}}'), (200, "{}"))
    with pytest.raises(Refused) as refused:
        await to(there.url).ask("GET", "/x")
    assert (refused.value.status, refused.value.why) == (status, "card_closed")
    assert len(there.asked) == 1


@pytest.mark.parametrize(
    "body",
    ["", "not found", "[]", '{"error": 7}', '{"error": {"code": 7}}', '{"error": {"code": "姓名 王"}}', "\ud800"],
)
async def test_a_4xx_without_a_code_is_no_refusal(bank: Start, to: Open, body: str) -> None:
    there = await bank((404, body.encode(errors="replace").decode()))
    with pytest.raises(Unavailable, match=r"bank: 404$"):
        await to(there.url).ask("GET", "/x")


@pytest.mark.parametrize("status", [401, 403, 429])
async def test_a_refused_caller_is_no_refused_customer(bank: Start, to: Open, status: int) -> None:
    there = await bank((status, '{"error": {"code": "not_allowed"}}'))
    with pytest.raises(Unavailable, match=f"{status} not_allowed"):
        await to(there.url).ask("GET", "/x")
    assert len(there.asked) == 1


async def test_a_redirection_is_not_followed_with_the_secret(bank: Start, to: Open) -> None:
    there = await bank((302, ""), (200, "{}"))
    with pytest.raises(Unavailable, match="302"):
        await to(there.url).ask("GET", "/x")
    assert there.asked == [("GET", "/x")]


async def test_an_answer_without_end_is_cut_off(bank: Start, to: Open) -> None:
    there = await bank((200, "x" * (partner._ANSWER_BYTES + 1)))
    with pytest.raises(Unavailable, match="without end"):
        await to(there.url).ask("GET", "/x")


async def test_the_limit_holds_for_the_call_with_its_repeats(
    bank: Start, to: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partner, "_GAP", 60.0)
    there = await bank((500, ""))
    with pytest.raises(Unavailable, match="no answer in time"):
        await to(there.url, HURRIED).ask("GET", "/x")
    assert len(there.asked) == 1


async def test_so_many_calls_run_at_once_and_no_more(bank: Start, to: Open) -> None:
    there = await bank()
    there.hold = asyncio.Event()
    capped = to(there.url, Pace(5.0, 3))
    calls = [asyncio.create_task(capped.ask("GET", f"/{number}")) for number in range(10)]
    await there.third.wait()
    await asyncio.sleep(0.05)  # for the others, if they could come
    there.hold.set()
    assert await asyncio.gather(*calls) == [b"{}"] * 10
    assert there.most_running == 3


async def test_a_call_that_finds_no_place_in_time_is_unavailable_and_leaves_the_place_free(
    bank: Start, to: Open
) -> None:
    there = await bank()
    there.hold = asyncio.Event()
    capped = to(there.url, Pace(0.2, 1))
    results = await asyncio.gather(*(capped.ask("GET", "/x") for _ in range(3)), return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results)
    there.hold.set()
    assert await capped.ask("GET", "/x") == b"{}"


async def test_a_bank_that_is_killed_in_mid_call_is_unavailable(to: Open) -> None:
    listen = (
        "import socket, sys\n"
        "listening = socket.create_server(('127.0.0.1', 0))\n"
        "print(listening.getsockname()[1], flush=True)\n"
        "connection, _ = listening.accept()\n"
        "connection.recv(100)\n"
        "print('asked', flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", listen, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    port = int(await process.stdout.readline())
    call = asyncio.create_task(to(f"http://127.0.0.1:{port}").ask("POST", "/x", {}))
    assert await process.stdout.readline() == b"asked\n"
    process.send_signal(signal.SIGKILL)
    with pytest.raises(Unavailable, match="bank"):
        await call
    await process.wait()


async def test_after_closing_the_next_call_opens_anew(bank: Start, to: Open) -> None:
    there = await bank()
    partner = to(there.url)
    await partner.ask("GET", "/x")
    await partner.close()
    assert await partner.ask("GET", "/x") == b"{}"


def test_a_partner_can_be_made_where_no_event_loop_runs() -> None:
    made = Partner("bank", "http://127.0.0.1:1", SECRET, HURRIED)
    with pytest.raises(Unavailable):
        asyncio.run(_ask_and_close(made))


async def _ask_and_close(made: Partner) -> None:
    try:
        await made.ask("GET", "/x")
    finally:
        await made.close()
