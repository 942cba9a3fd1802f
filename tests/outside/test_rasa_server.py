"""Asking Rasa, against a real HTTP server that answers what a test tells it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from shouwen.errors import Unavailable
from shouwen.outside import rasa_server
from shouwen.outside.rasa_server import RasaServer, Utterance

SECRET = "a-secret-of-tests"
LONG, SHORT = 60.0, 0.2  # seconds: a deadline nobody should meet, one somebody will
NOBODY = "http://127.0.0.1:1"
ANSWER = {
    "replies": [{"name": "utter_greet", "values": {}}],
    "parse": {"intent": "greet", "decision": "answer", "confidence": 0.9, "ranking": [], "entities": []},
    "active_form": None,
    "model_id": "model-1",
}
HELLO = Utterance("c.1", "m1", text="您好")
Reply = tuple[int, Any]


@dataclass
class Engine:
    """A server with the engine's two addresses. `replies` are given in turn, the last one again and again."""

    url: str = ""
    replies: list[Reply] = field(default_factory=lambda: [(200, ANSWER)])
    asked: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    health: int = 200

    async def turn(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.secrets.append(request.headers.get("X-Shouwen-Secret"))
        status, body = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(body, str):
            return web.Response(status=status, text=body)
        return web.json_response(body, status=status)

    async def is_healthy(self, _request: web.Request) -> web.Response:
        return web.Response(status=self.health)

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/webhooks/shouwen/turn", self.turn)
        app.router.add_get("/webhooks/shouwen/health", self.is_healthy)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner


Start = Callable[..., Awaitable[Engine]]
Ask = Callable[..., Awaitable[RasaServer]]


@pytest.fixture(autouse=True)
def retry_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa_server, "_RETRY_GAP", 0.01)


@pytest.fixture
async def engine() -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:

        async def start(*replies: Reply) -> Engine:
            made = Engine(replies=list(replies)) if replies else Engine()
            stack.push_async_callback((await made.start()).cleanup)
            return made

        yield start


@pytest.fixture
async def asking() -> AsyncIterator[Ask]:
    async with AsyncExitStack() as stack:
        yield lambda *urls: stack.enter_async_context(RasaServer(urls, SECRET))


async def test_a_turn_carries_the_secret_and_comes_back_as_one(engine: Start, asking: Ask) -> None:
    rasa = await engine()
    turn = await (await asking(rasa.url)).turn(HELLO, LONG)
    assert (turn.label, turn.decision, turn.confidence, turn.model_id) == ("greet", "answer", 0.9, "model-1")
    assert turn.replies == ANSWER["replies"]
    assert rasa.asked == [{"sender": "c.1", "message_id": "m1", "metadata": {}, "text": "您好"}]
    assert rasa.secrets == [SECRET]


@pytest.mark.parametrize(
    ("utterance", "says"),
    [
        (Utterance("c.1", "m", text=""), {"text": ""}),
        (Utterance("c.1", "m", label="greet"), {"intent": "greet"}),
        (Utterance("c.1", "m", text="您好", ephemeral=True), {"text": "您好", "ephemeral": True}),
    ],
)
def test_an_utterance_says_either_words_or_a_label(utterance: Utterance, says: dict[str, Any]) -> None:
    assert utterance.body() == {"sender": "c.1", "message_id": "m", "metadata": {}} | says


async def test_while_rasa_starts_the_same_question_is_asked_again(engine: Start, asking: Ask) -> None:
    rasa = await engine((503, {"error": "loading"}), (500, "oops"), (503, {}), (200, ANSWER))
    turn = await (await asking(rasa.url)).turn(HELLO, LONG)
    assert turn.label == "greet"
    assert len(rasa.asked) == 4
    assert {asked["message_id"] for asked in rasa.asked} == {"m1"}


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_a_refusal_is_final(engine: Start, asking: Ask, status: int) -> None:
    rasa = await engine((status, {"error": "not_like_this"}), (200, ANSWER))
    with pytest.raises(Unavailable, match="not_like_this"):
        await (await asking(rasa.url)).turn(HELLO, LONG)
    assert len(rasa.asked) == 1


async def test_at_the_deadline_the_last_failure_is_told(engine: Start, asking: Ask) -> None:
    rasa = await engine((503, {"error": "loading"}))
    with pytest.raises(Unavailable, match="loading"):
        await (await asking(rasa.url)).turn(HELLO, SHORT)


async def test_with_nobody_there_the_deadline_ends_it(asking: Ask) -> None:
    with pytest.raises(Unavailable, match="rasa"):
        await (await asking(NOBODY)).turn(HELLO, SHORT)


async def test_without_any_time_it_is_unavailable(engine: Start, asking: Ask) -> None:
    rasa = await engine()
    with pytest.raises(Unavailable, match="no time left"):
        await (await asking(rasa.url)).turn(HELLO, 0)


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        [],
        "not json",
        "",
        None,
        {"replies": []},
        {**ANSWER, "parse": None},
        {**ANSWER, "parse": {}},
        {**ANSWER, "parse": {**ANSWER["parse"], "confidence": "high"}},  # type: ignore[dict-item]
    ],
)
async def test_a_nonsense_answer_is_no_answer(engine: Start, asking: Ask, nonsense: Any) -> None:
    rasa = await engine((200, nonsense))
    with pytest.raises(Unavailable):
        await (await asking(rasa.url)).turn(HELLO, SHORT)


async def test_an_error_that_is_no_object_is_unavailable(engine: Start, asking: Ask) -> None:
    rasa = await engine((500, ["oops"]), (200, ANSWER))
    assert (await (await asking(rasa.url)).turn(HELLO, LONG)).label == "greet"


async def test_rasa_processes_are_asked_in_turn(engine: Start, asking: Ask) -> None:
    one, other = await engine(), await engine()
    server = await asking(one.url, other.url)
    for _ in range(6):
        await server.turn(HELLO, LONG)
    assert (len(one.asked), len(other.asked)) == (3, 3)


async def test_a_dead_process_is_passed_over(engine: Start, asking: Ask) -> None:
    alive = await engine()
    server = await asking(NOBODY, alive.url)
    for _ in range(4):
        assert (await server.turn(HELLO, LONG)).label == "greet"


async def test_rasa_is_ready_when_every_process_is(engine: Start, asking: Ask) -> None:
    one, other = await engine(), await engine()
    server = await asking(one.url, other.url)
    assert await server.is_ready()
    other.health = 503
    assert not await server.is_ready()
    assert not await (await asking(one.url, NOBODY)).is_ready()


async def test_it_has_to_be_entered_first() -> None:
    server = RasaServer([NOBODY], SECRET)
    assert not await server.is_ready()
    with pytest.raises(RuntimeError, match="async with"):
        await server.turn(HELLO, LONG)
