"""Reading what a bank wrote: every fault is named, a version stands for the words."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.content.publication import Publication, from_raw, read_folder
from shouwen.content.reply import STEP_LIMIT, TITLE_LIMIT, parse_reply
from shouwen.errors import Misconfigured
from tests.content.conftest import BANK, raw, reply


def folder(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "responses").mkdir()
    (tmp_path / "bank.yml").write_text(yaml.safe_dump(BANK, allow_unicode=True), encoding="utf-8")
    for name, text in files.items():
        (tmp_path / "responses" / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def replies(**named: dict[str, Any]) -> str:
    return yaml.safe_dump({"replies": named}, allow_unicode=True)


def faults(function: Any, *arguments: Any) -> str:
    with pytest.raises(Misconfigured) as error:
        function(*arguments)
    return "\n".join(error.value.faults)


def test_the_shipped_content_is_read(publication: Publication) -> None:
    assert publication.replies["utter_unavailable"].kind == "system"
    assert len(publication.version) == 12


def test_files_are_read_together(tmp_path: Path) -> None:
    read = read_folder(folder(tmp_path, one=replies(utter_one=reply()), two=replies(utter_two=reply())))
    assert set(read.replies) == {"utter_one", "utter_two"}


def test_a_reply_in_two_files_is_a_fault(tmp_path: Path) -> None:
    both = replies(utter_one=reply())
    assert "two.yml: utter_one stands in another file too" in faults(read_folder, folder(tmp_path, one=both, two=both))


def test_every_faulty_file_is_named(tmp_path: Path) -> None:
    where = folder(tmp_path, list="- a", broken="replies: [")
    (where / "bank.yml").unlink()
    found = faults(read_folder, where)
    assert "bank.yml: is not there" in found
    assert "list.yml: is not a mapping" in found
    assert "broken.yml: " in found


def test_an_unquoted_date_of_a_reply_is_a_fault_that_shows_how_to_write_it(tmp_path: Path) -> None:
    unquoted = replies(utter_one=reply()).replace("'2026-11-23'", "2026-11-23")
    found = faults(read_folder, folder(tmp_path, one=unquoted))
    assert 'utter_one: expires is not a quoted date such as "2026-10-01"' in found


def test_an_unquoted_date_in_the_bank_s_file_is_a_fault_too(tmp_path: Path) -> None:
    where = folder(tmp_path)
    with (where / "bank.yml").open("a", encoding="utf-8") as file:
        file.write("since: 2026-10-01\n")
    found = faults(read_folder, where)
    assert "bank.yml" in found
    assert "write the value in quotes" in found


@pytest.mark.parametrize("bank", [{}, {"name": "云杉银行"}, []])
def test_a_bank_without_facts_is_a_fault(bank: Any) -> None:
    assert "facts is missing" in faults(from_raw, {"bank": bank, "replies": {}})


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"text": ""}, "text is missing"),
        ({"owner": None}, "owner is missing"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"kind": "essay"}, "kind 'essay' is none of"),
        ({"expires": "2026-02-30"}, "expires is not a quoted date"),
        ({"effective": "tomorrow"}, "effective is not a quoted date"),
        ({"expires": "2026-09-30"}, "expires before it is effective"),
        ({"steps": ["走"] * (STEP_LIMIT + 1)}, "more than 7 steps"),
        ({"steps": "走"}, "steps is not a list of strings"),
        ({"notes": [5]}, "notes is not a list of strings"),
        ({"title": "题" * (TITLE_LIMIT + 1)}, "title is longer than"),
        ({"next": 5}, "next is not a string"),
    ],
)
def test_a_fault_of_a_reply_is_named(change: dict[str, Any], fault: str) -> None:
    found, listed = parse_reply("utter_it", reply(**change))
    assert found is None
    assert any(fault in one for one in listed), listed


def test_all_faults_are_listed_not_only_the_first() -> None:
    _, listed = parse_reply("utter_it", reply(kind="essay", colour="red", text=""))
    assert len(listed) == 3


@settings(max_examples=50, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda s: st.lists(s, max_size=3) | st.dictionaries(st.text(max_size=5), s, max_size=3),
    )
)
def test_whatever_stands_for_a_reply_is_read_or_listed(value: Any) -> None:
    for candidate in (value, reply(text=value), reply(steps=value), reply(expires=value), reply(kind=value)):
        found, listed = parse_reply("utter_it", candidate)
        assert (found is None) == bool(listed)


def test_the_same_words_have_the_same_version_in_any_order() -> None:
    body = raw({"utter_a": reply(), "utter_b": reply()})
    turned = {"replies": dict(reversed(body["replies"].items())), "bank": dict(reversed(body["bank"].items()))}
    assert from_raw(body).version == from_raw(turned).version


def test_one_changed_word_is_another_version() -> None:
    assert from_raw(raw({"utter_a": reply("您好。")})).version != from_raw(raw({"utter_a": reply("您好！")})).version
    other_bank = {**BANK, "hotline": "400-111-1111"}
    assert from_raw(raw()).version != from_raw(raw(bank=other_bank)).version


def test_a_topic_without_an_answer_is_titled_by_its_id(publication: Publication) -> None:
    assert publication.title("faq/no_such_thing") == "faq/no_such_thing"
    assert publication.title("handoff_request") == "转人工"
