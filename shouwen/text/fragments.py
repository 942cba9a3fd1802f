"""Loose digits on their way to Rasa: a piece of a number that the customer may finish in a later message.

The gateway can mask its own transcript again once it sees the whole number; what Rasa stored it cannot take back. So
pieces never go there (design.md 3 and 5). Amounts, counts, dates and card tails do, since understanding needs them.
"""

import re
import unicodedata

PLACE = "[数字]"
_DIGIT = "0-9〇零一二三四五六七八九幺壹贰貳叁參参肆伍陆陸柒捌玖"
_DIGITS = _DIGIT + "十两"
_ONLY_DIGITS = re.compile(rf"[\s\W]*(?:[{_DIGITS}][\s\W]*){{3,}}")
_UNIT = (
    r"(?:[.,]\d+)?\s*(?:元|块|万|千|百|亿|美元|日元|欧元|港币|人民币|rmb|w\b|k\b"
    r"|年|月|日|号|点|[:：/-]|积分|分|股|克|个|次|笔|位|期|%)"
)
_LOOSE = re.compile(
    rf"(?<![{_DIGIT}*])[{_DIGIT}](?:[\W_]{{0,3}}[{_DIGIT}Oo]){{2,}}(?!{_UNIT})(?![{_DIGIT}*])", re.IGNORECASE
)
_DAY_OR_TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?|\d{1,2}[-/.]\d{1,2}")
_SPELT_AT_LEAST = 4  # 一二三类户 is no piece of a number
_AMOUNT_BEFORE = re.compile(
    r"(?:￥|¥|rmb|金额|[还存取借贷汇]款?|转账?|欠款?|扣[了款]?|余额|额度|收到|[末后]四位|尾号|错误|代码|拨打?)[是为:：]?\s*$",
    re.IGNORECASE,
)


def without_loose_digits(masked: str) -> str:
    """Masked text without digits that could be part of a number still to come.

    A message of nothing but three or more digits, and runs of three or more that are no amount, count, date or tail,
    become `[数字]`.
    """
    text = "".join(map(_as_digit, unicodedata.normalize("NFKC", masked)))
    if "*" not in text and _ONLY_DIGITS.fullmatch(text):
        return PLACE
    return _LOOSE.sub(lambda found: _kept_or_hidden(text, found), text) if _LOOSE.search(text) else masked


def _as_digit(character: str) -> str:
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


def _kept_or_hidden(text: str, found: "re.Match[str]") -> str:
    run = found.group()
    digits = re.sub(r"[\W_]", "", run)
    spelt_short = not re.search("[0-9]", digits) and len(digits) < _SPELT_AT_LEAST
    is_amount = len(digits) <= 8 and _AMOUNT_BEFORE.search(text[: found.start()])
    return run if spelt_short or is_amount or _DAY_OR_TIME.fullmatch(run) else PLACE
