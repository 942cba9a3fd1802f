"""Policies are data, and every fault in them is named."""

from pathlib import Path

import pytest

from shouwen.complaints.policy import POLICIES, read_policies
from shouwen.errors import Misconfigured

TEXT = (POLICIES / "2026-11.yml").read_text(encoding="utf-8")


def faults(folder: Path, text: str, name: str = "2026-11.yml") -> tuple[str, ...]:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured) as caught:
        read_policies(folder)
    return caught.value.faults


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("version: 2026-11", "version: 2026-12", "version is '2026-12'"),
        ('due_at: "18:00"', "due_at: 18:00", "due_at is 1080"),
        ('due_at: "18:00"', 'due_at: "18:00+09:00"', "due_at is '18:00+09:00'"),
        ('same_day_before: "16:00"', 'same_day_before: "19:00"', "same_day_before is after due_at"),
        ("acknowledge_seconds: 5", "acknowledge_seconds: 0", "acknowledge_seconds is 0"),
        ("rule: workdays", "rule: hours", "first_reply_rule is 'hours'"),
        ("urgent: 3}", "urgent: 0}", "answer_workdays is {'general': 1, 'complex': 5, 'urgent': 0}"),
        ("urgent: 3}", "vip: 0}", "answer_workdays is {'general': 1, 'complex': 5, 'vip': 0}"),
        ("[15, 30, 60]", "[15, 60, 30]", "statutory_days is [15, 60, 30]"),
        ("[outside_appraisal]", "[customer_silent]", "pauses is ['customer_silent']"),
        ("hard_stop_workdays", "hard_stop", "hard_stop_workdays is None"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    assert right in TEXT
    assert f"2026-11.yml: {fault}" in faults(tmp_path, TEXT.replace(right, wrong))


def test_all_faults_of_all_policies_come_together(tmp_path: Path) -> None:
    (tmp_path / "2026-12.yml").write_text("[", encoding="utf-8")
    found = faults(tmp_path, "version: 2026-11\nvip_days: 1\n")
    assert "2026-11.yml: vip_days is not known" in found
    assert "2026-11.yml: pauses is None" in found
    assert found[-1].startswith("2026-12.yml: is no YAML")


def test_no_policy_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="there is no policy"):
        read_policies(tmp_path)
