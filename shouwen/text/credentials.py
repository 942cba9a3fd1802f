"""Finding what must never be kept: passwords, PINs, codes, CVV, card expiry (identity-and-privacy.md 3.4)."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from shouwen.text.disguise import BOUNDARY, OPAQUE, Reading, Run, Unit
from shouwen.text.number_spans import Found
from shouwen.text.spoken_for import Spoken, is_hotline

PASSWORD = "password"
PIN = "pin"
OTP = "otp"
CVV = "cvv"
EXPIRY = "expiry"
KINDS = frozenset({PASSWORD, PIN, OTP, CVV, EXPIRY})

SECRET = 9  # stronger than any number: what stands after 密码是 is dropped even when it looks like a phone number

_KEYWORD = re.compile(
    r"(?P<otp>验证码|校验码|动态(?:验证)?码|动态口令|动态密码|短信(?:验证)?码|短信密码|认证码|确认码|验正码|验证吗|令牌码"
    r"|k令(?:密码|口令|的?数字)|(?<![a-z])(?:otp|yzm|yanzhengma|verification code|captcha)(?![a-z]))"
    r"|(?P<cvv>(?<![a-z])(?:cvv|cvn|cvc|csc)2?(?![a-z])|安全码|背面的?(?:最?[后末])?(?:三|3|四|4)位(?:数字?)?|签名栏.{0,4}(?:三|3)位(?:数字?)?)"
    r"|(?P<pin>(?<![a-z])pin(?:码|(?![a-z]))|(?:取款|取现|交易|支付|查询|六位|6位|卡)密码|取款码|支付码)"
    r"|(?P<password>密码|蜜码|密马|秘码|米码|口令|(?<![a-z])(?:password|passwd|passcode|pass word|pwd|mima)(?![a-z]))"
)
_LENGTHS = {OTP: range(4, 9), PIN: range(4, 9), PASSWORD: range(4, 9), CVV: range(3, 5)}
_GAP = 16
_PURE = re.compile(r"[\W_]*")
_CONNECTED = re.compile(
    r"(?:是|为|叫|成|等于|换|改|设|填|输入?|用|写|收到|收的|发来|由|从|试|[前后末](?:六|6|八|8)位|[:=]|(?<![a-z])is)"
    r"(?:了|过|的|的是|了是|一个|个)?[\W_]*$"
)
_UNRELATED = re.compile(
    r"[转汇存付还充买扣借欠]|取(?!款密)|余额|金额|错|忘|不对|锁|失败|几|多少|怎么|什么|吗|没|未|谁|哪|卡号|账号|帐号|电话|手机|尾号|证|"
    + OPAQUE
)
_CLAUSE_END = re.compile(rf"[。！？!?;,\n{BOUNDARY}]")
_NEAR = 10
_CLOSE = 3
_SENDER_FOLLOWS = ("发", "打", "来", "给")  # 验证码是95599发的: who sent it, not what it says
_SAID_BEFORE = re.compile(r"[\W_]*(?:就|这|那|才|都)?(?:是|为|作|当|做|这个|那个)(?:了|成|我)?[\u4e00-\u9fff]{0,6}")


def in_reading(reading: Reading, runs: Sequence[Run], spoken: Spoken) -> list[Found]:
    """Every secret of the reading. `plain` is empty: nothing of a secret is handed on."""
    found: list[Found] = []
    for keyword in _KEYWORD.finditer(reading.text):
        kind = str(keyword.lastgroup)
        found += _digits_after(reading, runs, spoken, kind, keyword.end())
        found += _digits_before(reading, runs, spoken, kind, keyword)
        if kind in (PASSWORD, PIN):
            found += _token_after(reading, kind, keyword.end())
            found += _second(reading, runs, spoken, kind, found)
    return found


_ALSO = re.compile(r"[\s,]*(?:改[成为]|换[成为]|变成|后来改[成为]|和|或者?|还有|跟|、)\s*")


def _second(
    reading: Reading, runs: Sequence[Run], spoken: Spoken, kind: str, found: Sequence[Found]
) -> Iterator[Found]:
    """The new password behind the old one, or the other one that was tried: 由123456改成654321."""
    also = _ALSO.match(reading.text, found[-1].end) if found else None
    if also and reading.text[also.end() : also.end() + 1].isalnum():
        index = bisect_left(runs, also.end(), key=_last_start)
        if index < len(runs) and runs[index].units[0].start == also.end():
            yield from _leading(reading, runs[index], None, spoken, kind, linked=False, close=False)
        yield from _token_after(reading, kind, also.end())


def secret(kind: str, start: int, end: int) -> Found:
    """A find whose content is handed on to nobody."""
    return Found(kind, start, end, SECRET, "")


def _last_start(run: Run) -> int:
    return run.units[-1].start


def _end(run: Run) -> int:
    return run.end


def _digits_after(reading: Reading, runs: Sequence[Run], spoken: Spoken, kind: str, at: int) -> Iterator[Found]:
    index = bisect_left(runs, at, key=_last_start)
    if index == len(runs):
        return
    run = Run(tuple(unit for unit in runs[index].units if unit.start >= at), runs[index].message)
    if run.start - at > _GAP:
        return
    gap = reading.text[at : run.start]
    linked = _CONNECTED.search(gap) is not None and OPAQUE not in gap
    if not (linked or _PURE.fullmatch(gap) or _is_near(gap) or _is_clause(reading.text, gap, run)):
        return
    following = runs[index + 1] if index + 1 < len(runs) else None
    close = linked and len(gap) <= _CLOSE and reading.text[run.end : run.end + 1] not in _SENDER_FOLLOWS
    yield from _leading(reading, run, following, spoken, kind, linked=linked, close=close)


def _is_clause(text: str, gap: str, run: Run) -> bool:
    """Digits that are a clause of their own: 验证码收到了，123456."""
    ends = [sign.end() for sign in _CLAUSE_END.finditer(gap) if sign.group() != BOUNDARY]
    alone = bool(ends) and _PURE.fullmatch(gap, ends[-1]) is not None and BOUNDARY not in gap
    return alone and not _UNRELATED.search(gap) and not text[run.end : run.end + 1].isalnum()


def _is_near(gap: str) -> bool:
    """§4: digits near the word count, unless the words between are about something else."""
    return len(gap) <= _NEAR and not _UNRELATED.search(gap) and not _CLAUSE_END.search(gap)


def _leading(
    reading: Reading, run: Run, following: Run | None, spoken: Spoken, kind: str, *, linked: bool, close: bool
) -> Iterator[Found]:
    """The first units of a run as far as a secret of this kind can reach, and its rest in the next message."""
    lengths = _LENGTHS[kind]
    length, end = 0, run.start
    for unit in run.units:
        if spoken.by_words(unit) or (not close and _is_known(unit, spoken, first=not length)):
            break
        if length + len(unit.digits) >= lengths.stop:
            break
        length, end = length + len(unit.digits), unit.end
    if length == 0 and linked and kind in (PASSWORD, PIN):
        unit = run.units[0]
        length, end = (lengths.start, unit.end) if lengths.stop <= len(unit.digits) <= 20 else (0, end)
    if length in lengths:
        yield secret(kind, run.start, end)
    if following and 0 < length < lengths.stop - 1 and end == run.end:
        yield from _rest(reading, run, following, spoken, kind)


def _rest(reading: Reading, run: Run, following: Run, spoken: Spoken, kind: str) -> Iterator[Found]:
    """The other digits of a code that was sent in two messages."""
    between = reading.text[run.end : following.start]
    fits = len(run.digits) + len(following.digits) in _LENGTHS[kind]
    if BOUNDARY in between and _PURE.fullmatch(between) and fits and not any(map(spoken.by_words, following.units)):
        yield secret(kind, run.start, run.end)
        yield secret(kind, following.start, following.end)


def _is_known(unit: Unit, spoken: Spoken, *, first: bool) -> bool:
    """A date or a whole hotline; 110 can be three digits of a code."""
    return spoken.in_spaced_date(unit) or (first and len(unit.digits) >= 5 and is_hotline(unit))


def _digits_before(
    reading: Reading, runs: Sequence[Run], spoken: Spoken, kind: str, keyword: re.Match[str]
) -> Iterator[Found]:
    index = bisect_right(runs, keyword.start(), key=_end) - 1
    if index < 0 or keyword.start() - runs[index].end > _NEAR or len(runs[index].digits) not in _LENGTHS[kind]:
        return
    run, text = runs[index], reading.text
    if any(spoken.by_words(unit) or _is_known(unit, spoken, first=True) for unit in run.units):
        return
    gap = text[run.end : keyword.start()]
    alone = _PURE.fullmatch(gap) and not _word_at(text, run.start - 1) and not _word_at(text, keyword.end())
    if alone or (_SAID_BEFORE.fullmatch(gap) and not _UNRELATED.search(gap)):
        yield secret(kind, run.start, run.end)


def _word_at(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()


_TOKEN = re.compile(
    rf"(?P<gap>[^0-9a-z{OPAQUE}]{{0,14}}?)"
    r"(?P<link>(?:是|为|叫|改成|设成|换成|改为|设为|设置成|设置为|重置成|重置为|变成|等于|[:=]|(?<![a-z])is(?![a-z])|用的?"
    r"|填的?|输入?的?|由|从|试)(?:了|过|的|的是)?)?"
    rf"[\s{BOUNDARY}\"'“”‘’「」【(《\[:=,—-]*"
    r"(?![\"':=,\-])"
    rf"(?P<token>[!-~]{{1,3}}{BOUNDARY}[!-~]{{1,32}}"
    r"|[!-~](?: [!-~](?![!-~])){3,31}|[!-~]{1,4}(?: [!-~]{1,4}(?![!-~])){1,7}|[!-~]{4,64})"
)
_WORDS = re.compile(
    r"(?:iphone|ios|android|app|wifi|error|atm|pos|k宝|vip|nfc|alipay|wechat|paypal|login|online|bank|card)"
)


def _token_after(reading: Reading, kind: str, at: int) -> Iterator[Found]:
    """A password of letters, digits and signs. Letters alone count only after 是, 为, a colon or the like."""
    text = reading.text
    found = _TOKEN.match(text, at, min(len(text), at + 100))
    if not found:
        return
    start = found.start("token")
    end = next((i for i in range(start + 1, found.end()) if _is_chinese_sign(reading, i)), found.end())
    token = text[start:end].replace(" ", "").replace(BOUNDARY, "")
    linked = bool(found["link"]) or any(sign in text[at:start] for sign in ":=")
    if not (linked or _PURE.fullmatch(found["gap"])) or len(token) < 4:
        return
    if not any(c.isalpha() for c in token) or _WORDS.match(token):
        return
    mixed = any(not c.isalpha() for c in token.rstrip(".,;!?)"))
    ends = text[end : end + 1] not in set("的里上登支端中机版")
    if mixed or (linked and ends):
        yield from _split(kind, text, start, end)


def _is_chinese_sign(reading: Reading, at: int) -> bool:
    """A full-width sign ends a password; half width it may be a part of it."""
    return reading.thread[reading.starts[at]] in "，。；：？！、）"


def _split(kind: str, text: str, start: int, end: int) -> Iterator[Found]:
    boundary = text.find(BOUNDARY, start, end)
    if boundary < 0:
        yield secret(kind, start, end)
    else:
        yield secret(kind, start, boundary)
        yield secret(kind, boundary + 1, end)
