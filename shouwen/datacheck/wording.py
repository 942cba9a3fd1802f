"""Tone of voice over every reply and over the page's own words (tone.md 7a, 7b)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shouwen.datacheck.fault import Fault
from shouwen.datacheck.located import Keys, Located
from shouwen.datacheck.rendering import Spoken
from shouwen.text.tone import Finding, lint

CHECK = "tone"
_PAGE_TEXTS: tuple[Keys, ...] = (
    ("page", "complaint", "text"),
    ("page", "notice", "paragraphs"),
    ("page", "secure_notice", "text"),
)


def check_wording(spoken: Sequence[Spoken]) -> Iterator[Fault]:
    """Each reply as a customer reads it, under the rules of its kind and tags."""
    for one in spoken:
        path, line = one.raw.file.path, one.raw.line()
        try:
            findings = lint(one.text, kind=one.reply.kind, tags=one.reply.tags)
        except ValueError as error:
            mend = "mend the tag; shouwen/text/lexicon/tone.yml lists them"
            yield Fault("error", CHECK, path, one.raw.line("tags"), f"{one.reply.name}: {error}", mend)
            continue
        for finding in findings:
            yield _fault(finding, path, line, one.reply.name)


def check_page(bank: Located) -> Iterator[Fault]:
    """What the page shows word for word."""
    for keys in _PAGE_TEXTS:
        for text in _texts(bank.value, keys):
            for finding in lint(text):
                yield _fault(finding, bank.path, bank.line(*keys), ".".join(map(str, keys)))


def _fault(finding: Finding, path: str, line: int | None, name: str) -> Fault:
    where = f" “{finding.clause}”" if finding.clause else ""
    return Fault(finding.level, CHECK, path, line, f"{name}: {finding.rule}{where}", finding.explanation)


def _texts(value: Any, keys: Keys) -> list[str]:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    found = value if isinstance(value, list) else [value]
    return [text for text in found if isinstance(text, str)]
