"""Finding names, e-mail addresses and login names by the words around them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from shouwen.text.disguise import BOUNDARY, Reading
from shouwen.text.identifiers import LIKELY, POSSIBLE
from shouwen.text.number_spans import Found
from shouwen.text.word_lists import read_lexicon

EMAIL = "email"
NAME = "name"
LOGIN_NAME = "login_name"

_HAN = "\u4e00-\u9fff"


def double_surnames() -> tuple[str, ...]:
    """Surnames of two characters."""
    return tuple(read_lexicon("names")["double_surnames"])


_EMAIL = re.compile(
    r"(?<![a-z0-9._%+*-])(?P<local>[a-z0-9][a-z0-9._%+-]{0,63})(?:\s{0,2}@\s{0,2}|\s{0,2}\(at\)\s{0,2}|艾特|#(?=[a-z0-9-]{1,30}[.。]com))"
    r"(?P<domain>[a-z0-9-]{1,63}(?:\s?[.。点]\s?[a-z0-9-]{1,63}){0,4}\s?[.。点]\s?[a-z]{2,10})(?![a-z0-9])"
)


def emails(reading: Reading) -> Iterator[Found]:
    """E-mail addresses, also with 艾特 for @, 点 for a dot and blanks around them."""
    text = reading.text
    if "@" not in text and "艾特" not in text and "(at)" not in text and "#" not in text:
        return
    for found in _EMAIL.finditer(text):
        domain = re.sub(r"\s", "", re.sub("[。点]", ".", found["domain"]))
        yield Found(EMAIL, found.start(), found.end(), LIKELY, f"{found['local']}@{domain}")


_LOGIN_NAME = re.compile(
    r"(?:用户名|登[录陆]名|登[录陆]账号|用户id|(?<![a-z])(?:username|user name|login id))"
    r"\s*(?:是|为|叫|[:=])[\s\"'“”]*(?P<login>[a-z0-9][\w.@-]{2,40})"
)


def login_names(reading: Reading) -> Iterator[Found]:
    """The token after 用户名, 登录名 and the like."""
    for found in _LOGIN_NAME.finditer(reading.text):
        ascii_part = re.match(r"[a-z0-9_.@-]+", found["login"])
        if ascii_part:
            start = found.start("login")
            yield Found(LOGIN_NAME, start, start + ascii_part.end(), POSSIBLE, ascii_part.group())


_NAME_LABEL = re.compile(
    r"(?:姓名|户名|名字|收款人|收款方|付款人|付款方|持卡人|联系人|申请人|投诉人|开户人|本人|账户名|户主|收件人|经办人|借款人|身份证)(?:姓名|名字|名)?\s*(?P<link>是|为|叫|[:=])[\s\"'“”「【(]*"
    r"|(?P<bare>收款人|持卡人|联系人|户主|开户人|姓名|户名|本人)\s?"
    r"|我(?:的名字)?叫(?:做)?\s?|(?:^|[\s,。!?;:\n" + BOUNDARY + r"]|你好|您好)(?:这里|这边)?(?P<me>我是|我就是)\s?"
    r"|(?P<to>转账?给|汇款?给|打款?给|转到|借给)(?:了|我朋友|朋友|我同事|同事)?\s?"
)
_NEXT_FIELD = "身份证|手机|电话|卡号|账号|地址|性别|住址|密码"
_EDGE = re.compile(rf"$|[^\w]|本人|这里|{_NEXT_FIELD}")
_EDGE_OF_PAYEE = re.compile(rf"$|[^\w]|[的这那账]|\d|{_NEXT_FIELD}")
_TITLE = re.compile(r"(?:先生|女士|小姐|阿姨|师傅|老师|经理|总|叔|大妈|大爷|医生|同学|家)")
_ETHNIC = re.compile(rf"[{_HAN}]{{1,10}}[·•.][{_HAN}]{{1,10}}(?:[·•.][{_HAN}]{{1,10}})?")


@lru_cache(maxsize=1)
def _name() -> re.Pattern[str]:
    lexicon = read_lexicon("names")
    first = f"(?![{lexicon['never_given']}])[{_HAN}]"
    second = f"(?![{lexicon['never_given']}{lexicon['name_ends']}])[{_HAN}]"
    surnames = re.sub(r"\s", "", lexicon["surnames"])
    double = "|".join(lexicon["double_surnames"])
    return re.compile(f"(?:(?P<surname>{double})|[{surnames}]){first}(?:{second})?")


def is_whole_name(text: str) -> bool:
    """Whether a folded text is a name and nothing else, as somebody types who was asked for one."""
    if _ETHNIC.fullmatch(text):
        return True
    found = _name().fullmatch(text)
    if found is None or text.startswith(tuple(read_lexicon("names")["not_names"])):
        return False
    return not _TITLE.match(text, len(found["surname"] or text[0]))


def names(reading: Reading) -> Iterator[Found]:
    """Names after words that introduce one. Titles (王女士) stay: they are the masked form already."""
    text = reading.text
    not_names = tuple(read_lexicon("names")["not_names"])
    for label in _NAME_LABEL.finditer(text):
        at = label.end()
        ethnic = _ETHNIC.match(text, at) if label["link"] else None
        if ethnic:
            yield Found(NAME, at, ethnic.end(), POSSIBLE, ethnic.group())
            continue
        found = _name().match(text, at)
        if not found or text.startswith(not_names, at) or _TITLE.match(text, at + 1):
            continue
        end = _name_end(text, found, label)
        if end:
            yield Found(NAME, at, end, POSSIBLE, text[at:end])


def _name_end(text: str, found: re.Match[str], label: re.Match[str]) -> int | None:
    """Where the name ends. After 我是 and the like it must fill the clause, or 我是安徽来的 would lose a word."""
    edge = _EDGE_OF_PAYEE if label["to"] or label["bare"] else _EDGE
    shortest = found.start() + (3 if found["surname"] else 2)
    for end in range(found.end(), shortest - 1, -1):
        if edge.match(text, end) and text[end : end + 1] != "*":
            return end
    masked_already = text[found.end() - 1 : found.end() + 1].endswith("*")
    return None if masked_already or label["me"] or label["to"] or label["bare"] else found.end()
