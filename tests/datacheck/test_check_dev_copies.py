"""Copies of measuring sentences."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.datacheck.command import check_dev
from shouwen.datacheck.corpus import Sentence, sentence_key
from shouwen.datacheck.dev_copies import LIKENESS, check_dev_copies


def found(sentence, *dev):
    one = Sentence(sentence, "faq/card_limit", "data/nlu/card.yml", 7)
    return list(check_dev_copies([one], list(enumerate(dev, start=1)), "dev.jsonl"))


def plain_likeness(a, b):
    grams = [{key[i : i + 3] for i in range(len(key) - 2)} or {key} for key in map(sentence_key, (a, b))]
    return len(grams[0] & grams[1]) / len(grams[0] | grams[1])


@pytest.mark.parametrize(
    ("sentence", "dev"),
    [
        ("信用卡额度怎么提高", "信用卡额度怎么提高？"),
        ("信用卡額度怎麼提高", "信用卡额度怎么提高"),
        ("信用卡额度怎么提高呀", "信用卡额度怎么提高"),
        ("提额", "提额！"),
    ],
)
def test_copies_and_near_copies_are_found(sentence, dev):
    (fault,) = found(sentence, "别的句子在前面", dev)

    assert (fault.path, fault.line) == ("data/nlu/card.yml", 7)
    assert "dev.jsonl:2" in fault.what


@pytest.mark.parametrize(
    ("sentence", "dev"), [("提额", "提鄂度"), ("怎么提高额度", "我想问额度可以调高一点吗"), ("在吗", "在么")]
)
def test_other_words_for_the_same_thing_are_no_copy(sentence, dev):
    assert found(sentence, dev) == []


@given(st.text("额度提高怎么", min_size=1, max_size=12), st.text("额度提高怎么", min_size=1, max_size=12))
def test_the_index_finds_exactly_what_comparing_each_pair_finds(sentence, dev):
    assert bool(found(sentence, dev)) == (plain_likeness(sentence, dev) >= LIKENESS)


def test_ten_thousand_sentences_take_a_moment():
    sentences = [Sentence(f"第{n}位客户问额度{n * 7919}怎么提高到{n}", "greet", "x.yml", n) for n in range(10_000)]
    dev = [(n, f"请问额度{n}怎么提高到{n * 31}万") for n in range(600)]
    started = time.process_time()

    list(check_dev_copies(sentences, dev, "dev.jsonl"))

    assert time.process_time() - started < 4


def test_without_measuring_sentences_the_check_is_skipped_loudly(checkout, tmp_path):
    (fault,) = check_dev(checkout.corpus(), None, tmp_path / "dev.jsonl")

    assert fault.level == "skipped"
    assert "NOT LOOKED FOR" in fault.what


def test_a_file_that_was_asked_for_and_is_not_there_is_an_error(checkout, tmp_path):
    (fault,) = check_dev(checkout.corpus(), tmp_path / "nothing.jsonl", tmp_path / "dev.jsonl")

    assert fault.level == "error"


def test_the_file_beside_the_checkout_is_read_when_none_is_given(checkout, tmp_path):
    beside = tmp_path / "dev.jsonl"
    row = json.dumps({"text": "钱包被偷", "label": "card_report_loss"}, ensure_ascii=False)
    beside.write_text(f"\n{row}\n这不是 JSON\n", encoding="utf-8")

    faults = check_dev(checkout.corpus(), None, beside)

    assert [f.what.split("(")[0].strip() for f in faults] == [
        "line 3: is no JSON",
        "“钱包被偷” is 1.00 like dev.jsonl:2 “钱包被偷”",
    ]


def test_a_folder_given_as_the_file_is_an_error_and_no_crash(checkout, tmp_path):
    (fault,) = check_dev(checkout.corpus(), tmp_path, tmp_path / "dev.jsonl")

    assert (fault.level, "cannot be read" in fault.what) == ("error", True)
