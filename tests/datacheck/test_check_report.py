"""The whole command: one report, one exit status."""

import time
from datetime import date

import pytest

from shouwen.datacheck import command, report
from shouwen.datacheck.fault import Fault
from shouwen.settings import ROOT, Settings

ERROR = Fault("error", "topics", "data/nlu/card.yml", 12, "greet\nhas no home", "give it one")
WARNING = Fault("warning", "replies", "data/nlu/card.yml", 3, "expires soon", "renew it")
SKIPPED = Fault("skipped", "dev", "dev.jsonl", None, "not there", "give --dev FILE")


def test_faults_stand_under_their_file_errors_first_with_line_and_mend():
    assert list(report.lines([WARNING, ERROR, SKIPPED], "5 sentences")) == [
        "data/nlu/card.yml",
        "  error line 12 [topics] greet has no home -> give it one",
        "  warning line 3 [replies] expires soon -> renew it",
        "",
        "dev.jsonl",
        "  SKIPPED [dev] not there -> give --dev FILE",
        "",
        "by check: dev 1, replies 1, topics 1",
        "1 errors, 1 warnings in 5 sentences",
    ]


def test_a_fault_found_twice_is_told_once():
    assert list(report.lines([ERROR, ERROR], "x"))[-1] == "1 errors, 0 warnings in x"


@pytest.mark.parametrize(("faults", "status"), [([], 0), ([WARNING], 0), ([SKIPPED], 0), ([WARNING, ERROR], 1)])
def test_errors_fail_the_command_and_warnings_do_not(checkout, monkeypatch, capsys, faults, status):
    monkeypatch.setattr(command, "read_corpus", lambda *_: (checkout.corpus(), []))
    monkeypatch.setattr(command, "check", lambda *_: list(faults))
    monkeypatch.setattr(command, "check_dev", lambda *_: [])

    assert command.run(Settings(data=checkout.root / "data"), None) == status
    assert "errors" in capsys.readouterr().out


def test_a_checkout_with_nothing_in_it_is_reported_and_does_not_crash(tmp_path, capsys):
    status = command.run(Settings(data=tmp_path / "data"), None)

    assert status == 1
    assert "bank.yml" in capsys.readouterr().out


def test_many_broken_things_are_all_told_at_once(checkout):
    checkout.write("data/nlu/broken.yml", "nlu: [")
    checkout.write("data/stories/test_x.yml", {"stories": []})
    checkout.write_sentences("zz", {"faq/nothing": ["卡丢了怎么办？"]})
    corpus, faults = checkout.read()

    checks = {fault.check for fault in [*faults, *command.check(corpus, date(2026, 11, 22))]}

    assert {"yaml", "files", "topics", "duplicates", "counts", "replies"} <= checks


def test_the_shipped_data_is_checked_within_five_seconds(capsys):
    started = time.process_time()
    command.run(Settings(data=ROOT / "data"), None)

    assert time.process_time() - started < 5
    assert "sentences" in capsys.readouterr().out
