import pytest

from shouwen.bench.checking import Answered, fault_of_turn, faults_of_transcript
from shouwen.bench.script import expected

FEE = expected(["utter_faq/transfer_fee"])


def reply(name, seq=3, message_id=None, reply_to="m1", text="免手续费"):
    return {
        "id": message_id or f"r{seq}", "seq": seq, "role": "bot", "reply": name, "reply_to": reply_to, "text": text,
    }  # fmt: skip


def answer(*messages):
    return {"accepted": {"id": "m1", "seq": 2}, "messages": list(messages), "owner": "bot"}


def test_the_right_reply_is_no_fault():
    assert fault_of_turn(FEE, 200, answer(reply("utter_faq/transfer_fee"))) is None


def test_either_of_two_right_replies_is_no_fault():
    assert fault_of_turn(expected(["utter_a|utter_b"]), 200, answer(reply("utter_b"))) is None


def test_two_replies_in_order_are_no_fault():
    body = answer(reply("utter_handoff_open", 3), reply("utter_ask_callback_phone", 4))
    assert fault_of_turn(expected(["utter_handoff_open", "utter_ask_callback_phone"]), 200, body) is None


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (200, answer(), "no reply"),
        (200, answer(reply("utter_miss")), "wrong reply: utter_miss"),
        (
            200,
            answer(reply("utter_faq/transfer_fee", 3), reply("utter_faq/transfer_fee", 4)),
            "doubled reply: utter_faq/transfer_fee, utter_faq/transfer_fee",
        ),
        (
            200,
            answer(reply("utter_faq/transfer_fee", 3), reply("utter_still_working", 4)),
            "wrong reply: utter_faq/transfer_fee, utter_still_working",
        ),
        (200, answer(reply("utter_faq/transfer_fee", reply_to="m0")), "a reply to another message"),
        (200, answer(reply("utter_faq/transfer_fee", text=" ")), "an empty reply"),
        (429, {"error": {"code": "too_many_requests"}}, "status 429 too_many_requests"),
        (502, {}, "status 502"),
    ],
)
def test_a_wrong_missing_or_doubled_reply_and_an_error_are_faults(status, body, fault):
    assert fault_of_turn(FEE, status, body) == fault


def test_replies_in_the_wrong_order_are_a_fault():
    body = answer(reply("utter_b", 3), reply("utter_a", 4))
    assert fault_of_turn(expected(["utter_a", "utter_b"]), 200, body) == "wrong reply: utter_b, utter_a"


def customer(seq=2, client_id="c1"):
    return {"id": "m1", "seq": seq, "role": "customer", "client_id": client_id}


GREETING = {"id": "g", "seq": 1, "role": "bot", "reply": "utter_greet"}
TURN = Answered("c1", "m1", ("r3",))


def test_a_transcript_that_holds_what_the_caller_saw_has_no_faults():
    assert faults_of_transcript([GREETING, customer(), reply("utter_faq/transfer_fee")], [TURN]) == []


@pytest.mark.parametrize(
    ("transcript", "fault"),
    [
        ([GREETING, customer(), reply("utter_a"), reply("utter_a", 4)], "c1 has 2 replies, its caller got 1"),
        ([GREETING, customer()], "c1 has 0 replies, its caller got 1"),
        ([GREETING, reply("utter_a", 2, "r3")], "c1 stands 0 times"),
        ([GREETING, customer(2), customer(3), reply("utter_a", 4, "r3")], "c1 stands 2 times"),
        ([GREETING, customer(), reply("utter_a", 4, "r3")], "the transcript has gaps"),
    ],
)
def test_what_went_lost_or_came_twice_is_found_in_the_transcript(transcript, fault):
    [found] = faults_of_transcript(transcript, [TURN])
    assert fault in found
