"""No sentence twice, and enough of them."""

from shouwen.datacheck.sentences import MINIMUM, MINIMUM_OUT_OF_SCOPE, check_counts, check_duplicates
from tests.datacheck.small_checkout import shown


def test_a_sentence_twice_in_one_topic_is_named_with_both_places(checkout):
    checkout.write_sentences("card", {"card_report_loss": ["卡丢了", "钱包被偷", "卡丢了？"]})

    assert shown(check_duplicates(checkout.corpus())) == [
        "data/nlu/card.yml:7 “卡丢了？” stands at data/nlu/card.yml:5 too"
    ]


def test_width_script_slips_blanks_and_punctuation_do_not_make_another_sentence(checkout):
    same = ["ATM转账失败", "ＡＴＭ转账失败", "atm 转帐失败", "ATM轉賬失敗！！", "atm，转账失败。"]
    checkout.write_sentences("card", {"card_report_loss": same})

    assert [fault.line for fault in check_duplicates(checkout.corpus())] == [6, 7, 8, 9]


def test_a_sentence_in_two_topics_names_both_topics(checkout):
    checkout.write_sentences("smalltalk", {"greet": ["钱包被偷。"]})

    (fault,) = check_duplicates(checkout.corpus())

    assert fault.what == "“钱包被偷。” of greet stands at data/nlu/card.yml:6 as card_report_loss"


def test_sentences_of_signs_alone_are_told_apart(checkout):
    checkout.write_sentences("smalltalk", {"greet": ["？？？", "。。。"]})

    assert list(check_duplicates(checkout.corpus())) == []


def test_a_topic_with_too_few_sentences_is_named_with_its_count(checkout):
    few = [f"第{n}种挂失" for n in range(MINIMUM - 1)]
    enough = [f"第{n}种额度" for n in range(MINIMUM)]
    checkout.write_sentences("card", {"card_report_loss": few, "faq/card_limit": enough})

    whats = [fault.what for fault in check_counts(checkout.corpus())]

    assert whats == ["card_report_loss has 39 sentences, 40 are needed", "out_of_scope has 1 sentences, 400 are needed"]


def test_enough_sentences_and_a_short_talk_topic_are_no_fault(checkout):
    for stem, topic, count in [("card", "card_report_loss", MINIMUM), ("limit", "faq/card_limit", MINIMUM),
                               ("smalltalk", "out_of_scope", MINIMUM_OUT_OF_SCOPE), ("talk", "greet", 1)]:  # fmt: skip
        checkout.write_sentences(stem, {topic: [f"{stem}{n}" for n in range(count)]})

    assert list(check_counts(checkout.corpus())) == []
