"""Chinese numerals: strings of digits (一三八零零) and amounts (三万五千二百).

Own code: the library tried (cn2an) raises on 块, 毛 and 半万 and is not needed for the rest (libraries.md).
"""

import re
from decimal import Decimal

_FORMS = {
    "0": "零〇",
    "1": "一壹幺弌",
    "2": "二贰两弍",
    "3": "三叁參参弎",
    "4": "四肆",
    "5": "五伍",
    "6": "六陆陸",
    "7": "七柒",
    "8": "八捌",
    "9": "九玖",
}
DIGIT_VALUES = {form: digit for digit, forms in _FORMS.items() for form in forms}
CHINESE_DIGITS = "".join(DIGIT_VALUES)
_SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_ASCII = str.maketrans(DIGIT_VALUES)
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_LETTERS = {"w": "万", "k": "千"}


def to_ascii(text: str) -> str:
    """Chinese digits as 0-9, one character for one, everything else as it is."""
    return text.translate(_ASCII)


def digits_of(text: str) -> str | None:
    """`一三八零零` or `幺3八` as a string of ASCII digits; None when anything else is in it."""
    digits = to_ascii(text)
    return digits if digits.isascii() and digits.isdigit() else None


def parse_number(text: str) -> Decimal | None:
    """The value of a numeral: 三万五 (35000), 两千三 (2300), 一百零五, 1.5万, 3万5, 半万, 十五, 50,000, 5w.

    A digit right after the last unit counts one step below it, as people say it, unless 零 stands between.
    None when the text is no numeral.
    """
    text = text.replace(",", "").replace("点", ".").lower()
    for letter, unit in _LETTERS.items():
        text = text.replace(letter, unit)
    ascii_text = to_ascii(text)
    if _PLAIN.fullmatch(ascii_text):
        return Decimal(ascii_text)
    return _with_units(ascii_text, said_zero="零" in text or "〇" in text)


_TOKEN = re.compile(r"\d+(?:\.\d+)?|[十拾百佰千仟万萬亿億半]")


def _with_units(text: str, *, said_zero: bool) -> Decimal | None:
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text or all(token[0].isdigit() for token in tokens):
        return None
    total = section = Decimal(0)
    pending: Decimal | None = None
    last_unit = 1
    for token in tokens:
        if token[0].isdigit() or token == "半":
            if pending is not None and pending != 0:
                return None
            pending = Decimal("0.5") if token == "半" else Decimal(token)
        elif token in _SMALL_UNITS:
            last_unit = _SMALL_UNITS[token]
            section += (Decimal(1) if pending is None else pending) * last_unit
            pending = None
        else:
            last_unit = _BIG_UNITS[token]
            section += pending or 0
            total = (total + section) * last_unit if last_unit > 10**4 else total + section * last_unit
            section, pending = Decimal(0), None
    if pending is None:
        return total + section
    return total + section + _trailing(pending, last_unit, said_zero=said_zero)


def _trailing(pending: Decimal, last_unit: int, *, said_zero: bool) -> Decimal:
    if pending == Decimal("0.5"):  # 三万半
        return pending * last_unit
    spoken_short = last_unit >= 100 and not said_zero and 0 < pending < 10
    return pending * last_unit / 10 if spoken_short else pending
