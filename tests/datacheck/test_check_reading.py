"""Reading: YAML that does not load is a fault like the others, and every line is known."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from shouwen.datacheck.located import parse_yaml


def test_a_sound_checkout_reads_without_faults(checkout):
    corpus, faults = checkout.read()

    assert faults == []
    assert [s.text for s in corpus.sentences] == ["卡丢了怎么办", "钱包被偷", "额度怎么提高", "在吗", "今天天气怎么样"]


def test_a_sentence_knows_its_file_and_line(checkout):
    sentences = {s.text: s for s in checkout.corpus().sentences}

    assert (sentences["卡丢了怎么办"].path, sentences["卡丢了怎么办"].line) == ("data/nlu/card.yml", 5)
    assert sentences["额度怎么提高"].line == 9
    assert sentences["额度怎么提高"].topic == "faq/card_limit"


def test_every_sentence_stands_on_the_line_it_is_said_to_stand_on(checkout):
    checkout.write_sentences(
        "card", {"card_report_loss": ["甲", "", "乙"], "faq/card_limit": ["丙丁", "[5万](amount)额度"]}
    )
    rows = (checkout.root / "data/nlu/card.yml").read_text(encoding="utf-8").splitlines()

    for sentence in checkout.corpus().sentences:
        if sentence.path.endswith("card.yml"):
            assert sentence.text in rows[sentence.line - 1].replace("[5万](amount)", "5万")


def test_entity_marks_are_no_part_of_a_sentence(checkout):
    checkout.write_sentences("card", {"card_report_loss": ['把[5万]{"entity": "amount"}的卡挂失', "[验证码]收不到"]})

    texts = [s.text for s in checkout.corpus().sentences if s.stem == "card"]

    assert texts == ["把5万的卡挂失", "[验证码]收不到"]


def test_yaml_that_does_not_load_is_a_fault_with_its_line(checkout):
    checkout.write("data/nlu/card.yml", 'version: "3.1"\nnlu: [\n  - x: y: z\n')

    corpus, faults = checkout.read()

    assert [(f.path, f.check) for f in faults] == [("data/nlu/card.yml", "yaml")]
    assert faults[0].line == 3
    assert {s.stem for s in corpus.sentences} == {"smalltalk"}


def test_a_file_that_is_not_utf8_is_a_fault(checkout):
    (checkout.root / "data/responses/card.yml").write_bytes("replies: 额度".encode("gbk"))

    _, faults = checkout.read()

    assert [f.path for f in faults] == ["data/responses/card.yml"]
    assert "not UTF-8" in faults[0].what


def test_missing_bank_and_domain_are_faults(checkout):
    (checkout.root / "data/bank.yml").unlink()
    (checkout.root / "domain.yml").unlink()

    assert {f.path for f in checkout.read()[1]} == {"data/bank.yml", "domain.yml"}


def test_a_line_without_its_dash_is_a_fault_at_that_line(checkout):
    checkout.write("data/nlu/card.yml", "nlu:\n- intent: greet\n  examples: |\n    - 好\n    不是例子\n")

    _, faults = checkout.read()

    assert [f.line for f in faults] == [5]


def test_a_reply_in_two_files_is_a_fault(checkout):
    checkout.write(
        "data/responses/zz.yml", (checkout.root / "data/responses/smalltalk.yml").read_text(encoding="utf-8")
    )

    _, faults = checkout.read()

    assert len(faults) == 2
    assert all("stands in data/responses/smalltalk.yml" in f.what for f in faults)


def test_replies_under_the_name_rasa_reads_are_a_fault(checkout):
    checkout.write("data/responses/card.yml", {"responses": {}})

    assert "has no mapping `replies`" in checkout.read()[1][0].what


def test_a_key_that_stands_twice_is_a_fault_with_the_second_line():
    _, faults = parse_yaml("x.yml", "a:\n  b: 1\n  c: 2\n  b: 3\n")

    assert [(f.line, f.what) for f in faults] == [(4, "b stands twice in one mapping")]


def test_the_line_of_a_missing_field_is_that_of_what_holds_it():
    located, _ = parse_yaml("x.yml", "a:\n  b:\n    c: 1\n")

    assert located.line("a", "b", "nothing") == 2
    assert located.line("nothing") is None


def test_a_date_that_no_calendar_has_is_a_fault_and_no_crash():
    located, faults = parse_yaml("x.yml", "updated: 2026-13-45\n")

    assert located.value == {}
    assert "does not load" in faults[0].what


@given(st.text(max_size=200))
def test_any_text_is_either_a_mapping_or_a_fault(text):
    located, faults = parse_yaml("x.yml", text)

    assert faults or located.value == yaml.safe_load(text)
