"""`shouwen eval FILE`: parse labelled sentences as the assistant would, and print the figures of api.md."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shouwen import engine_process
from shouwen.conversations import escalation
from shouwen.conversations.answers import HUMAN_LABEL
from shouwen.conversations.escalation import Signals
from shouwen.datacheck.topic_list import topic_list
from shouwen.errors import Misconfigured
from shouwen.evaluation import metrics
from shouwen.evaluation.metrics import Outcome
from shouwen.evaluation.rows import Row, parse_rows
from shouwen.settings import Settings
from shouwen.text import wishes
from shouwen.text.masking import mask

Parse = Mapping[str, Any]
FindWish = Callable[[str], str | None]
_SHOWN_RANKS = 3


def evaluate(settings: Settings, path: Path) -> int:
    """Print one JSON object of figures; the rows that went wrong go to `var/eval/`.

    Raises Misconfigured with every line that cannot be read, without a model, and when the engine fails.
    """
    rows = _read(path)
    model = engine_process.newest_model(settings)
    if model is None:
        raise Misconfigured(["there is no model: run `make train`"])
    texts = [mask(row.text).text for row in rows]
    asked = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    parses = read_parses(engine_process.parse(settings, model, asked), len(rows))
    outcomes = [outcome(row, text, parse) for row, text, parse in zip(rows, texts, parses, strict=True)]
    errors = settings.var / "eval" / f"{path.stem}.errors.jsonl"
    written = write_errors(
        errors, [error_of(*one) for one in zip(outcomes, texts, parses, strict=True) if is_wrong(one[0])]
    )
    print(json.dumps(metrics.report(outcomes), ensure_ascii=False, indent=2))
    print(f"eval: {written} rows that went wrong are in {errors}", file=sys.stderr)
    return 0


def outcome(row: Row, text: str, parse: Parse, find_wish: FindWish = wishes.find) -> Outcome:
    """What the assistant makes of a row: explicit words for a human go first, as in the gateway (tone.md 7c)."""
    first = str(parse["ranking"][0]["label"]) if parse["ranking"] else ""
    if escalation.of_message(Signals(wish=find_wish(text))).due == "hand_off":
        return Outcome(row, first, HUMAN_LABEL, "answer")
    return Outcome(row, first, parse["intent"], parse["decision"])


def is_wrong(one: Outcome) -> bool:
    """The customer did not get the right thing at once, or the first rank was wrong."""
    return not (one.answered_right and one.first_right)


def error_of(one: Outcome, text: str, parse: Parse) -> dict[str, Any]:
    """A row that went wrong, its text masked."""
    row = one.row
    return {
        "line": row.line, "text": text, "label": row.label, "also": list(row.also), "first": one.first,
        "decision": one.decision, "decided": one.decided, "confidence": parse["confidence"],
        "ranking": parse["ranking"][:_SHOWN_RANKS],
    }  # fmt: skip


def read_parses(answer: str, expected: int) -> list[Parse]:
    """The engine's JSON lines, one for each row. Raises Misconfigured when they are not that."""
    parses: list[Parse] = []
    for number, line in enumerate(filter(str.strip, answer.split("\n")), start=1):
        try:
            parse = json.loads(line)
            sound = parse["decision"] in metrics.DECISIONS and isinstance(parse["ranking"], list)
            parses.append({key: parse[key] for key in ("intent", "decision", "confidence", "ranking")})
        except (json.JSONDecodeError, KeyError, TypeError):
            sound = False
        if not sound:
            raise Misconfigured([f"the engine's answer {number} is no parse: {line[:200]}"])
    if len(parses) != expected:
        raise Misconfigured([f"the engine answered {len(parses)} of {expected} sentences"])
    return parses


def write_errors(path: Path, errors: Sequence[Mapping[str, Any]]) -> int:
    """One JSON line for each error, replacing those of the last run; their number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(error, ensure_ascii=False) + "\n" for error in errors), encoding="utf-8")
    return len(errors)


def _read(path: Path) -> list[Row]:
    try:
        rows, faults = parse_rows(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured([f"{path}: cannot be read: {error}"]) from None
    if faults or not rows:
        raise Misconfigured([f"{path}: {fault}" for fault in faults or ["holds no labelled sentence"]])
    known = topic_list().all()
    for row in rows:
        for label in (row.label, *row.also):
            if label not in known:
                print(f"eval: {path}: line {row.line}: {label} is no topic", file=sys.stderr)
    return rows
