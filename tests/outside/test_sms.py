"""Sending messages through the sandbox's SMS gateway over HTTP."""

import pytest

from shouwen.errors import Unavailable
from shouwen.outside.partner import Pace
from shouwen.outside.sms import Channel
from tests.conftest import NOON, Clock
from tests.sandbox.running import RunningBank, running_bank

TO, TEXT = "13800138001", "您的验证码是123456。"


@pytest.mark.parametrize("channel", ["sms", "voice", "app"])
async def test_a_message_arrives_with_its_channel(sandbox: RunningBank, channel: Channel) -> None:
    await sandbox.messenger.send(TO, channel, TEXT, "key-1")
    [sent] = sandbox.parts.outbox.all()
    assert (sent.to, sent.channel, sent.text, sent.at) == (TO, channel, TEXT, NOON)


async def test_a_message_is_sent_once_per_key(sandbox: RunningBank) -> None:
    for key in ("key-1", "key-1", "key-2"):
        await sandbox.messenger.send(TO, "sms", TEXT, key)
    assert len(sandbox.parts.outbox.all()) == 2


async def test_a_slow_gateway_is_unavailable_and_asking_again_sends_nothing_twice(clock: Clock) -> None:
    async with running_bank(clock, Pace(0.3, 20)) as sandbox:
        await sandbox.weather("slow", "sms", 5)
        with pytest.raises(Unavailable, match="sms: no answer in time"):
            await sandbox.messenger.send(TO, "sms", TEXT, "key-1")
        await sandbox.weather("fine", "sms")
        await sandbox.messenger.send(TO, "sms", TEXT, "key-1")
        assert len(sandbox.parts.outbox.all()) == 1


@pytest.mark.parametrize(("mode", "says"), [("down", "sms: 500"), ("nonsense", "sms: nonsense in body")])
async def test_a_gateway_in_trouble_is_unavailable_while_the_bank_answers(
    sandbox: RunningBank, mode: str, says: str
) -> None:
    await sandbox.weather(mode, "sms")
    with pytest.raises(Unavailable, match=says):
        await sandbox.messenger.send(TO, "sms", TEXT, "key-1")
    assert await sandbox.bank.customer("YS0001")


async def test_a_number_the_gateway_refuses_is_unavailable_without_the_number(sandbox: RunningBank) -> None:
    with pytest.raises(Unavailable) as error:
        await sandbox.messenger.send("not-a-number", "sms", TEXT, "key-1")
    assert str(error.value) == "sms: bad_request"


async def test_whether_a_message_would_be_taken_can_be_asked_without_sending_one(sandbox: RunningBank) -> None:
    await sandbox.messenger.check()
    await sandbox.weather("down", "sms")
    with pytest.raises(Unavailable):
        await sandbox.messenger.check()
    assert sandbox.parts.outbox.all() == []
