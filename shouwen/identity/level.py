"""Levels of identity, and what each act asks for (identity §3.1, R33, ASVS 7.5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Literal

Act = Literal["ticket_status", "loss_stop", "password_reset", "sms_notice", "bill_instalment"]
Lane = Literal["check", "loss_stop"]
Via = Literal["otp", "bank"]

SENSITIVE_AGE = timedelta(minutes=5)


class Level(IntEnum):
    """What is known of who types: nothing, the telephone on file, the customer; step-up happens outside the chat."""

    ANONYMOUS = 0
    CONTACT = 1
    CUSTOMER = 2
    STEP_UP = 3


@dataclass(frozen=True)
class Requirement:
    """What an act asks for. `holder`: name and card tail matched, unless the customer is verified anyway.

    `max_age`: the longest time since the proof; the setting `fresh_for` may shorten it.
    """

    level: Level
    holder: bool = False
    max_age: timedelta | None = None


@dataclass(frozen=True)
class Standing:
    """Who the customer of a conversation is at this moment.

    `salutation` is the bank's ("王女士"), `age` the time since the last proof, `fresh` whether that is recent enough
    for a sensitive act, `holder_tail` the card tail that was matched with the name, `until` the end without a word.
    """

    level: Level = Level.ANONYMOUS
    customer_ref: str | None = None
    salutation: str | None = None
    phone_mask: str | None = None
    age: timedelta | None = None
    holder_tail: str | None = None
    via: Via | None = None
    fresh: bool = False
    until: datetime | None = None

    def meets(self, requirement: Requirement) -> bool:
        """Whether this is enough for the requirement."""
        return self.reaches(requirement) and self.is_recent_for(requirement)

    def reaches(self, requirement: Requirement) -> bool:
        """Whether the level is enough, however old."""
        holder = not requirement.holder or self.level >= Level.CUSTOMER or self.holder_tail is not None
        return self.level >= requirement.level and holder

    def is_recent_for(self, requirement: Requirement) -> bool:
        """Whether the proof is young enough."""
        if requirement.max_age is None:
            return True
        return self.fresh and self.age is not None and self.age <= requirement.max_age


ANONYMOUS = Standing()

# The one table: what an act needs. Stopping a card protects, so it needs less than what could harm (§3.1).
REQUIRED: Mapping[Act, Requirement] = {
    "ticket_status": Requirement(Level.CONTACT),
    "loss_stop": Requirement(Level.CONTACT, holder=True),
    "password_reset": Requirement(Level.CUSTOMER, max_age=SENSITIVE_AGE),
    "sms_notice": Requirement(Level.CUSTOMER, max_age=SENSITIVE_AGE),
    "bill_instalment": Requirement(Level.CUSTOMER, max_age=SENSITIVE_AGE),
}

# Topics that lead to an act. Every other topic is open to anybody (§3.1 L0).
TOPIC_ACT: Mapping[str, Act] = {
    "complaint_status": "ticket_status",
    "card_report_loss": "loss_stop",
    "password_reset_login": "password_reset",
    "sms_notice": "sms_notice",
    "bill_instalment": "bill_instalment",
}


def lane_of(act: Act) -> Lane:
    """Whose counters and locks count: loss stop has its own, so that nobody can lock a victim out of it (§3.1)."""
    return "loss_stop" if act == "loss_stop" else "check"
