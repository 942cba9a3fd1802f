"""Tone of voice over replies and the page."""

import copy

import pytest

from shouwen.datacheck.rendering import publication_of, speak
from shouwen.datacheck.wording import check_page, check_wording
from tests.datacheck.small_checkout import BANK, reply


def faults_of(checkout, **changes):
    checkout.write_replies("card", {"utter_card_report_loss": reply(**changes)})
    corpus = checkout.corpus()
    return [f for f in check_wording(speak(corpus, publication_of(corpus)[0])[0]) if "card_report_loss" in f.what]


def test_a_polite_reply_has_no_fault(checkout):
    assert faults_of(checkout) == []


def test_a_banned_word_is_an_error_with_its_rule_place_and_advice(checkout):
    (fault,) = faults_of(checkout, text="这是规定。")

    assert (fault.level, fault.path, fault.line) == ("error", "data/responses/card.yml", 2)
    assert "utter_card_report_loss: B1 “这是规定" in fault.what
    assert fault.mend


def test_a_long_sentence_is_a_warning(checkout):
    (fault,) = faults_of(checkout, text="一" * 41 + "。")

    assert (fault.level, "T12" in fault.what) == ("warning", True)


def test_words_that_come_from_facts_are_read_too(checkout):
    bank = copy.deepcopy(BANK)
    bank["facts"]["card"]["first_limit"] = "一定能通过"
    checkout.write("data/bank.yml", bank)

    assert any("B7" in fault.what for fault in faults_of(checkout))


def test_the_rules_of_a_tag_apply(checkout):
    assert any(fault.what.startswith("utter_card_report_loss: T11") for fault in faults_of(checkout, tags=["loss"]))


def test_a_misspelt_tag_is_an_error_and_switches_no_rule_off_in_silence(checkout):
    (fault,) = faults_of(checkout, tags=["lost"])

    assert (fault.level, "lost" in fault.what) == ("error", True)


@pytest.mark.parametrize("place", ["paragraphs", "complaint"])
def test_the_pages_own_words_are_read(checkout, place):
    bank = copy.deepcopy(BANK)
    bank["page"]["complaint"] = {"text": "你可以投诉。" if place == "complaint" else "您可以投诉。"}
    bank["page"]["notice"]["paragraphs"] = ["你可以转人工。" if place == "paragraphs" else "您可以转人工。"]
    checkout.write("data/bank.yml", bank)

    (fault,) = check_page(checkout.corpus().bank)

    assert "T2" in fault.what
    assert place in fault.what
