"""What a string of digits can be: a card, an ID number, a mobile or a landline number (identity-and-privacy.md 4)."""

import re
from dataclasses import dataclass

CARD = "card"
ACCOUNT = "account"
ID_NUMBER = "id_number"
PERMIT = "permit"
PHONE = "phone"
LANDLINE = "landline"

CERTAIN = 5  # a check digit agrees
LIKELY = 3  # the shape is unmistakable
POSSIBLE = 2  # masked when nothing better claims the digits
LONGEST = 19

_MOBILE = re.compile(r"(?:0{0,2}86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10\d{8}|2\d\d{8}|[3-9]\d{2}\d{7,8})")
_REGION = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_18 = re.compile(rf"{_REGION}\d{{4}}(?:18|19|20)\d\d{_DAY}\d{{3}}[\dX]")
_ID_BEGINNING = re.compile(rf"{_REGION}\d{{4}}(?:18|19|20)\d\d(?:0|1|(?:0[1-9]|1[0-2])[0-3]?|{_DAY}\d{{0,3}})")
_ID_15 = re.compile(rf"{_REGION}\d{{4}}\d\d{_DAY}\d{{3}}")
_DATED = re.compile(rf"(?:19|20)\d\d{_DAY}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


@dataclass(frozen=True)
class Claim:
    """A kind and how sure it is: CERTAIN, LIKELY or POSSIBLE."""

    kind: str
    strength: int


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others."""
    total = sum(map(int, digits[-1::-2])) + sum(_DOUBLED[int(d)] for d in digits[-2::-2])
    return total % 10 == 0


def id_checksum_holds(number: str) -> bool:
    """Whether an 18-character ID number ends in its check sign (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS))  # noqa: B905 - lengths are fixed
    return "10X98765432"[total % 11] == number[17]


def is_dated(digits: str) -> bool:
    """Whether the digits begin with a full date, as order and reference numbers do; no card or ID number does."""
    return _DATED.match(digits) is not None


def classify(digits: str, *, whole: bool) -> Claim | None:
    """What the digits can be. `whole` says that nothing separates them, which makes weaker shapes believable."""
    length = len(digits)
    if length < 10 or length > LONGEST:
        return None
    if digits[-1] == "X":
        return _id_with_x(digits)
    if length <= 15 and _MOBILE.fullmatch(digits):
        return Claim(PHONE, LIKELY)
    if length <= 12:
        return Claim(LANDLINE, LIKELY if whole else POSSIBLE) if _LANDLINE.fullmatch(digits) else None
    if is_dated(digits):
        return None
    return _id_number(digits, whole=whole) or _card(digits, whole=whole) or _unlikely_id(digits, whole=whole)


def _id_with_x(digits: str) -> Claim | None:
    if len(digits) != 18:
        return None
    return Claim(ID_NUMBER, CERTAIN if id_checksum_holds(digits) else LIKELY)


def _id_number(digits: str, *, whole: bool) -> Claim | None:
    if len(digits) == 18 and _ID_18.fullmatch(digits):
        if id_checksum_holds(digits):
            return Claim(ID_NUMBER, CERTAIN)
        return None if luhn_holds(digits) and digits.startswith("62") else Claim(ID_NUMBER, LIKELY)
    if len(digits) == 15 and _ID_15.fullmatch(digits) and not luhn_holds(digits):
        return Claim(ID_NUMBER, LIKELY if whole else POSSIBLE)
    return None


def _card(digits: str, *, whole: bool) -> Claim | None:
    length = len(digits)
    issued = digits[0] in "34569" or "2221" <= digits[:4] <= "2720"
    if luhn_holds(digits) and (issued or whole):
        return Claim(CARD, CERTAIN if issued and length >= 15 else LIKELY)
    if digits.startswith("62"):
        return Claim(CARD, LIKELY if whole else POSSIBLE)
    if length >= 16 and digits[0] in "345":
        return Claim(CARD, LIKELY if whole else POSSIBLE)
    return None


def _unlikely_id(digits: str, *, whole: bool) -> Claim | None:
    """18 digits in one piece are masked even when region, date and check sign are wrong (4, detectors)."""
    return Claim(ID_NUMBER, LIKELY) if whole and len(digits) == 18 else None


def begun_by(digits: str) -> str | None:
    """The kind of a longer number that the digits can be the beginning of: ID_NUMBER, CARD or None."""
    if len(digits) < 18 and _ID_BEGINNING.fullmatch(digits):
        return ID_NUMBER
    return CARD if 10 < len(digits) < LONGEST and digits[0] in "34569" else None


def is_joined(digits: str) -> Claim | None:
    """What digits from several messages, or apart by words, can be: only shapes that chance seldom makes."""
    claim = classify(digits, whole=False)
    if claim is None or claim.kind == LANDLINE:
        return None
    if claim.kind == CARD:
        return claim if luhn_holds(digits) and len(digits) >= 15 else None
    return claim if claim.kind == PHONE or len(digits) == 18 else None
