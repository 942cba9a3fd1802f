"""When a password reset must go to a person although the customer is verified (identity §3.3 step 2)."""

from dataclasses import dataclass
from typing import Literal

Risk = Literal["customer_state", "number_changed", "locked_lately", "fraud", "third_person", "new_device_at_night"]

_NIGHT_BEGINS, _NIGHT_ENDS = 22, 6


@dataclass(frozen=True)
class Facts:
    """What is known when the reset is asked for. `hour` is Shanghai's.

    A `locked` customer mistyped the login password too often, which is what a reset is for.
    """

    customer_state: str
    number_is_new: bool
    locked_lately: bool
    fraud_spoken_of: bool
    elder: bool
    third_person: bool
    device_is_new: bool
    hour: int


def stops(facts: Facts) -> Risk | None:
    """The first reason against it, None when there is none. The customer is told none of them."""
    night = facts.hour >= _NIGHT_BEGINS or facts.hour < _NIGHT_ENDS
    reasons: dict[Risk, bool] = {
        "customer_state": facts.customer_state not in ("active", "locked"),
        "number_changed": facts.number_is_new,
        "locked_lately": facts.locked_lately,
        "fraud": facts.fraud_spoken_of,
        "third_person": facts.elder and facts.third_person,
        "new_device_at_night": facts.device_is_new and night,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
