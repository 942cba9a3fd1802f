"""No personal data in sentences or replies; the bank's own numbers are none."""

import pytest

from shouwen.datacheck.personal_data import check_replies, check_sentences
from shouwen.datacheck.rendering import publication_of, speak
from tests.datacheck.small_checkout import reply

PHONE = "1381234" + "5678"


def test_a_phone_number_in_a_sentence_is_found_with_its_line(checkout):
    checkout.write_sentences("card", {"card_report_loss": ["卡丢了", f"卡丢了打我{PHONE}"]})
    corpus = checkout.corpus()

    (fault,) = check_sentences(corpus.sentences, corpus.bank)

    assert (fault.path, fault.line) == ("data/nlu/card.yml", 6)
    assert fault.what.endswith("holds what is hidden as 138****5678")


@pytest.mark.parametrize(
    "sentence", ["尾号0128的卡丢了", "[验证码]收不到", "138****8000收不到短信", "打400-000-0000没人接", "转了50000元"]
)
def test_masks_amounts_and_the_banks_hotline_are_no_personal_data(checkout, sentence):
    checkout.write_sentences("card", {"card_report_loss": [sentence]})
    corpus = checkout.corpus()

    assert list(check_sentences(corpus.sentences, corpus.bank)) == []


def test_a_phone_number_in_a_reply_is_found_in_its_file(checkout):
    checkout.write_replies("card", {"utter_card_report_loss": reply(text=f"请打{PHONE}。\n或{{{{ bank.hotline }}}}。")})
    corpus = checkout.corpus()
    spoken, _ = speak(corpus, publication_of(corpus)[0])

    (fault,) = check_replies(spoken, corpus.bank)

    assert (fault.path, fault.line) == ("data/responses/card.yml", 2)
    assert "utter_card_report_loss" in fault.what
