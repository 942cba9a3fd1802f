"""Finding what is printed on a card besides its number: expiry, CVV; and a PIN typed right behind it (3.4)."""

import re
from collections.abc import Iterator

from shouwen.text.credentials import CVV, EXPIRY, PIN, secret
from shouwen.text.disguise import Reading
from shouwen.text.number_spans import Found

_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:20)?[2-4]\d"
_EXPIRY = re.compile(
    r"(?:有效期限?|到期日?|截止日?期?|(?<![a-z])(?:valid(?: thru)?|expir(?:y|es|ation)(?: date)?|exp))"
    r"(?:[^\w]|[是为到至在_]|截止|日期){0,12}"
    rf"(?P<date>{_MONTH}\s*[月/.-]\s*{_YEAR}年?(?!\d)"
    rf"|{_YEAR}\s*[年/.-]\s*{_MONTH}(?:月(?![0-9])|(?![\d月日/.-]))|(?:0[1-9]|1[0-2])[2-4]\d(?!\d))"
)
_EXPIRY_BEFORE = re.compile(rf"(?<![\d/])(?P<date>{_MONTH}/{_YEAR})(?!\d)(?=[\s,的]*(?:到期|过期|有效期))")
_OTHER_EXPIRY = re.compile(
    r"(?:身份证|证件|护照|通行证|驾|优惠|券|活动|积分|理财|产品|合同|验证码|密码|存款|存单|定期|贷款|还款|保单|链接|二维码|会员|权益|账单|分期|利率)[^。！？;\n]{0,4}$"
)
_SLASHED_PIN = re.compile(r"\s?(?:[/|\\]|-{2,})\s?(?P<pin>\d{6})(?![\d元块])")
_AFTER_CARD = re.compile(
    r"[\W_]{1,4}(?P<date>(?:0[1-9]|1[0-2])\s?[/.-]?\s?[2-4]\d)(?!\d)(?:[\W_]{1,4}(?P<cvv>\d{3})(?!\d))?"
)


def expiries(reading: Reading) -> Iterator[Found]:
    """Card expiry dates; those of ID papers, vouchers, deposits and the like are no secret."""
    if not any(word in reading.text for word in ("期", "exp", "valid", "/")):
        return
    text = reading.ascii
    for pattern in (_EXPIRY, _EXPIRY_BEFORE):
        for found in pattern.finditer(text):
            if not _OTHER_EXPIRY.search(text[max(0, found.start() - 12) : found.start()]):
                yield secret(EXPIRY, found.start("date"), found.end("date"))


def behind_card(reading: Reading, card: Found) -> list[Found]:
    """What is typed right behind a card number: expiry and CVV as on a payment page (12/28 123), or /PIN."""
    slashed = _SLASHED_PIN.match(reading.ascii, card.end)
    if slashed:
        return [secret(PIN, *slashed.span("pin"))]
    found = _AFTER_CARD.match(reading.ascii, card.end)
    if not found or not (found["cvv"] or "/" in found["date"]):
        return []
    secrets = [secret(EXPIRY, found.start("date"), found.end("date"))]
    return secrets + ([secret(CVV, found.start("cvv"), found.end("cvv"))] if found["cvv"] else [])
