"""The steps of an identity check, as a pure state machine (identity §3.1)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from shouwen.identity.level import REQUIRED, Act, Lane, Level, Standing, lane_of

Step = Literal["phone", "otp", "person", "holder"]
State = Literal["open", "done", "locked", "cancelled", "over"]

# What is asked beside the name
_SECOND_FIELD = {"person": "id_number", "holder": "card_tail"}


@dataclass(frozen=True)
class Check:
    """One identity check of a conversation.

    `form_id` is the secure form that waits, until `form_expires_at`. `subject` is the keyed hash of the number typed,
    `customer_ref` the bank's customer with it, None for a number the bank does not know. `number_is_new`: it changed
    too lately to count as the customer's (§3.1). `simple`: one field a form and codes by voice; `elder` says that of
    a customer only once the number is proven, or it would tell who is a customer. `name_matched` is the first half of
    a pair asked in two forms.
    """

    id: str
    conversation_id: str
    act: Act
    state: State
    step: Step
    form_id: str
    form_expires_at: datetime
    simple: bool
    created_at: datetime
    expires_at: datetime
    subject: str | None = None
    customer_ref: str | None = None
    salutation: str | None = None
    phone_mask: str | None = None
    elder: bool = False
    number_is_new: bool = False
    name_matched: bool | None = None

    @property
    def lane(self) -> Lane:
        """Whose counters count."""
        return lane_of(self.act)

    @property
    def one_by_one(self) -> bool:
        """Whether the person's details are asked one field a form."""
        return self.simple or self.elder

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields of the form that waits."""
        if self.step in ("phone", "otp"):
            return (self.step,)
        both = ("name", _SECOND_FIELD[self.step])
        if not self.one_by_one:
            return both
        return both[:1] if self.name_matched is None else both[1:]

    @property
    def is_first_half(self) -> bool:
        """Whether the form that waits asks for the name alone: its outcome is told with the second half."""
        return self.fields == ("name",)

    def is_over(self, now: datetime) -> bool:
        """True once it ended or lived too long."""
        return self.state != "open" or now >= self.expires_at

    def form_is_over(self, form_id: str, now: datetime) -> bool:
        """Whether this form can no longer be answered."""
        return self.is_over(now) or form_id != self.form_id or now >= self.form_expires_at


def next_step(act: Act, standing: Standing) -> Step | None:
    """What is missing for an act; None when nothing is. A proof that grew old is renewed by a new code."""
    requirement = REQUIRED[act]
    if standing.meets(requirement):
        return None
    if standing.level < Level.CONTACT:
        return "phone"
    if not standing.is_recent_for(requirement):
        return "otp"
    return "holder" if requirement.holder else "person"


def number_is_new(since: date, today: date, days: int) -> bool:
    """Whether a number changed less than so many days ago; it does not prove a customer then (§3.1)."""
    return today - since < timedelta(days=days)
