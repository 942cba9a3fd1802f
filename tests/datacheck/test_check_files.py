"""What lies in data/."""

from shouwen.datacheck.files import check_files
from tests.datacheck.small_checkout import shown


def test_a_sound_checkout_has_no_fault(checkout):
    assert list(check_files(checkout.corpus())) == []


def test_a_test_file_below_data_is_a_fault(checkout):
    checkout.write("data/stories/test_card.yml", {"stories": []})

    (fault,) = check_files(checkout.corpus())

    assert fault.path == "data/stories/test_card.yml"
    assert "Rasa trains on" in fault.what


def test_a_file_only_rasa_would_read_is_a_fault(checkout):
    checkout.write("data/nlu/more.yaml", {"nlu": []})
    checkout.write("data/nlu/deeper/card.yml", {"nlu": []})

    assert [f.path for f in check_files(checkout.corpus())] == ["data/nlu/deeper/card.yml", "data/nlu/more.yaml"]


def test_notes_beside_the_trees_are_welcome(checkout):
    checkout.write("data/README.md", "how to write")

    assert list(check_files(checkout.corpus())) == []


def test_an_empty_tree_is_a_fault(checkout):
    (checkout.root / "data/rules/card.yml").unlink()

    assert shown(check_files(checkout.corpus())) == ["data/rules:None holds no file"]
