"""What a secure form asks for: typed values cleaned and judged, and what stands in the transcript for them (§3.4)."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from shouwen.identity.otp import DIGITS
from shouwen.text import zh
from shouwen.text.given_values import asks_again, recognise
from shouwen.text.identifiers import id_checksum_holds
from shouwen.text.numerals import to_ascii

__all__ = ["asks_again", "bare_phone", "check", "conceal", "phone_mask", "placeholder", "recognise"]

# Not the values' own masks: those would tell how long a value was.
_PLACEHOLDERS = {
    "phone": "[手机号]",
    "otp": "[验证码]",
    "name": "[姓名]",
    "id_number": "[证件号]",
    "card_tail": "[卡号后四位]",
}
_LONGEST = 64
_SEPARATORS = re.compile(r"[\s\-‐-―_.·]+")
_PHONE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")
_ID = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]")
_DOTS = re.compile(r"\s*[·•．.‧・]\s*")
# What may be a code, or one mistyped; amounts, dates and times are none.
_FEWEST_DIGITS, _MOST_DIGITS = DIGITS - 1, DIGITS + 2
_RUN = re.compile(rf"[0-9](?:[\W_]{{0,3}}[0-9]){{{_FEWEST_DIGITS - 1},}}")
_PIECE = re.compile(rf"(?<![0-9])[0-9]{{{_FEWEST_DIGITS},{_MOST_DIGITS}}}(?![0-9])")
_ONLY_DIGITS = re.compile(rf"[\W_]*(?:[0-9][\W_]*){{2,{_MOST_DIGITS}}}")
_UNIT = re.compile(r"\s*[元块万千亿年月日号点%]")
_LETTER = r"[㐀-䶿一-鿿々〇\U00020000-\U000323af]"
_NAME = re.compile(rf"{_LETTER}(?:{_LETTER}|·(?=.)){{1,29}}|[A-Za-z][A-Za-z'·-]*(?: [A-Za-z'·-]+){{0,5}}")
_BETWEEN_HAN = re.compile(rf"(?<={_LETTER}) +(?={_LETTER})")


def check(names: Iterable[str], raw: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Cleaned values of the fields, and for each faulty field a code for what is wrong with its form.

    Codes: missing, too_long, not_a_phone, not_six_digits, not_a_name, not_an_id_number, bad_checksum,
    not_four_digits. Whether a value is true only the bank knows.
    """
    cleaned: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name in names:
        value = raw.get(name, "")
        if len(value) > _LONGEST:
            faults[name] = "too_long"
            continue
        text = zh.strip_invisible(value).strip()
        clean, fault = _CHECKS[name](text) if text else ("", "missing")
        if fault:
            faults[name] = fault
        else:
            cleaned[name] = clean
    return cleaned, faults


def placeholder(names: Iterable[str]) -> str:
    """What the transcript shows in place of the values."""
    return " ".join(_PLACEHOLDERS[name] for name in names)


def conceal(names: Collection[str], text: str) -> str:
    """A text that is no answer to these fields, without what it shows of them.

    The fields' own values when there is nothing else; a name alone; where a code is asked for, whatever may be one or
    a piece of one. Telephone, ID and card numbers are left to `text.masking`.
    """
    given = recognise(names, text)
    if given:
        return placeholder(name for name in names if name in given)
    if "otp" in names:
        return _without_codes(text)
    if "name" in names and recognise(("name",), text):
        return placeholder(("name",))
    return text


def bare_phone(phone: str) -> str:
    """A number on file without its country's code: the form in which numbers are counted and masked."""
    found = _PHONE.fullmatch(phone)
    return found[1] if found else phone


def phone_mask(phone: str) -> str:
    """138****8000 (identity §4)."""
    return f"{phone[:3]}****{phone[-4:]}"


def _without_codes(text: str) -> str:
    folding = zh.fold(text)
    plain = to_ascii(folding.text)
    if _ONLY_DIGITS.fullmatch(plain):
        return _PLACEHOLDERS["otp"]
    shown, at = "", 0
    for run in _RUN.finditer(plain):
        for start, end in _codes_in(run, plain):
            shown += text[at : folding.starts[start]] + _PLACEHOLDERS["otp"]
            at = folding.ends[end - 1]
    return shown + text[at:]


def _codes_in(run: "re.Match[str]", plain: str) -> list[tuple[int, int]]:
    """Where in a run of digits codes may stand: all of it, or pieces of a longer one."""
    if _UNIT.match(plain, run.end()):
        return []
    if len(re.findall("[0-9]", run.group())) <= _MOST_DIGITS:
        return [run.span()]
    return [piece.span() for piece in _PIECE.finditer(plain, *run.span())]


def _digits(text: str) -> str:
    """Digits of any script and width, Chinese numerals too, without what people put between them."""
    return _SEPARATORS.sub("", to_ascii(zh.fold(text).text))


def _phone(text: str) -> tuple[str, str | None]:
    found = _PHONE.fullmatch(_digits(text))
    return (found[1], None) if found else ("", "not_a_phone")


def _otp(text: str) -> tuple[str, str | None]:
    return _so_many_digits(text, DIGITS, "not_six_digits")


def _card_tail(text: str) -> tuple[str, str | None]:
    return _so_many_digits(text, 4, "not_four_digits")


def _so_many_digits(text: str, count: int, fault: str) -> tuple[str, str | None]:
    digits = _digits(text)
    return (digits, None) if re.fullmatch(rf"[0-9]{{{count}}}", digits) else ("", fault)


def _id_number(text: str) -> tuple[str, str | None]:
    number = _digits(text).upper()
    if not _ID.fullmatch(number):
        return "", "not_an_id_number"
    return (number, None) if id_checksum_holds(number) else ("", "bad_checksum")


def _name(text: str) -> tuple[str, str | None]:
    halfwidth = zh.to_halfwidth(text)[0]
    name = _BETWEEN_HAN.sub("", re.sub(r"\s+", " ", _DOTS.sub("·", halfwidth)))
    return (name, None) if _NAME.fullmatch(name) else ("", "not_a_name")


_CHECKS: Mapping[str, Callable[[str], tuple[str, str | None]]] = {
    "phone": _phone,
    "otp": _otp,
    "name": _name,
    "id_number": _id_number,
    "card_tail": _card_tail,
}
