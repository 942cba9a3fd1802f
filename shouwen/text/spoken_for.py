"""Numbers whose words already say what they are: amounts, dates, tails, hotlines. They are no part of a secret."""

import re

from shouwen.text.disguise import Reading, Run, Unit

_UNIT = re.compile(
    r"\s?(?:元|块|万|亿|千|百|毛|角|分(?!行)|美|港[币元]|欧|日元|英镑|%|‰|年|月|日|天|周|点|时|小时|秒|次|位|个(?!人)|张|笔|期|人(?!工)|岁|级|楼|层|栋"
    r"|幢|室|单元|种|条|家|只|名|倍|折|积分|号(?!码)|步|版|路|#|(?:[kwg]|mb|gb|kb|rmb|cny|usd|hkd|app|bp)(?![a-z]))"
)
_LABEL = re.compile(
    r"(?:尾号|尾数|末尾|[末后]四位(?:数字?)?|[末后]4位(?:数字?)?|[¥$£€]|rmb|cny|金额|余额|额度|限额|[共转存还扣花取付充退贷借提汇买欠少交缴](?:账|款|走|掉)?了?(?:我|给他|给她)?"
    r"|代码|错误码|错误|报错|编码|行号|工单号?|单号|订单号?|编号|流水号?|工号|邮编|房号|第|约|近|超过|不到|上限|版本|k令|型号)"
    r"(?:是|为|有|到|[:=])?[\s:\"'“”‘’【\[(《]*$"
)
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)"
    r"(?:[ t]+\d{1,2}:[0-5]\d(?::[0-5]\d)?(?!\d))?"
    rf"|(?<!\d)(?:19|20)\d\d{_MONTH_DAY}(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)"
    r"|(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])"
)
_HOTLINE = re.compile(
    r"(?:11[049]|12[02]|123(?:15|20|33|45|56|63|66|78|86|88)|100(?:00|10|86|99)|95\d{3}|955\d{2,5}|[48]00\d{7}|1010\d{4})"
)
_LONGEST = 8  # an eleven-digit "amount" is a phone number with a misleading word behind it
_BEFORE = 14


def is_hotline(unit: Unit) -> bool:
    """A number everybody may know: 95599, 110, 12378, 400-..."""
    return _HOTLINE.fullmatch(unit.digits) is not None


class Spoken:
    """Which units of a reading are spoken for."""

    def __init__(self, reading: Reading) -> None:
        self._text = reading.text
        found = list(_DATE.finditer(reading.text))
        self._in_dates = {at for date in found for at in range(*date.span())}
        self._in_spaced_dates = {at for date in found if not date.group().isdigit() for at in range(*date.span())}

    def holds(self, unit: Unit) -> bool:
        """A unit with a counting word behind it or a label before it, in a date, or a known hotline."""
        return unit.start in self._in_dates or is_hotline(unit) or self.by_words(unit)

    def by_words(self, unit: Unit) -> bool:
        """A counting word behind it (50000元, 2019年) or a label before it (尾号0128, 转了5000)."""
        if len(unit.digits) > _LONGEST:
            return False
        if _UNIT.match(self._text, unit.end):
            return True
        return _LABEL.search(self._text[max(0, unit.start - _BEFORE) : unit.start]) is not None

    def in_spaced_date(self, unit: Unit) -> bool:
        """Part of 2026-11-22 or 20:15. Eight digits in a row may be a birthday used as a password."""
        return unit.start in self._in_spaced_dates

    def any_in(self, run: Run) -> bool:
        """Whether any unit of the run is spoken for."""
        return any(self.holds(unit) for unit in run.units)


def is_round_list(run: Run) -> bool:
    """A list of amounts (5000, 3000, 2000, 1000): every number in it ends in two zeros."""
    return len(run.units) > 1 and all(
        2 < len(unit.digits) <= _LONGEST and unit.digits.endswith("00") for unit in run.units
    )
