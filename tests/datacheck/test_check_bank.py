"""The bank's own file."""

import copy

import pytest

from shouwen.datacheck.bank import check_bank
from tests.datacheck.small_checkout import BANK


def put(checkout, keys, value):
    bank = copy.deepcopy(BANK)
    inner = bank
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    checkout.write("data/bank.yml", bank)


def test_a_sound_file_has_no_fault(checkout):
    assert list(check_bank(checkout.corpus())) == []


@pytest.mark.parametrize(
    ("keys", "value", "words"),
    [
        (("hotline",), "", "hotline is missing"),
        (("page", "notice", "paragraphs"), [], "page.notice.paragraphs is missing"),
        (("purposes", "loss_stop"), "", "purposes.loss_stop is missing"),
        (("purpose_names", "ticket_status"), "", "purpose_names.ticket_status is missing"),
        (("secure_fields", "otp"), "", "secure_fields.otp is missing"),
        (("card_kinds", "credit"), "", "card_kinds.credit is missing"),
        (("page", "secure_notice", "text"), "", "page.secure_notice.text is missing"),
        (("hotline_open",), "8点", "hotline_open: '8点' is no time of day"),
        (("facts", "card", "first_limit"), 50000, "facts.card.first_limit: 50000 is not a string"),
        (("page", "colours", "strong"), "green", "page.colours.strong: 'green' is no colour"),
        (("page", "starters"), [{"title": "投诉", "topic": "complaint"}], "page.starters: complaint is no topic"),
    ],
)
def test_a_fault_is_named_by_its_place(checkout, keys, value, words):
    put(checkout, keys, value)

    (fault,) = check_bank(checkout.corpus())

    assert words in fault.what
    assert fault.path == "data/bank.yml"


def test_an_unquoted_date_is_named_with_its_line(checkout):
    text = (checkout.root / "data/bank.yml").read_text(encoding="utf-8")
    checkout.write("data/bank.yml", text + "  rate_date: 2026-10-01\n")

    (fault,) = check_bank(checkout.corpus())

    assert fault.line == len(text.splitlines()) + 1
    assert "is not a string" in fault.what
