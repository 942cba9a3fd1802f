"""Broken training data is refused with every fault named."""

from pathlib import Path

import pytest
from shouwen_engine.sentences import DataBroken, gather, read_all, write_all

INTENTS = {"faq", "greet"}


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def block(label: str, *examples: str) -> str:
    return "\n".join([f"- intent: {label}", "  examples: |", *(f"    - {example}" for example in examples), ""])


def nlu(*blocks: str) -> str:
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)


def faults(path: Path) -> str:
    with pytest.raises(DataBroken) as caught:
        gather([path], INTENTS)
    return str(caught.value)


def test_sentences_come_by_full_label_each_once(tmp_path: Path) -> None:
    path = folder(
        tmp_path, a=nlu(block("greet", "你好", "您好", "你好")), b=nlu(block("faq/balance", "查余额", "余额"))
    )
    assert gather([path], INTENTS) == {"greet": ["你好", "您好"], "faq/balance": ["查余额", "余额"]}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_all({"greet": ["你好"], "faq/balance": ["余额", "查"]}, tmp_path / "all.json")
    assert read_all(tmp_path / "all.json") == (["你好", "余额", "查"], ["greet", "faq/balance", "faq/balance"])


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    assert faults(folder(tmp_path, card="nlu:\n\t- x")).startswith("card.yml: ")


def test_an_intent_outside_the_domain_is_refused(tmp_path: Path) -> None:
    assert faults(folder(tmp_path, a=nlu(block("gret", "你好", "您好")))) == "gret: is not in domain.yml"


def test_a_topic_of_one_sentence_is_refused(tmp_path: Path) -> None:
    assert "greet: has 1 sentences" in faults(folder(tmp_path, a=nlu(block("greet", "你好"))))


def test_a_sentence_of_two_topics_is_refused(tmp_path: Path) -> None:
    text = nlu(block("greet", "你好", "余额"), block("faq/balance", "余额", "查余额"))
    assert faults(folder(tmp_path, a=text)) == "'余额' stands under greet and faq/balance"


def test_a_line_without_a_hyphen_is_refused(tmp_path: Path) -> None:
    text = nlu("- intent: greet\n  examples: |\n    - 你好\n    您好\n    - 早\n")
    assert "'您好' does not begin with a hyphen" in faults(folder(tmp_path, a=text))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = folder(tmp_path, a="nlu: 7", b=nlu(block("gret", "早", "早安")), c=nlu(block("greet", "你好")))
    assert len(faults(path).splitlines()) == 3


def test_no_sentences_at_all_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path) == "there are no sentences"
