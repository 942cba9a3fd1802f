"""One topic, one file; domain.yml lists the same topics."""

from pathlib import Path

import pytest

from shouwen.datacheck.topic_list import ADDED_FILE, TOPICS_FILE, parse_topics, topic_list
from shouwen.datacheck.topics import check_domain, check_topics
from shouwen.settings import ROOT
from tests.datacheck.small_checkout import shown

CONTRACT = ROOT.parent / "shared" / "nlu" / "topics.yml"


def test_a_sound_checkout_has_no_fault(checkout):
    corpus = checkout.corpus()

    assert [*check_topics(corpus), *check_domain(corpus)] == []


def test_a_topic_without_sentences_is_named(checkout):
    checkout.write_sentences("smalltalk", {"out_of_scope": ["今天天气怎么样"]})

    assert shown(check_topics(checkout.corpus())) == ["data/nlu:None greet has no sentences"]


def test_a_topic_in_two_files_is_named_in_the_second(checkout):
    checkout.write_sentences("zz", {"greet": ["早上好"]})

    assert shown(check_topics(checkout.corpus())) == [
        "data/nlu/zz.yml:5 greet has sentences in data/nlu/smalltalk.yml too"
    ]


def test_an_unknown_topic_is_named(checkout):
    checkout.write_sentences("zz", {"faq/card_limits": ["提额"]})

    assert shown(check_topics(checkout.corpus())) == ["data/nlu/zz.yml:5 faq/card_limits is no topic"]


def test_an_answer_in_a_file_of_another_name_is_a_fault(checkout):
    path = checkout.root / "data/responses/smalltalk.yml"
    path.rename(path.with_name("talk.yml"))

    whats = shown(check_topics(checkout.corpus()))

    assert whats[0] == "data/responses/talk.yml:2 utter_greet stands here, its sentences in data/nlu/smalltalk.yml"
    assert len(whats) == 2


def test_an_intent_missing_in_the_domain_is_named(checkout):
    checkout.write("domain.yml", {"intents": ["card_report_loss", "faq", "greet"]})

    assert shown(check_domain(checkout.corpus())) == ["domain.yml:1 intent out_of_scope is missing"]


def test_an_intent_nobody_uses_is_a_fault_and_one_a_rule_uses_is_not(checkout):
    checkout.write("domain.yml", {"intents": [*"ab", "card_report_loss", "faq", "greet", "out_of_scope"]})
    checkout.write("data/rules/card.yml", {"rules": [{"rule": "r", "steps": [{"intent": "a"}]}]})

    assert shown(check_domain(checkout.corpus())) == ["domain.yml:1 intent b is no topic and no rule uses it"]


def test_the_products_list_has_59_topics_and_no_id_twice():
    ids = topic_list().all()

    assert len(ids) == len(set(ids)) >= 59
    assert "faq/transfer_fee" in topic_list().faq
    assert topic_list().intents().count("faq") == 1


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract stands beside the checkout only where it is developed")
def test_the_products_list_holds_every_topic_of_the_contract():
    contract = parse_topics(CONTRACT.read_text(encoding="utf-8"))

    assert set(contract.all()) <= set(topic_list().all())


def test_what_the_project_adds_is_no_copy_of_the_contract():
    contract, added = (parse_topics(path.read_text(encoding="utf-8")) for path in (TOPICS_FILE, ADDED_FILE))

    assert added.all()
    assert not set(added.all()) & set(contract.all())
    assert set(topic_list().all()) == {*contract.all(), *added.all()}


def test_the_lists_are_files_of_the_package():
    assert TOPICS_FILE.parent == ADDED_FILE.parent == Path(ROOT / "shouwen" / "datacheck")
