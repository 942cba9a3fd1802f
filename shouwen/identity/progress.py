"""What comes of a step: what is said, what is sent, where the check stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shouwen.identity.check import Step
from shouwen.identity.level import Act, Lane, Standing

Channel = Literal["sms", "voice"]
Outcome = Literal["identity_done", "identity_failed"]


@dataclass(frozen=True)
class Prompt:
    """The step that waits, to be shown: a reply's name and its values with `secure_form` among them."""

    reply: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Granted:
    """Nothing is missing for the act."""

    standing: Standing


@dataclass(frozen=True)
class Locked:
    """No check of this lane before `until`; the chat's other services stay open."""

    until: datetime


@dataclass(frozen=True)
class OpenStep:
    """The step behind a secure form, as the edge needs it to ask the bank.

    `subject` is the keyed hash of the number typed, None before it was; `customer_ref` None for an unknown one.
    """

    conversation_id: str
    form_id: str
    check_id: str
    step: Step
    purpose: Act
    fields: tuple[str, ...]
    customer_ref: str | None
    subject: str | None
    lane: Lane


@dataclass(frozen=True)
class OtpToSend:
    """A code on its way to the number on file. `customer_ref` None: nobody gets it. Never stored in clear."""

    customer_ref: str | None
    code: str = field(repr=False)
    channel: Channel
    purpose: Act
    key: str


@dataclass(frozen=True)
class LockNotice:
    """The owner of the number on file is to be told of a long lock; `customer_ref` None: there is nobody to tell."""

    customer_ref: str | None
    until: str
    key: str


@dataclass(frozen=True)
class Progress:
    """What a step led to. `replies` are pairs of a reply's name and its values; the last holds the form that waits.

    `state`: next (a new step), again (the same), void (the code is dead, or the check ended without a lock), done,
    locked. With `level_changed` the session gets a new token (ASVS 7.2.4). `outcome` goes to the dialogue.
    """

    state: Literal["next", "again", "done", "locked", "void"]
    replies: Sequence[tuple[str, Mapping[str, Any]]]
    level_changed: bool = False
    otp: OtpToSend | None = None
    outcome: Outcome | None = None
    notice: LockNotice | None = None
