"""What is shown at each step: a reply's name and its values, the secure form among them (contract of the card)."""

from datetime import datetime, timedelta
from typing import Any

from shouwen.identity.check import Check
from shouwen.identity.rules import Rules
from shouwen.identity.salutation import opening

_ASKS = {"phone": "utter_identity_phone", "person": "utter_identity_person", "holder": "utter_identity_holder"}


def secure_form(check: Check, may_send_at: datetime | None) -> dict[str, Any]:
    """The form that waits. `may_send_at`: from when another code may be asked for, at the step of the code."""
    form: dict[str, Any] = {
        "form": check.form_id,
        "purpose": check.act,
        "fields": list(check.fields),
        "expires_at": check.form_expires_at.isoformat(),
    }
    if check.step == "otp" and may_send_at is not None:
        form["resend"] = {"after": may_send_at.isoformat(), "voice": True}
    return form


def prompt(check: Check, rules: Rules, sent_at: datetime | None, now: datetime) -> tuple[str, dict[str, Any]]:
    """Reply and values of the step a check is at; `sent_at` is when the code that waits was sent, if one was."""
    if check.step == "otp":
        if sent_at is None:
            return "utter_identity_fresh", {"phone_mask": check.phone_mask, "secure_form": secure_form(check, now)}
        return "utter_identity_otp", code_values(check, rules, sent_at)
    values: dict[str, Any] = {"secure_form": secure_form(check, None)}
    if check.step != "phone":
        values["salutation"] = opening(check.salutation)
    return _ASKS[check.step], values


def code_values(check: Check, rules: Rules, sent_at: datetime) -> dict[str, Any]:
    """What the replies about a code that was sent name."""
    return {
        "phone_mask": check.phone_mask,
        "minutes": rules.otp_life // timedelta(minutes=1),
        "secure_form": secure_form(check, sent_at + rules.otp_resend_gap),
    }
