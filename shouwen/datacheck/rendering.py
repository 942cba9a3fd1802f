"""Every reply as a customer would read it, with stand-ins for the values a dialogue gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from shouwen.content.publication import Publication, from_raw
from shouwen.content.render import render
from shouwen.content.reply import Reply, parse_reply
from shouwen.datacheck.corpus import Corpus, RawReply
from shouwen.datacheck.fault import Fault
from shouwen.errors import ContentFault, Misconfigured
from shouwen.text import zh

CHECK = "replies"

# The values that system replies may use beside bank and facts.
_VALUES: Mapping[str, Any] = {"a": "转账和支付限额", "b": "转账手续费", "phone": "138****8000", "limit": 2000}
# A reply may say one thing while the hotline answers and another when it does not.
_TIMES = (time(12, 0), time(3, 0))
_MEND = "name a fact of bank.yml, or a value this kind of reply is given"


@dataclass(frozen=True)
class Spoken:
    """A reply in words."""

    raw: RawReply
    reply: Reply
    text: str


def publication_of(corpus: Corpus) -> tuple[Publication | None, list[Fault]]:
    """All replies that parse, as they would be published; None when bank.yml does not allow any."""
    faults: list[Fault] = []
    sound: dict[str, Any] = {}
    for raw in corpus.replies.values():
        reply, found = parse_reply(raw.name, raw.value)
        faults += [_fault(raw, what, "mend the field; shouwen/content/reply.py says what each holds") for what in found]
        if reply:
            sound[raw.name] = raw.value
    try:
        return from_raw({"bank": corpus.bank.value, "replies": sound}), faults
    except Misconfigured as error:
        blame = [Fault("error", CHECK, corpus.bank.path, None, what, "mend it") for what in error.faults]
    return None, faults + blame


def speak(corpus: Corpus, publication: Publication) -> tuple[list[Spoken], list[Fault]]:
    """Every reply rendered strictly as of its first day, and the faults of those that do not render."""
    spoken: list[Spoken] = []
    faults: list[Fault] = []
    for name, reply in publication.replies.items():
        raw = corpus.replies[name]
        try:
            texts = _texts(publication, reply)
        except ContentFault as fault:
            faults.append(_fault(raw, f"{name}: does not render: {fault.reason}", _MEND))
        else:
            spoken += [Spoken(raw, reply, text) for text in texts]
    return spoken, faults


def _texts(publication: Publication, reply: Reply) -> Sequence[str]:
    values = _VALUES if reply.kind == "system" else {}
    try:
        texts = [render(publication, reply.name, values, moment).text for moment in _moments(reply.effective)]
    except (KeyError, ValueError) as error:  # bank.yml lacks the hours every rendering asks for
        raise ContentFault(reply.name, f"{type(error).__name__} {error}") from error
    return list(dict.fromkeys(texts))


def _moments(day: date) -> Iterator[datetime]:
    for hour in _TIMES:
        yield datetime.combine(day, hour, zh.SHANGHAI)


def _fault(raw: RawReply, what: str, mend: str) -> Fault:
    return Fault("error", CHECK, raw.file.path, raw.line(), what, mend)
