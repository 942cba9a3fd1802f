"""bank.yml: quoted values, hours the software can read, a page with a notice and buttons that lead somewhere."""

import re
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any, get_args

from shouwen.datacheck.corpus import Corpus
from shouwen.datacheck.fault import Fault
from shouwen.datacheck.located import Keys
from shouwen.identity.level import Act

CHECK = "bank"
_NEEDED: tuple[Keys, ...] = (
    ("name",),
    ("hotline",),
    ("loss_hotline",),
    ("facts",),
    ("page", "name"),
    ("page", "bot_name"),
    ("page", "hotline"),
    ("page", "notice_version"),
    ("page", "notice", "title"),
    ("page", "notice", "paragraphs"),
    ("page", "secure_notice", "text"),
    ("card_kinds", "debit"),
    ("card_kinds", "credit"),
    *(("secure_fields", field) for field in ("name", "id_number", "phone", "card_tail", "otp")),
    *((words, act) for words in ("purposes", "purpose_names") for act in get_args(Act)),
)
_HOURS = ("hotline_open", "hotline_close")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def check_bank(corpus: Corpus) -> Iterator[Fault]:
    """What the software, the page and the customer need of the bank's file."""
    if not corpus.bank.value:
        return  # reported by the reader
    for keys in _NEEDED:
        if not _at(corpus.bank.value, keys):
            yield _fault(corpus, keys[:-1], f"{_dotted(keys)} is missing", "write it")
    for keys, value in _leaves(corpus.bank.value, ()):
        if not isinstance(value, str):
            yield _fault(
                corpus, keys, f"{_dotted(keys)}: {value!r} is not a string", "quote it, as the customer reads it"
            )
    yield from _hours(corpus)
    yield from _page(corpus)


def _hours(corpus: Corpus) -> Iterator[Fault]:
    for name in _HOURS:
        try:
            time.fromisoformat(str(corpus.bank.value.get(name)))
        except ValueError:
            value = corpus.bank.value.get(name)
            yield _fault(corpus, (name,), f"{name}: {value!r} is no time of day", 'write it like "08:00"')


def _page(corpus: Corpus) -> Iterator[Fault]:
    topics = corpus.topics.all()
    for index, starter in enumerate(_at(corpus.bank.value, ("page", "starters")) or []):
        topic = starter.get("topic") if isinstance(starter, Mapping) else starter
        if topic not in topics:
            yield _fault(corpus, ("page", "starters", index), f"page.starters: {topic} is no topic", "mend the id")
    colours = _at(corpus.bank.value, ("page", "colours"))
    for name, colour in (colours if isinstance(colours, Mapping) else {}).items():
        if not _COLOUR.fullmatch(str(colour)):
            what = f"page.colours.{name}: {colour!r} is no colour; the page would use its own"
            yield _fault(corpus, ("page", "colours", name), what, 'write it like "#0b5d4b"')


def _at(value: Any, keys: Keys) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _leaves(value: Any, keys: Keys) -> Iterator[tuple[Keys, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*keys, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*keys, index))
    else:
        yield keys, value


def _dotted(keys: Keys) -> str:
    return ".".join(map(str, keys))


def _fault(corpus: Corpus, keys: Keys, what: str, mend: str) -> Fault:
    return Fault("error", CHECK, corpus.bank.path, corpus.bank.line(*keys), what, mend)
