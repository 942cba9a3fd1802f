"""Amounts of yuan: 5000元, ¥50,000.00, 三万五, 5万, 两块五, 八毛. Foreign money and other counts are left out."""

import re
from collections.abc import Iterator
from decimal import Decimal

from shouwen.text.matches import Match
from shouwen.text.numerals import CHINESE_DIGITS, parse_number

_CN = rf"[{CHINESE_DIGITS}十拾百佰千仟万萬亿億半]"
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:{_CN}|[wk](?![a-z])){{0,8}}|{_CN}{{1,16}}"
_FOREIGN = r"(?!\s?(?:美|港|欧|日|英|澳|加|韩|新台|台币|卢布|泰铢|usd|hkd|eur|jpy))"
_YUAN = r"\s?(?:多|来|几)?(?P<yuan>元|块钱?|圆|rmb|cny|人民币)"
_CHANGE = (
    rf"(?P<change>[0-9{CHINESE_DIGITS}半])"
    rf"(?:(?P<jiao>毛|角)(?:(?P<fen>[0-9{CHINESE_DIGITS}])分?)?|(?P<open>(?!\d|[个次天年月日号位张笔分十百千万元块])))"
)
_WITH_YUAN = re.compile(
    rf"(?P<sign>[¥￥]\s?)?(?<![\d.{CHINESE_DIGITS}])(?P<number>{_NUMBER}){_FOREIGN}{_YUAN}(?:整|{_CHANGE})?"
)
_WITH_SIGN = re.compile(r"(?:[¥￥]|rmb|cny|人民币)\s?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?[万wk]?)")
_JIAO = re.compile(
    rf"(?<![0-9{CHINESE_DIGITS}])(?P<jiao>[0-9{CHINESE_DIGITS}])(?:毛|角)钱?(?:(?P<fen>[0-9{CHINESE_DIGITS}])分?)?"
)
_COUNTERS = (
    "次|个|位|人|天|年|月|日|号|点|分(?!期)|秒|小时|公里|张|笔|期|户|家|里|种|步|倍|米|字|积分|股|份|斤|吨|岁|辆|套|度"
)
_COUNTED = rf"(?!\s?(?:多?(?:{_COUNTERS})|%))"
_WITH_SCALE = re.compile(
    rf"(?<![\d.第{CHINESE_DIGITS}])(?P<number>(?:\d+(?:\.\d+)?|[{CHINESE_DIGITS}十百千]+)\s?[万千亿wk](?![a-z一])"
    rf"(?:[0-9{CHINESE_DIGITS}]千?|{_CN}{{2,8}})?(?!\d)){_FOREIGN}{_COUNTED}"
)
_VERB = (
    "转账?|汇款?|存款?|取款?|还款?|扣款?|付款?|借款?|充值?|退款?|花|少|欠|贷款?|提现|消费|刷"
    "|金额|余额|额度|限额|一共|总共|收到|打"
)
_AFTER_VERB = re.compile(
    rf"(?:{_VERB})(?:了|过|走|掉|是|为|给我|给他|给她|我|他|她|我的?|:|\s){{0,4}}"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{2,9}(?:\.\d{1,2})?)"
    rf"(?![\d.,*:/年月日号点个次位张笔期天%分-])(?![a-z]){_FOREIGN}{_COUNTED}"
)


def amounts(text: str) -> Iterator[Match]:
    """Amounts with a unit, with a scale (5万), or right after a verb of money (转了5000)."""
    for found in _WITH_YUAN.finditer(text):
        value = parse_number(found["number"])
        if value is not None and found["number"] not in _NOT_ALONE:
            yield Match(found.start(), found.end(), _plain(value + _change(found)))
    for found in _JIAO.finditer(text):
        value = (parse_number(found["jiao"]) or Decimal(0)) / 10 + _digit(found["fen"]) / 100
        yield Match(found.start(), found.end(), _plain(value))
    for pattern in (_WITH_SIGN, _WITH_SCALE, _AFTER_VERB):
        for found in pattern.finditer(text):
            value = parse_number(found["number"].replace(" ", ""))
            if value is not None and found["number"] not in _NOT_ALONE:
                yield Match(found.start("number"), found.end("number"), _plain(value))


_NOT_ALONE = frozenset({"千万", "万万", *"千万亿百十拾佰仟萬億"})


def _change(found: re.Match[str]) -> Decimal:
    """块 and what follows: 两块五 (2.50), 三块八毛二 (3.82), 两块半."""
    if found["change"] is None or not found["yuan"].startswith(("块", "元")):
        return Decimal(0)
    jiao = Decimal(5) if found["change"] == "半" else _digit(found["change"])
    return jiao / 10 + _digit(found["fen"]) / 100


def _digit(text: str | None) -> Decimal:
    return (parse_number(text) or Decimal(0)) if text else Decimal(0)


def _plain(value: Decimal) -> str:
    """No exponent, no trailing zeros: 50000, 2.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
