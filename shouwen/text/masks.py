"""What is shown in place of a hidden value: the log and transcript column of identity-and-privacy.md 4."""

from shouwen.text import addresses, credentials, persons
from shouwen.text.identifiers import ACCOUNT, CARD, ID_NUMBER, LANDLINE, PERMIT, PHONE
from shouwen.text.number_spans import Found

_SECRET_MASKS = {
    credentials.PASSWORD: "[密码已隐藏]",
    credentials.PIN: "[密码已隐藏]",
    credentials.OTP: "[验证码]",
    credentials.CVV: "[已隐藏]",
    credentials.EXPIRY: "[已隐藏]",
}


def mask_of(found: Found, original: str) -> str:
    """The mask of a find. Of a number in several pieces only the last one shows anything."""
    if found.kind in _SECRET_MASKS:
        return _SECRET_MASKS[found.kind]
    if found.part:
        return "****"
    return _PERSONAL_MASKS[found.kind](found.plain, original)


def _phone(plain: str, _: str) -> str:
    number = plain[-11:] if len(plain) > 12 else plain
    return f"{number[:3]}****{number[-4:]}"


def _landline(plain: str, _: str) -> str:
    if not plain.startswith("0"):
        return f"{plain[0]}****{plain[-3:]}"
    area = 3 if plain[1] in "12" else 4
    return f"{plain[:area]}****{plain[-4:]}"


def _id_number(plain: str, _: str) -> str:
    return f"{plain[0]}{'*' * max(13, len(plain) - 2)}{plain[-1]}"


def _permit(plain: str, _: str) -> str:
    return f"{plain[0]}{'*' * (len(plain) - 3)}{plain[-2:]}"


def _email(plain: str, _: str) -> str:
    local, _, domain = plain.partition("@")
    return f"{local[:3]}***@{domain}"


def _name(plain: str, original: str) -> str:
    return f"{original[: 2 if plain.startswith(persons.double_surnames()) else 1]}**"


def _address(area: str, original: str) -> str:
    return original[: len(area)] if area else "[地址]"


def _login_name(plain: str, _: str) -> str:
    return f"{plain[0]}***"


_PERSONAL_MASKS = {
    CARD: lambda plain, _: f"****{plain[-4:]}",
    ACCOUNT: lambda plain, _: f"****{plain[-4:]}",
    ID_NUMBER: _id_number,
    PERMIT: _permit,
    PHONE: _phone,
    LANDLINE: _landline,
    persons.EMAIL: _email,
    persons.NAME: _name,
    addresses.ADDRESS: _address,
    persons.LOGIN_NAME: _login_name,
}
