import json

from shouwen.bench import report
from shouwen.bench.conversation import Step
from shouwen.bench.identity import IdentityTurns
from shouwen.bench.machine import Machine
from shouwen.bench.report import FAILURES_SHOWN, Report
from shouwen.bench.samples import Phase, Sample
from shouwen.bench.script import expected

STEP = Step("faq", "跨行要手续费吗", expected(["utter_faq/transfer_fee"]))
MACHINE = Machine(cores=2, cpu="a processor", memory=8 * 2**30, system="Linux 6", python="3.11.9")


def phase(*samples, **fields):
    return Phase(**{"name": "1 user", "seconds": 2.0, "samples": samples, **fields})


def test_the_40th_turn_is_exactly_the_40th():
    measured = phase(*(Sample(0, turn, STEP, float(turn)) for turn in range(1, 46)))
    assert measured.deep_turns == [40.0]
    assert "turn 40 of 1 conversations: p50 40.0 ms" in report.table_row(measured)


def test_without_a_40th_turn_none_is_reported():
    assert "turn 40" not in report.table_row(phase(Sample(0, 39, STEP, 5.0)))


def test_a_slow_failure_counts_in_the_latency_too():
    measured = phase(Sample(0, 1, STEP, 5.0), Sample(1, 1, STEP, 40_000.0, "no reply"))
    assert measured.latency.max == 40_000.0
    assert measured.failures == 1


def test_faults_of_transcripts_count_as_failures():
    assert phase(Sample(0, 1, STEP, 5.0), transcript_faults=("conversation 0: the transcript has gaps",)).failures == 1


def test_a_failure_names_place_words_and_both_replies():
    [line] = phase(Sample(3, 17, STEP, 5.0, "wrong reply: utter_miss")).failure_lines()
    for part in ("1 user", "conversation 3", "turn 17", "跨行要手续费吗", "utter_faq/transfer_fee", "utter_miss"):
        assert part in line


def test_the_same_failure_again_is_counted_in_its_line():
    [line] = phase(*(Sample(n, 1, STEP, 5.0, "no reply") for n in range(3))).failure_lines()
    assert "3 x, first in conversation 0" in line


def test_the_first_twenty_failures_are_listed_and_the_rest_counted():
    listed = report.failure_list([phase(*(Sample(0, 1, STEP, 5.0, f"fault {n}") for n in range(25)))], ["web ended"])
    assert listed.startswith("failures: 26\n  web ended")
    assert listed.count(": fault") == FAILURES_SHOWN - 1
    assert listed.endswith("6 more lines")


def test_without_failures_nothing_is_listed():
    assert report.failure_list([phase(Sample(0, 1, STEP, 5.0))], []) == ""


def test_the_row_gives_rate_percentiles_and_processor_time():
    row = report.table_row(phase(*(Sample(0, 1, STEP, float(n)) for n in range(1, 101)), cpu={"web": 0.5}))
    assert row.splitlines()[0].split() == ["1", "user", "100", "50.0", "50.0", "95.0", "99.0", "100.0", "0"]
    assert "web 5.0" in row


def test_an_empty_phase_prints_dashes():
    assert "-" in report.table_row(phase())


def test_memory_is_the_sum_of_all_processes():
    line = report.memory_line("when ready", {"web": 100 * 2**20, "rasa": 300 * 2**20})
    assert "400 MiB" in line
    assert "PSS" in line


def test_the_json_object_holds_every_figure():
    whole = Report(
        machine=MACHINE, setup={"database": "SQLite"}, seconds_to_ready=9.87,
        memory_ready={"web": 10}, memory_after={"web": 20, "rasa": 5},
        phases=[phase(Sample(0, 40, STEP, 8.0), Sample(1, 1, STEP, 9.0, "no reply"))],
        identity=IdentityTurns(bank=[2.0, 3.0, 4.0], phone=[20.0, 21.0, 22.0], code=[8.0, 9.0, 30.0]),
        faults=["web ended"],
    )  # fmt: skip
    made = json.loads(json.dumps(whole.as_json()))
    assert made["machine"]["cores"] == 2
    assert made["seconds_to_ready"] == 9.87
    assert made["memory"]["after"]["total"] == 25
    assert made["failures"] == 2
    [only] = made["phases"]
    assert (only["turns"], only["turns_per_second"], only["p50_ms"], only["max_ms"]) == (2, 1.0, 8.0, 9.0)
    assert only["turn_40_p50_ms"] == 8.0
    assert only["mix"] == {"faq": 1.0}
    assert made["identity"] == {"checks": 3, "bank_p50_ms": 3.0, "phone_p50_ms": 21.0, "code_p50_ms": 9.0}
