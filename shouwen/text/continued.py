"""The rest of a number or code whose beginning was masked before it was whole.

The digits behind a mask are gone, so what follows cannot be checked: what plausibly completes it is hidden.
"""

import re
from collections.abc import Iterator, Sequence

from shouwen.text import credentials
from shouwen.text.disguise import BOUNDARY, OPAQUE, Reading, Run
from shouwen.text.identifiers import CARD, ID_NUMBER, POSSIBLE
from shouwen.text.number_spans import Found

# Characters of words that may stand around the rest of a number without changing what it is.
_COURTESY = "后面然接着还有剩下最再几位的是谢麻烦您好吗对了这个就请查帮我看急怎么办"
_AROUND = rf"(?:[^\w*]|[_{_COURTESY}]|我|[卡账]?号码?|转不[出过]去)*"
_ONLY_DIGITS = re.compile(_AROUND)
_SIGN = r"(?:_|[^\w*])"  # no letter, no digit, no mask
_END = rf"(?:{_SIGN}|[{_COURTESY}])*$"
_SECRET_TAIL = re.compile(r"\[(?:(?P<otp>验证码)|(?P<password>密码已隐藏))\](?:_|[^\w\[\]])*$")
_PHONE_TAIL = re.compile(rf"(?<![\d*])1\d\d\*{{4}}\d{{4}}{_END}")
_MASK = re.compile(f"{OPAQUE}+")
# a mobile number by its shape, or region ... (1)930 0(1): the first eleven of the 18 signs of an ID number
_ID_BEGINNING = re.compile(r"1[1-5]\d\*{4}[09]\d\d[01]$")
_BEHIND_ID_BEGINNING = 7  # signs
_CARD = re.compile(r"(?<![\d*])\*{4}(?:\d{4})?$")
_BEHIND_CARD = range(5, 13)  # digits
_TAIL_BEHIND_DIGITS = re.compile(rf"\d{_SIGN}+(?:1\d\d|0\d{{2,3}})\*{{4}}\d{{4}}{_END}")
_ENDS_HIDDEN = re.compile(rf"\*{{4}}{_END}")
_ONLY_NUMBER_MASK = re.compile(rf"{_AROUND}\d{{1,4}}\*{{4}}\d{{3,4}}{_AROUND}")
_TOKEN = re.compile(r"\s*([!-~]{1,12})\s*")  # a ticket number has 13


def continued(
    reading: Reading, thread: Sequence[str], every_run: Sequence[Run], numbers: Sequence[Found]
) -> Iterator[Found]:
    """What the newest message adds to a masked value at the end of the one before; mostly a message of digits only."""
    if len(thread) < 2:
        return
    before, text, newest = thread[-2], reading.text, reading.first_of_last
    secret = _SECRET_TAIL.search(before)
    token = _TOKEN.fullmatch(text, newest)
    if secret and secret.lastgroup == credentials.PASSWORD and token and not token[1].isdigit():
        yield Found(credentials.PASSWORD, token.start(1), token.end(1), credentials.SECRET, "")
    new = [run for run in every_run if run.start >= newest]
    if len(new) != 1 or numbers:
        return
    run = new[0]
    alone = _ONLY_DIGITS.fullmatch(text[newest : run.start] + text[run.end :]) is not None
    pieces = list(_behind_mask(reading, thread, every_run, run))
    if pieces:
        yield from pieces
    elif alone and not run.doubtful:
        yield from _rest(thread, [run for run in every_run if not run.doubtful], run, secret)


def _behind_mask(reading: Reading, thread: Sequence[str], every_run: Sequence[Run], newest: Run) -> Iterator[Found]:
    """What stands behind the last mask and in every message since, when all of it is the rest of one number."""
    masks = list(_MASK.finditer(reading.text, 0, reading.first_of_last))
    if not masks:
        return
    last = masks[-1]
    rest = [run for run in every_run if run.start >= last.end()]
    words, at = "", last.end()
    for run in rest:
        words += reading.text[at : run.start]
        at = run.end
    alone = _ONLY_DIGITS.fullmatch(words + reading.text[at:]) is not None
    in_next = BOUNDARY not in reading.text[last.end() : reading.first_of_last - 1] and not newest.doubtful
    shown = reading.thread[reading.starts[last.start()] : reading.ends[last.end() - 1]]
    signs = sum(len(run.digits) for run in rest)
    kind = None
    if signs == _BEHIND_ID_BEGINNING and _ID_BEGINNING.search(shown) and (alone or in_next):
        kind = ID_NUMBER
    elif signs in _BEHIND_CARD and alone and (_CARD.search(shown) or _hidden_before(reading, thread, last.start())):
        kind = CARD
    if kind:
        yield from (Found(kind, run.start, run.end, POSSIBLE, run.digits, part=run is not newest) for run in rest)


def _hidden_before(reading: Reading, thread: Sequence[str], mask: int) -> bool:
    """Whether the message of a mask says nothing else and the one before it ends in hidden digits: both are pieces."""
    message = reading.text.count(BOUNDARY, 0, mask)
    return (
        message > 0
        and _ONLY_NUMBER_MASK.match(thread[message]) is not None
        and _ENDS_HIDDEN.search(thread[message - 1]) is not None
    )


def _rest(thread: Sequence[str], all_runs: Sequence[Run], run: Run, secret: re.Match[str] | None) -> Iterator[Found]:
    before, length = thread[-2], len(run.digits)
    if secret and 2 <= length <= 8:
        yield Found(str(secret.lastgroup), run.start, run.end, credentials.SECRET, "")
    elif (length >= 3 and _TAIL_BEHIND_DIGITS.search(before)) or (6 <= length <= 8 and _PHONE_TAIL.search(before)):
        yield Found(ID_NUMBER, run.start, run.end, POSSIBLE, run.digits)
    else:
        yield from _behind_both(thread, all_runs, run)


def _behind_both(thread: Sequence[str], all_runs: Sequence[Run], run: Run) -> Iterator[Found]:
    """Bare digits, then a message that is one masked number, then digits: one long number in three pieces."""
    if len(thread) < 3 or len(run.digits) < 5 or not _ONLY_NUMBER_MASK.fullmatch(thread[-2]):
        return
    begun = [r for r in all_runs if r.message == run.message - 2]
    fewest = 1 if re.match(rf"{_SIGN}*0", thread[-2]) else 2  # a menu choice and a mobile number are two things
    if begun and len(begun[-1].digits) >= fewest:
        yield Found(CARD, begun[-1].start, begun[-1].end, POSSIBLE, begun[-1].digits, part=True)
        yield Found(CARD, run.start, run.end, POSSIBLE, run.digits)
