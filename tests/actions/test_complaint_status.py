"""What became of a complaint: as long as people keep them, what waits for people."""

import pytest

from shouwen.conversations import requests
from tests.actions.conftest import Customer
from tests.actions.dialogue import Dialogue, names
from tests.conftest import Clock

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the flow is the subject, not SQL

FORM = "complaint_status_form"


def calls_people(customer: Customer) -> None:
    message, now = customer.writes("转人工"), customer.backstage.now()
    customer.backstage.database.write_now(lambda tx: requests.wish_for_human(tx, customer.id, 1, message, "human", now))


async def test_who_has_nothing_open_is_told_so(dialogue: Dialogue) -> None:
    said = await dialogue.identified("YS0001", FORM)
    assert said == [("utter_complaint_status_none", {"salutation": "王女士，"})]


async def test_what_is_open_is_counted_with_its_day(dialogue: Dialogue, clock: Clock) -> None:
    calls_people(dialogue.customer)
    clock.forward(minutes=5)
    said = await dialogue.identified("YS0001", FORM)
    values = {"salutation": "王女士，", "count": 1, "since": "2026年11月23日12:00"}
    assert said == [("utter_complaint_status_open", values)]


async def test_the_number_on_file_is_enough_for_it(dialogue: Dialogue) -> None:
    assert names(await dialogue.identified("YS0002", FORM, tail="2048")) == ["utter_complaint_status_none"]
