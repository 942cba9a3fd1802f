"""A door of a few lines stands in for the stack; what it gets wrong must be found."""

import time
from itertools import count
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web

from shouwen.bench import loops
from shouwen.bench.conversation import Step
from shouwen.bench.customer import Customer
from shouwen.bench.loops import Crowd
from shouwen.bench.script import expected
from shouwen.errors import Unavailable

ASK = Step("faq", "跨行要手续费吗", expected(["utter_fee"]))
PRESS = Step("button", "怎么转账", expected(["utter_howto"]), press=True)


class Door:
    """Answers as api.md says: 跨行… with a button, the button with another answer."""

    def __init__(self) -> None:
        self.conversations = {}
        self.times = 1
        self.late = 0
        self.closed = False

    async def open(self, request):
        if self.closed:
            return web.json_response({"error": {"code": "internal"}}, status=500)
        token = f"t{len(self.conversations)}"
        self.conversations[token] = [{"id": "g", "seq": 1, "role": "bot", "reply": "utter_greet", "text": "您好"}]
        return web.json_response({"conversation_id": token, "token": token, "messages": []}, status=201)

    async def say(self, request):
        transcript, body = self.transcript(request), await request.json()
        said = self.add(transcript, role="customer", client_id=body["client_id"])
        name = "utter_fee" if "text" in body else {"b1": "utter_howto"}.get(body["button"], "utter_button_used")
        made = [self.reply(transcript, name, said["id"]) for _ in range(self.times)]
        for _ in range(self.late):
            self.reply(transcript, name, said["id"])
        return web.json_response({"accepted": {"id": said["id"], "seq": said["seq"]}, "messages": made, "owner": "bot"})

    async def show(self, request):
        after = int(request.query["after"])
        following = [m for m in self.transcript(request) if m["seq"] > after]
        return web.json_response({"messages": following[:3], "more": len(following) > 3, "owner": "bot"})

    def transcript(self, request):
        return self.conversations[request.headers["Authorization"].removeprefix("Bearer ")]

    def reply(self, transcript, name, reply_to):
        return self.add(
            transcript,
            role="bot",
            reply=name,
            reply_to=reply_to,
            text="好",
            buttons=[{"title": "怎么转账", "token": "b1"}],
        )

    @staticmethod
    def add(transcript, **fields):
        seq = len(transcript) + 1
        transcript.append({"id": f"m{seq}", "seq": seq, **fields})
        return transcript[-1]


@pytest.fixture
async def door():
    return Door()


@pytest.fixture
async def crowd(door):
    """Customers of this door; their conversations have three turns."""
    app, numbers = web.Application(), count()
    app.router.add_post("/api/chat/sessions", door.open)
    app.router.add_post("/api/chat/messages", door.say)
    app.router.add_get("/api/chat/messages", door.show)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession(f"http://{host}:{port}") as http:
        yield Crowd(lambda: Customer(http, next(numbers), [ASK, PRESS, ASK]))
    await runner.cleanup()


async def walk(customer):
    samples = []
    while not customer.is_over:
        samples.append(await customer.take())
    return samples


async def test_a_customer_asks_presses_the_button_received_and_finds_the_transcript_whole(door, crowd):
    customer = await crowd.welcome()
    samples = await walk(customer)
    assert [(s.turn, s.fault) for s in samples] == [(1, None), (2, None), (3, None)]
    assert await crowd.look_back() == []


@pytest.mark.parametrize(
    ("times", "fault"), [(0, "no reply"), (2, "doubled reply: utter_fee, utter_fee")], ids=["missing", "doubled"]
)
async def test_a_missing_or_doubled_reply_ends_the_conversation_with_a_fault(door, crowd, times, fault):
    door.times = times
    samples = await walk(await crowd.welcome())
    assert [s.fault for s in samples] == [fault]


async def test_a_button_that_is_not_there_is_a_fault(door, crowd):
    door.reply = lambda transcript, name, to: door.add(
        transcript, role="bot", reply=name, reply_to=to, text="好", buttons=[]
    )
    samples = await walk(await crowd.welcome())
    assert [s.fault for s in samples] == [None, "no such button among "]


async def test_a_reply_that_came_after_the_call_is_found_in_the_transcript(door, crowd):
    door.late = 1
    await walk(await crowd.welcome())
    faults = await crowd.look_back()
    assert len(faults) == 3
    assert all("has 2 replies, its caller got 1" in fault for fault in faults)


async def test_time_counts_from_the_arrival(door, crowd):
    customer = await crowd.welcome()
    sample = await customer.take(since=time.perf_counter() - 3)
    assert sample.milliseconds >= 3000


async def test_in_an_open_loop_every_arrival_becomes_one_turn(door, crowd):
    await loops.stand_by(crowd, rate=400)
    await loops.open_at(crowd, rate=400, seconds=0.2, seed=1)
    assert len(crowd.samples) == len(loops.arrivals(400, 0.2, seed=1))
    assert all(sample.fault is None for sample in crowd.samples)
    assert await crowd.look_back() == []


async def test_in_a_closed_loop_each_user_goes_on_with_a_new_conversation(door, crowd, monkeypatch):
    ticks = count()
    monkeypatch.setattr(loops, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    await loops.closed(crowd, users=2, seconds=30)
    assert len({sample.conversation for sample in crowd.samples}) > 2
    assert all(sample.fault is None for sample in crowd.samples)


async def test_a_door_that_opens_no_conversation_ends_the_phase_and_says_so(door, crowd, monkeypatch):
    monkeypatch.setattr(loops, "_OPENING_GAP", 0)
    door.closed = True
    with pytest.raises(Unavailable):
        await crowd.welcome()
    assert len(await crowd.look_back()) == 5
