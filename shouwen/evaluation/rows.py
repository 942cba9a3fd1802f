"""Labelled sentences: one JSON object a line, `{"text", "label", "also"?: […]}` with ids of topics.yml."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A sentence and what it means. `also` holds the labels that are accepted beside `label`."""

    line: int
    text: str
    label: str
    also: tuple[str, ...] = ()

    def accepts(self, label: str | None) -> bool:
        """True when `label` is right for this sentence."""
        return label == self.label or label in self.also


def parse_rows(text: str) -> tuple[list[Row], list[str]]:
    """The rows of a file, and what is wrong with the other lines. Blank lines are passed over."""
    rows: list[Row] = []
    faults: list[str] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        row = _parse_row(number, line)
        if isinstance(row, Row):
            rows.append(row)
        else:
            faults.append(f"line {number}: {row}")
    return rows, faults


def _parse_row(number: int, line: str) -> Row | str:
    try:
        value: Any = json.loads(line)
    except json.JSONDecodeError as error:
        return f"is no JSON ({error.msg} at column {error.colno})"
    if not isinstance(value, dict):
        return "is no JSON object"
    for field in ("text", "label"):
        if not isinstance(value.get(field), str) or not value[field].strip():
            return f"{field} is missing or not a string"
    also = value.get("also") or []
    if not isinstance(also, list) or not all(isinstance(one, str) for one in also):
        return "also is not a list of strings"
    return Row(number, value["text"], value["label"], tuple(also))
