"""The notice by SMS of what moves on an account: what is asked, and what the customer is told (R51)."""

from collections.abc import Mapping
from typing import Any

from shouwen.outside.corebank import SmsNotice
from shouwen.servicing.money import yuan
from shouwen.text.moments import moment
from shouwen.text.service_words import SmsWish

Reply = tuple[str, Mapping[str, Any]]


def choices(now: SmsNotice) -> list[dict[str, Any]]:
    """A button for what would change, and one for looking only."""
    wishes: list[SmsWish] = ["off" if now.on else "on", "status"]
    return [{"label": "inform", "entities": {"choice": wish}, "wish": wish} for wish in wishes]


def status(now: SmsNotice) -> dict[str, Any]:
    """Whether it is on, and what it costs a month."""
    return {"on": now.on, "fee": yuan(now.fee_month)}


def changes(now: SmsNotice, wish: str) -> bool:
    """Whether a wish would change anything."""
    return now.on != (wish == "on")


def facts(answer: SmsNotice) -> dict[str, Any]:
    """What is kept of the bank's answer, so that a repeat can say the same."""
    effective = moment(answer.effective_at) if answer.effective_at else ""
    return {"fee": yuan(answer.fee_month), "effective": effective}


def told(details: Mapping[str, Any], receipt: str | None) -> Reply:
    """What the customer reads of a change that was made."""
    values = {"wish": details["wish"], "fee": details["fee"], "effective": details["effective"]}
    return "utter_sms_done", {**values, "receipt": receipt or ""}
