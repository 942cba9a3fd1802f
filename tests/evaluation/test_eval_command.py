"""`shouwen eval`: sentences go to the engine masked and in one go, figures come out, errors are kept."""

import json

import pytest

from shouwen import cli, engine_process
from shouwen.errors import Misconfigured
from shouwen.evaluation.command import evaluate, outcome, read_parses
from shouwen.evaluation.rows import Row
from shouwen.settings import Settings

ROWS = [
    {"text": "怎么转账", "label": "faq/transfer_howto"},
    {"text": "我要转人工", "label": "handoff_request"},
    {"text": "今天天气", "label": "out_of_scope", "also": []},
    {"text": "卡丢了，我的电话" + "1381234" + "5678", "label": "card_report_loss"},
]


def parse(label, decision="answer", confidence=0.9):
    ranking = [{"label": label, "confidence": confidence}, {"label": "greet", "confidence": 0.05}]
    return {"intent": label, "decision": decision, "confidence": confidence, "ranking": ranking}


PARSES = [
    parse("faq/transfer_howto"),
    parse("out_of_scope", "miss"),
    parse("out_of_scope", "refuse"),
    parse("greet", "ask_back"),
]


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "one.tar.gz").write_bytes(b"")
    return Settings(var=tmp_path / "var", models=tmp_path / "models")


@pytest.fixture
def engine(monkeypatch):
    asked = []

    def answer(settings, model, lines):
        asked.append((model.name, [json.loads(line) for line in lines.splitlines()]))
        return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in PARSES)

    monkeypatch.setattr(engine_process, "parse", answer)
    return asked


@pytest.fixture
def labelled(tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    path = folder / "held.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    folder.chmod(0o500)
    yield path
    folder.chmod(0o700)


def test_figures_are_one_json_object_on_stdout(settings, engine, labelled, capsys):
    assert evaluate(settings, labelled) == 0

    figures = json.loads(capsys.readouterr().out)

    assert figures["n"] == 4
    assert figures["accuracy"] == 0.5
    assert figures["answered_right"] == 0.75
    assert figures["asked_back"] == 0.25
    assert figures["oos_recall"] == 1
    assert figures["in_scope_refused"] == 0
    assert figures["by_label"]["card_report_loss"] == {"n": 1, "right": 0, "mistaken_for": "greet"}


def test_the_engine_is_asked_once_for_all_and_sees_masked_text(settings, engine, labelled):
    evaluate(settings, labelled)

    ((model, asked),) = engine

    assert model == "one.tar.gz"
    assert [one["text"] for one in asked] == ["怎么转账", "我要转人工", "今天天气", "卡丢了，我的电话138****5678"]


def test_rows_that_went_wrong_are_kept_below_var_and_named_on_stderr(settings, engine, labelled, capsys):
    evaluate(settings, labelled)

    path = settings.var / "eval" / "held.errors.jsonl"
    errors = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert [(e["line"], e["first"], e["decision"]) for e in errors] == [
        (2, "out_of_scope", "answer"),
        (4, "greet", "ask_back"),
    ]
    assert errors[1]["text"] == "卡丢了，我的电话138****5678"
    assert str(path) in capsys.readouterr().err
    assert list(labelled.parent.iterdir()) == [labelled]


def test_explicit_words_for_a_human_go_before_what_the_engine_decided():
    row = Row(1, "转人工", "handoff_request")

    found = outcome(row, row.text, parse("greet", "miss"))

    assert (found.decided, found.decision, found.first) == ("handoff_request", "answer", "greet")


def test_without_explicit_words_the_engines_decision_stands():
    found = outcome(Row(1, "怎么转账", "greet"), "怎么转账", parse("greet", "ask_back"))

    assert (found.decided, found.decision) == ("greet", "ask_back")


def test_bad_lines_end_the_command_with_their_numbers(settings, engine, tmp_path, capsys, monkeypatch):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "在吗", "label": "greet"}\nno\n{}\n', encoding="utf-8")
    monkeypatch.setattr(Settings, "read", classmethod(lambda cls: settings))

    assert cli.main(["eval", str(path)]) == 2

    told = capsys.readouterr().err
    assert "bad.jsonl: line 2" in told
    assert "bad.jsonl: line 3" in told
    assert engine == []


def test_a_label_that_is_no_topic_is_told_and_still_counted(settings, engine, labelled, capsys):
    labelled.parent.chmod(0o700)
    labelled.write_text(
        labelled.read_text(encoding="utf-8").replace("faq/transfer_howto", "faq/transfer_how"), encoding="utf-8"
    )

    evaluate(settings, labelled)

    told = capsys.readouterr()
    assert "line 1: faq/transfer_how is no topic" in told.err
    assert json.loads(told.out)["accuracy"] == 0.25


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_file_without_sentences_is_refused(settings, engine, tmp_path, text):
    path = tmp_path / "empty.jsonl"
    path.write_text(text)

    with pytest.raises(Misconfigured, match="holds no labelled sentence"):
        evaluate(settings, path)


def test_a_file_that_is_not_there_is_refused(settings, engine, tmp_path):
    with pytest.raises(Misconfigured, match="cannot be read"):
        evaluate(settings, tmp_path / "nothing.jsonl")


def test_without_a_model_the_command_says_what_to_do(settings, engine, labelled):
    (settings.models / "one.tar.gz").unlink()

    with pytest.raises(Misconfigured, match="make train"):
        evaluate(settings, labelled)


@pytest.mark.parametrize(
    "answer", ["Loading model …\n", '{"intent": "greet"}\n', json.dumps(parse("greet", "perhaps")), "[]", json.dumps(7)]
)
def test_an_answer_that_is_no_parse_is_refused(answer):
    with pytest.raises(Misconfigured, match="answer 1 is no parse"):
        read_parses(answer, 1)


def test_an_answer_that_is_short_of_lines_is_refused():
    with pytest.raises(Misconfigured, match="answered 1 of 2"):
        read_parses(json.dumps(parse("greet")) + "\n", 2)
