"""Finding where somebody lives."""

import re
from collections.abc import Iterator

from shouwen.text.disguise import BOUNDARY, Reading
from shouwen.text.identifiers import POSSIBLE
from shouwen.text.number_spans import Found

ADDRESS = "address"

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|内蒙古|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|西藏"
    "|陕西|甘肃|青海|宁夏|新疆|台湾|香港|澳门"
)
_CITY = "[\u4e00-\u9fff]{2,5}?(?:市|自治州|地区|盟)"
_AREA = re.compile(rf"(?:(?:{_PROVINCES})(?:省|市|(?:壮族|回族|维吾尔)?自治区)?)?(?:{_CITY})?")
_AREA_BEGINS = re.compile(rf"(?:{_PROVINCES})(?:省|市|壮|回|维|自治区|[\u4e00-\u9fff]{{2,5}}市)")
_CITY_AND_DISTRICT = re.compile("[\u4e00-\u9fff]{2,4}市[\u4e00-\u9fff]{1,6}[区县]")
_HOME = re.compile(r"\d\s?(?:室|单元|栋|幢|弄|户)")
_LABEL = re.compile(
    r"(?:(?:邮寄|寄送|家庭|居住|收[货件]|联系|通讯|单位|公司|账单|户籍)?(?:住址|地址)|住|家|寄|送|快递|搬|户籍)(?:到|在|给我|往)?\s?(?:是|为|在|到|改[成为到]|换[成到]|变更[成为]|[:=])?[\s:]*"
)
_WAY = re.compile("路|街|大道|巷|弄|胡同|村|镇|乡|小区|花园|公寓|苑|大厦|广场|社区|组|庄|屯|园|城|府|湾")
_DOOR = re.compile(
    r"\d{1,5}\s?(?:号[院楼]?|弄|栋|幢|楼|单元|室|层|组|户)(?!线|卡|码|前|后|之|开|到|还|就|才|[银转汇存取扣])"
)
_BETWEEN_DOORS = re.compile(r"[\u4e00-\u9fffa-z0-9#\- ]{0,16}")
_ROOM = re.compile(r"\s?[0-9a-z]{0,2}[0-9][0-9-]{1,8}(?![0-9元块万号])")
_CLAUSE_END = re.compile(rf"[,。!?;\n{BOUNDARY}]")
_OFFICE = re.compile(r"支行|分行|网点|营业[部厅所]|银行|分理处|储蓄所|atm|柜员机|客服|号线")
_REACH = 50  # characters from the beginning of an address to its first house number


def addresses(reading: Reading) -> Iterator[Found]:
    """Addresses after 地址, 住, 寄 and the like, or with a province; never a branch's. `plain`: province, city."""
    text = reading.ascii
    end = 0
    for door in _DOOR.finditer(text):
        if door.start() < end:
            continue
        begin = max(end, door.start() - _REACH)
        start = _start(text, begin, door.start())
        if start is None:
            continue
        end = _end(text, door.end())
        if not _OFFICE.search(text, max(0, start - 6), end + 8):
            yield Found(ADDRESS, start, end, POSSIBLE, reading.text[start : _area_end(text, start)])


def _start(text: str, begin: int, door: int) -> int | None:
    for clause in _CLAUSE_END.finditer(text, begin, door):
        begin = clause.end()
    label = next(iter(_LABEL.finditer(text, begin, door)), None)
    area = _AREA_BEGINS.search(text, label.end() if label else begin, door)
    city = None if label or area else _CITY_AND_DISTRICT.search(text, begin, door)
    if city and not _HOME.search(text, door, door + 30):
        return None
    place = area or city
    start = label.end() if label else place.start() if place else None
    return start if start is not None and _WAY.search(text, start, door) else None


def _end(text: str, end: int) -> int:
    while True:
        following = _DOOR.search(text, end, end + 22)
        if not following or not _BETWEEN_DOORS.fullmatch(text, end, following.start()):
            break
        end = following.end()
    room = _ROOM.match(text, end)
    return room.end() if room else end


def _area_end(text: str, start: int) -> int:
    found = _AREA.match(text, start)
    return found.end() if found else start
