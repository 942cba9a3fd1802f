"""Every reply as a customer would read it, with stand-ins for the values a dialogue gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from shouwen.content.publication import Publication, from_raw
from shouwen.content.render import fill, render
from shouwen.content.reply import Reply, parse_reply
from shouwen.datacheck.corpus import Corpus, RawReply
from shouwen.datacheck.fault import Fault
from shouwen.errors import ContentFault, Misconfigured
from shouwen.text import zh

CHECK = "replies"

# The values that system replies may use beside bank and facts, by what they are about.
_ASKING: Mapping[str, Any] = {"a": "转账和支付限额", "b": "转账手续费", "phone": "138****8000", "limit": 2000}
_IDENTITY: Mapping[str, Any] = {
    "phone_mask": "138****8000", "left": 2, "seconds": 42, "until": "2026年11月22日18:05", "salutation": "欧阳女士，",
    "code": "[验证码]", "minutes": 10, "purpose": "重设登录密码", "link": "https://www.yunshan.example/reset",
}  # fmt: skip
_FLOWS: Mapping[str, Any] = {
    "kind": "debit", "tail": "0128", "receipt": "K7Q2M9XR", "on": True, "wish": "on", "fee": "¥2.00",
    "effective": "2026年12月1日", "amount": "¥12,345.67", "principal": "¥12,345.67", "terms": 12,
    "monthly": "¥1,102.88", "first_payment": "¥1,102.89",
    "fee_total": "¥888.89", "total": "¥13,234.56", "annual_rate": "13.27%", "first_due": "2026年12月20日",
    "count": 2, "since": "2026年11月20日",
}  # fmt: skip
_VALUES: Mapping[str, Any] = {**_ASKING, **_IDENTITY, **_FLOWS}
# A reply that says one thing or another by its values is read both ways.
_OTHERWISE: Mapping[str, Any] = {
    **_VALUES, "kind": "credit", "on": False, "wish": "off", "salutation": "", "until": "", "effective": "",
    "receipt": "", "phone_mask": "",
}  # fmt: skip
# What the buttons of a choice may be given: the label, the entity, and what the title names.
_CHOICES: Sequence[Mapping[str, Any]] = tuple(
    {"label": label, "entities": {"choice": choice}, "kind": kind, "tail": "0128", "amount": "¥12,345.67"}
    for label, choice, kind in (
        ("inform", "on", "debit"), ("inform", "off", "credit"), ("inform", "status", "debit"),
        ("inform", "24", "credit"), ("card_report_loss", "", "debit"), ("password_reset_login", "", "debit"),
        ("handoff_request", "", "debit"),
    )
)  # fmt: skip
# A reply may say one thing while the hotline answers and another when it does not.
_TIMES = (time(12, 0), time(3, 0))
CHOICE_LIMIT = 24  # characters on a button that names a card or a bill
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
            titles = _choice_titles(publication, reply)
        except ContentFault as fault:
            faults.append(_fault(raw, f"{name}: does not render: {fault.reason}", _MEND))
        else:
            spoken += [Spoken(raw, reply, text) for text in texts]
            faults += [_title_fault(raw, name, title) for title in titles if not 1 <= len(title) <= CHOICE_LIMIT]
    return spoken, faults


def _texts(publication: Publication, reply: Reply) -> Sequence[str]:
    given = (_VALUES, _OTHERWISE) if reply.kind == "system" else ({},)
    try:
        texts = [
            render(publication, reply.name, values, moment).text
            for values in given
            for moment in _moments(reply.effective)
        ]
    except (KeyError, ValueError) as error:  # bank.yml lacks the hours every rendering asks for
        raise ContentFault(reply.name, f"{type(error).__name__} {error}") from error
    return list(dict.fromkeys(texts))


def _choice_titles(publication: Publication, reply: Reply) -> Sequence[str]:
    if not reply.choice:
        return ()
    return list(dict.fromkeys(fill(publication, reply, reply.choice, choice) for choice in _CHOICES))


def _title_fault(raw: RawReply, name: str, title: str) -> Fault:
    what = f"{name}: the choice “{title}” has {len(title)} characters, {CHOICE_LIMIT} is the limit"
    return Fault(
        "error", CHECK, raw.file.path, raw.line("choice"), what, "write a title that is neither empty nor long"
    )


def _moments(day: date) -> Iterator[datetime]:
    for hour in _TIMES:
        yield datetime.combine(day, hour, zh.SHANGHAI)


def _fault(raw: RawReply, what: str, mend: str) -> Fault:
    return Fault("error", CHECK, raw.file.path, raw.line(), what, mend)
