"""Numbers known by the word before them: mistyped ones, passbook accounts, local landlines, travel documents."""

import re

from shouwen.text.disguise import Reading, Run
from shouwen.text.identifiers import ACCOUNT, CARD, ID_NUMBER, LANDLINE, LIKELY, LONGEST, PERMIT, PHONE, POSSIBLE
from shouwen.text.number_spans import Found
from shouwen.text.spoken_for import Spoken

_MOBILE_BEGINS = re.compile(r"1[3-9](?!\d{4}(?:19|20))")  # not 1301021990..., the beginning of an ID number
_FEWEST = 7  # digits of the shortest number looked for, a local landline

_PHONE_WORDS = re.compile(
    r"(?:手机|电话|号码|联系方式|联系我|致电|回电|打给我|拨打|tel|phone|mobile|座机|固话|传真)[^0-9。！？;\n]{0,6}$"
)
_LANDLINE_WORDS = re.compile(r"(?:电话|座机|固话|传真|tel)[^0-9。！？;\n]{0,4}$")
_ACCOUNT_WORDS = re.compile(r"(?:账号|帐号|卡号|账户号?码?|帐户|存折号?)[^0-9a-z。！？;\n]{0,8}$")
_ID_WORDS = re.compile(r"(?:身份证号?码?|证件号码?|id card)[^0-9a-z。！？;\n]{0,6}$")
_WORDS_BEFORE = 16


def by_word(reading: Reading, run: Run, spoken: Spoken) -> Found | None:
    """A run that fits no shape, with a word before it that says what it is: mistyped numbers and passbook accounts."""
    digits = run.digits
    length = len(digits)
    if length < _FEWEST or (spoken.any_in(run) and length < 10):
        return None
    before = reading.text[max(0, run.start - _WORDS_BEFORE) : run.start]
    if 14 <= length <= LONGEST and _ID_WORDS.search(before):
        kind = ID_NUMBER
    elif 8 <= length <= 30 and _ACCOUNT_WORDS.search(before):
        kind = CARD if 13 <= length <= LONGEST and "卡" in before else ACCOUNT
    elif 10 <= length <= 12 and _MOBILE_BEGINS.match(digits) and _PHONE_WORDS.search(before):
        kind = PHONE
    elif (
        length in (7, 8) and digits[0] in "23456789" and not digits.startswith("95") and _LANDLINE_WORDS.search(before)
    ):
        kind = LANDLINE
    else:
        return None
    return Found(kind, run.start, run.end, POSSIBLE, digits)


_PERMIT = re.compile(r"(?<![a-z0-9])(?:[eghmcwdpst]|[ec][a-z])[ -]?(?=\d(?:[ -]?\d){6,9}(?![a-z0-9]))")
_PERMIT_WORDS = re.compile(r"(?:护照|通行证|台胞证|回乡证|居留证?|居住证|证件|passport)[^。！？;\n]{0,10}$")


def permit(reading: Reading, run: Run) -> Found | None:
    """A passport or travel permit: its letter, then 8 digits (7 after two letters; 7 to 10 when named as one)."""
    text = reading.text
    at = max(0, run.start - 3)
    head = next((m for m in _PERMIT.finditer(text, at, run.end) if m.end() == run.start), None)
    length = len(run.digits)
    named = _PERMIT_WORDS.search(text[max(0, run.start - _WORDS_BEFORE) : head.start() if head else run.start])
    if head:
        letters = head.group().rstrip(" -")
        if length == 9 - len(letters) or (named and 7 <= length <= 10):
            return Found(PERMIT, head.start(), run.end, LIKELY, letters.upper() + run.digits)
    elif named and 8 <= length <= 10 and run.digits[0] != "1":
        return Found(PERMIT, run.start, run.end, POSSIBLE, run.digits)
    return None
