"""What a customer answers inside a flow, where the topic of a sentence says too little. Lists: lexicon/."""

import re
from functools import lru_cache
from typing import Any, Literal, cast

from shouwen.text.phrases import any_of, bare
from shouwen.text.word_lists import read_lexicon

SmsWish = Literal["on", "off", "status"]


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


def _says(name: str, text: str) -> bool:
    return cast(re.Pattern[str], _lists()[name]).search(bare(text)) is not None


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    lexicon = read_lexicon("service_words")
    wishes = {
        group: {name: any_of(patterns) for name, patterns in lexicon[group].items()} for group in ("sms", "sms_alone")
    }
    others = {name: any_of(lexicon[name]) for name in ("loss_confirmed", "another", "other_terms")}
    return {**wishes, **others}
