"""What a customer answers inside a flow, where the topic of a sentence says too little. Lists: lexicon/."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

from shouwen.text.card_tails import card_tails
from shouwen.text.numerals import CHINESE_DIGITS, parse_number
from shouwen.text.phrases import any_of, bare, clauses
from shouwen.text.word_lists import read_lexicon

SmsWish = Literal["on", "off", "status"]

_NUMBER_ALONE = re.compile(rf"\d{{1,2}}|[{CHINESE_DIGITS}十]{{1,3}}")


@dataclass(frozen=True)
class TailsMeant:
    """Card tails a text names: those it means, in order, and those it rules out."""

    named: tuple[str, ...]
    ruled_out: frozenset[str]


def sms_wish(text: str, *, alone: bool = False) -> SmsWish | None:
    """Whether the SMS notice is to be turned on, off, or only looked up; None when the words say neither.

    `alone`: the whole text must say it, as 开通 does and 怎么开通手机银行 does not.
    """
    words = bare(text)
    if alone:
        found = (name for name, pattern in _lists()["sms_alone"].items() if pattern.fullmatch(words))
    else:
        found = (name for name, pattern in _lists()["sms"].items() if pattern.search(words))
    return cast(SmsWish | None, next(found, None))


def confirms_loss(text: str) -> bool:
    """True for words that say once more: stop the card."""
    return _says("loss_confirmed", text)


def means_another(text: str) -> bool:
    """True when another card or bill is meant than the one that was named."""
    return _says("another", text)


def means_other_terms(text: str) -> bool:
    """True when another number of payments is wanted, without saying which."""
    return _says("other_terms", text)


def number_alone(text: str) -> str | None:
    """The number, in digits, when a text is nothing but one of at most two digits, or the same spelt."""
    number = parse_number(words) if _NUMBER_ALONE.fullmatch(words := bare(text)) else None
    return str(int(number)) if number else None


def tails_meant(text: str) -> TailsMeant:
    """The card tails a text says yes and no to: 不是尾号0128那张 rules 0128 out."""
    meant: dict[bool, list[str]] = {True: [], False: []}
    for clause in clauses(text):
        for tail in card_tails(clause):
            before, behind = clause[: tail.start], clause[tail.end :]
            is_out = _lists()["tail_ruled_out"].search(before) or _lists()["tail_kept"].match(behind)
            meant[not is_out].append(tail.value)
    return TailsMeant(tuple(meant[True]), frozenset(meant[False]))


def _says(name: str, text: str) -> bool:
    return cast(re.Pattern[str], _lists()[name]).search(bare(text)) is not None


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    lexicon = read_lexicon("service_words")
    wishes = {
        group: {name: any_of(patterns) for name, patterns in lexicon[group].items()} for group in ("sms", "sms_alone")
    }
    single = ("loss_confirmed", "another", "other_terms", "tail_ruled_out", "tail_kept")
    others = {name: any_of(lexicon[name]) for name in single}
    return {**wishes, **others}
