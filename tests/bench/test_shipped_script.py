import re
from functools import cache

import yaml

from shouwen.bench.command import read_script
from shouwen.content.publication import read_folder
from shouwen.settings import ROOT

SCRIPT = read_script()


@cache
def publication():
    return read_folder(ROOT / "data")


def bare(text):
    return re.sub(r"\W", "", text)


def test_every_expected_reply_is_one_the_bank_gives():
    names = {name for line in SCRIPT.lines() for right in line.expected for name in right}
    assert names <= set(publication().replies)


def test_every_faq_answer_is_asked_for():
    asked = {name for line in SCRIPT.faq for name in line.expected[0]}
    assert asked == {name for name in publication().replies if name.startswith("utter_faq/")}


def test_no_sentence_stands_in_the_training_data():
    trained = set()
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            trained |= {bare(line[2:]) for line in entry.get("examples", "").splitlines() if line.startswith("- ")}
    assert len(trained) > 1000
    assert [line.say for line in SCRIPT.lines() if not line.press and bare(line.say) in trained] == []


def test_the_customers_number_is_a_fictitious_one():
    numbers = [line.say for line in SCRIPT.lines() if re.search(r"\d{7}", line.say)]
    assert numbers == ["13800138000"]
