"""The rest of a number or code whose beginning was masked before it was whole.

The digits behind a mask are gone, so what follows cannot be checked: what plausibly completes it is hidden.
"""

import re
from collections.abc import Iterator, Sequence

from shouwen.text import credentials
from shouwen.text.disguise import Reading, Run
from shouwen.text.identifiers import CARD, ID_NUMBER, POSSIBLE
from shouwen.text.number_spans import Found

# Characters of words that may stand around the rest of a number without changing what it is.
_COURTESY = "后面然接着还有剩下最再几位的是谢麻烦您好吗对了这个就请查帮我看急怎么办"
_ONLY_DIGITS = re.compile(rf"(?:[\W_{_COURTESY}]|我|[卡账]?号码?|转不[出过]去)*")
_SIGN = r"(?:_|[^\w*])"  # no letter, no digit, no mask
_END = rf"(?:{_SIGN}|[{_COURTESY}])*$"
_SECRET_TAIL = re.compile(r"\[(?:(?P<otp>验证码)|(?P<password>密码已隐藏))\](?:_|[^\w\[\]])*$")
_CARD_TAIL = re.compile(rf"(?<![\d*])\*{{4}}\d{{4}}{_END}")
_PHONE_TAIL = re.compile(rf"(?<![\d*])1\d\d\*{{4}}\d{{4}}{_END}")
# region ... (1)930 0(1), and what of the day stood behind it already
_ID_BEGINNING_TAIL = re.compile(r"(?<![\d*])1[1-5]\d\*{4}[09]\d\d[01](?P<more>(?:[\W_]{0,3}\d){0,3})[^\d*]*$")
_BEHIND_ID_BEGINNING = 7  # an ID number has 18 signs, eleven of which look like a mobile number
_TAIL_BEHIND_DIGITS = re.compile(rf"\d{_SIGN}+(?:1\d\d|0\d{{2,3}})\*{{4}}\d{{4}}{_END}")
_ONLY_NUMBER_MASK = re.compile(rf"{_SIGN}*\d{{1,4}}\*{{4}}\d{{3,4}}{_SIGN}*")
_TOKEN = re.compile(r"\s*([!-~]{1,12})\s*")  # a ticket number has 13


def continued(
    reading: Reading, thread: Sequence[str], all_runs: Sequence[Run], numbers: Sequence[Found]
) -> Iterator[Found]:
    """What the newest message adds to a masked value at the end of the one before; mostly a message of digits only."""
    if len(thread) < 2:
        return
    before, text, newest = thread[-2], reading.text, reading.first_of_last
    secret = _SECRET_TAIL.search(before)
    token = _TOKEN.fullmatch(text, newest)
    if secret and secret.lastgroup == credentials.PASSWORD and token and not token[1].isdigit():
        yield Found(credentials.PASSWORD, token.start(1), token.end(1), credentials.SECRET, "")
    new = [run for run in all_runs if run.start >= newest]
    if len(new) != 1:
        return
    run, digits = new[0], new[0].digits
    alone = _ONLY_DIGITS.fullmatch(text[newest : run.start] + text[run.end :]) is not None
    if numbers:
        return
    begun = _ID_BEGINNING_TAIL.search(before)
    if begun and len(digits) + sum(map(str.isdigit, begun["more"])) == _BEHIND_ID_BEGINNING:
        yield Found(ID_NUMBER, run.start, run.end, POSSIBLE, digits)
    elif alone:
        yield from _rest(thread, all_runs, run, secret)


def _rest(thread: Sequence[str], all_runs: Sequence[Run], run: Run, secret: re.Match[str] | None) -> Iterator[Found]:
    before, length = thread[-2], len(run.digits)
    if secret and 2 <= length <= 8:
        yield Found(str(secret.lastgroup), run.start, run.end, credentials.SECRET, "")
    elif (length >= 3 and _TAIL_BEHIND_DIGITS.search(before)) or (6 <= length <= 8 and _PHONE_TAIL.search(before)):
        yield Found(ID_NUMBER, run.start, run.end, POSSIBLE, run.digits)
    elif 5 <= length <= 12 and _CARD_TAIL.search(before):
        yield Found(CARD, run.start, run.end, POSSIBLE, run.digits)
    else:
        yield from _behind_both(thread, all_runs, run)


def _behind_both(thread: Sequence[str], all_runs: Sequence[Run], run: Run) -> Iterator[Found]:
    """Bare digits, then a message that is one masked number, then digits: one long number in three pieces."""
    if len(thread) < 3 or len(run.digits) < 5 or not _ONLY_NUMBER_MASK.fullmatch(thread[-2]):
        return
    begun = [r for r in all_runs if r.message == run.message - 2]
    fewest = 1 if re.match(rf"{_SIGN}*0", thread[-2]) else 2  # a menu choice and a mobile number are two things
    if thread[-3].endswith("****"):
        yield Found(CARD, run.start, run.end, POSSIBLE, run.digits)
    elif begun and len(begun[-1].digits) >= fewest:
        yield Found(CARD, begun[-1].start, begun[-1].end, POSSIBLE, begun[-1].digits, part=True)
        yield Found(CARD, run.start, run.end, POSSIBLE, run.digits)
