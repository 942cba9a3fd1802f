"""The seeded customers: fictitious, valid in form, and of every kind a person may want to try."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from shouwen.sandbox.ledger import Person
from shouwen.sandbox.seeds import fresh_ledger
from shouwen.text.identifiers import id_checksum_holds
from tests.conftest import NOON, Clock
from tests.sandbox.running import RunningBank

TODAY = NOON.date()
LEDGER = fresh_ledger(NOON)
PEOPLE = LEDGER.people


def one(**wanted: object) -> Person:
    [found] = [person for person in PEOPLE if all(getattr(person, name) == value for name, value in wanted.items())]
    return found


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.ref)
def test_a_customer_is_valid_in_form_and_belongs_to_nobody(person: Person) -> None:
    assert id_checksum_holds(person.id_number)
    assert person.id_number.startswith("110000")  # a district that is never issued
    assert re.fullmatch(r"138001380\d\d", person.phone)
    surname = person.salutation.removesuffix("女士").removesuffix("先生")
    assert person.name.startswith(surname)
    assert person.salutation.endswith("女士" if int(person.id_number[16]) % 2 == 0 else "先生")
    assert person.about.endswith("。")
    assert all(bill.card_tail in {c.tail for c in person.cards if c.kind == "credit"} for bill in person.bills)
    assert person.customer_since <= (person.app_since or person.customer_since)


def test_no_two_share_what_must_be_their_own() -> None:
    for values in (
        [person.ref for person in PEOPLE],
        [person.id_number for person in PEOPLE],
        [person.name for person in PEOPLE],
        [card.tail for person in PEOPLE for card in person.cards],
        [card.id for person in PEOPLE for card in person.cards],
        [bill.id for person in PEOPLE for bill in person.bills],
    ):
        assert max(Counter(values).values()) == 1


def test_there_is_somebody_for_everything() -> None:
    assert len(PEOPLE) >= 10
    assert any(person.elder and person.app_since is None for person in PEOPLE)
    assert {person.state for person in PEOPLE} == {"active", "frozen", "closed", "locked"}
    assert one(phone_since=TODAY - timedelta(days=6)).state == "active"
    assert {len(person.cards) for person in PEOPLE} >= {1, 2, 3}
    assert any({card.kind for card in person.cards} == {"debit", "credit"} for person in PEOPLE)
    assert any(min(b.amount for b in p.bills) < 500 <= max(b.amount for b in p.bills) for p in PEOPLE if p.bills)
    assert {person.sms_on for person in PEOPLE} == {True, False}
    assert any(card.is_stopped(NOON) for person in PEOPLE for card in person.cards)
    assert max(Counter(person.phone for person in PEOPLE).values()) == 2
    assert any(person.salutation.startswith("欧阳") for person in PEOPLE)
    assert any(person.id_number.endswith("X") for person in PEOPLE)


async def test_the_phone_page_gets_all_of_them(sandbox: RunningBank, clock: Clock) -> None:
    status, shown = await sandbox.call("GET", "/sandbox/customers")
    assert status == 200
    assert [person["ref"] for person in shown] == [person.ref for person in PEOPLE]
    [ma] = [person for person in shown if person["ref"] == "YS0012"]
    assert ma["cards"][0] == {"tail": "1217", "kind": "debit", "state": "stopped", "pin": "964075"}
    assert (ma["phone"], ma["has_app"], ma["password_changed_at"]) == ("13800138012", True, None)
    clock.forward(days=4)
    _, later = await sandbox.call("GET", "/sandbox/customers")
    assert later[-1]["cards"][0]["state"] == "normal"


async def test_every_process_begins_with_fresh_customers(sandbox: RunningBank) -> None:
    await sandbox.bank.set_sms_notice("YS0001", False, "key-1")
    assert fresh_ledger(NOON).by_ref("YS0001").sms_on
