"""No customer's data in sentences or replies: what the gateway would hide must not stand there (R54)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shouwen.datacheck.corpus import Sentence
from shouwen.datacheck.fault import Fault
from shouwen.datacheck.located import Located
from shouwen.datacheck.rendering import Spoken
from shouwen.text.masking import mask

CHECK = "personal"
_MEND = "take it out, or write the mask a customer's message would carry (138****8000)"


def check_sentences(sentences: Sequence[Sentence], bank: Located) -> Iterator[Fault]:
    """Training sentences, as Rasa would keep them in its model."""
    own = _strings(bank.value)
    for sentence in sentences:
        for shown in leaks(sentence.text, own):
            what = f"“{sentence.text}” holds what is hidden as {shown}"
            yield Fault("error", CHECK, sentence.path, sentence.line, what, _MEND)


def check_replies(spoken: Sequence[Spoken], bank: Located) -> Iterator[Fault]:
    """Replies, once the bank's own facts are in them."""
    own = _strings(bank.value)
    for one in spoken:
        for line in one.text.splitlines():
            for shown in leaks(line, own):
                what = f"{one.reply.name}: “{line}” holds what is hidden as {shown}"
                yield Fault("error", CHECK, one.raw.file.path, one.raw.line(), what, _MEND)


def leaks(text: str, own: str) -> list[str]:
    """The masks of what a text must not hold. `own` is all the bank says of itself: its numbers hide nothing."""
    spans = mask(text).spans
    return [span.mask for span in spans if span.value is None or span.value not in own]


def _strings(value: Any) -> str:
    if isinstance(value, Mapping):
        return "\n".join(_strings(inner) for inner in value.values())
    if isinstance(value, list):
        return "\n".join(map(_strings, value))
    return str(value)
