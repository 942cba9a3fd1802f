"""What masking says about what it hid: kinds, values for the vault, secrets that are dropped."""

import pytest

from shouwen.text.masking import mask
from tests.text.masked_samples import CARD


def test_secrets_are_dropped_and_personal_data_kept_for_the_vault() -> None:
    masked = mask("卡号6228 4804 0256 4890 018，密码123456")
    assert [(span.kind, span.value, span.plain) for span in masked.spans] == [
        ("card", "6228 4804 0256 4890 018", CARD),
        ("password", None, None),
    ]
    assert masked.secrets_dropped


def test_personal_data_alone_drops_no_secret() -> None:
    assert not mask("电话13800138000").secrets_dropped


def test_nothing_of_a_secret_or_an_original_shows_in_a_repr() -> None:
    shown = repr(mask("电话13800138000，密码abc123"))
    assert "13800138000" not in shown
    assert "abc123" not in shown


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("13800138000", "phone"),
        ("0571-88888709", "landline"),
        (CARD, "card"),
        ("存折账号123456789", "account"),
        ("11010519491231002X", "id_number"),
        ("护照E12345678", "permit"),
        ("a@b.com", "email"),
        ("我叫王小明", "name"),
        ("我住文三路1号2室", "address"),
        ("用户名：zhangsan", "login_name"),
        ("密码是abc123", "password"),
        ("PIN码1234", "pin"),
        ("验证码123456", "otp"),
        ("CVV2：123", "cvv"),
        ("有效期12/28", "expiry"),
    ],
)
def test_a_span_names_its_kind(text: str, kind: str) -> None:
    assert [span.kind for span in mask(text).spans] == [kind]


def test_a_message_of_nothing_but_a_secret_is_only_masks() -> None:
    assert mask("123456", ["验证码是"]).only_masks
    assert not mask("我的密码是abc123").only_masks
    assert not mask("您好").only_masks
