"""What the clocks of a complaint are read from: the part of a ticket's history that can move a date, or meet one.

Times are aware UTC. What moves a date later carries `told_at`, when the customer was told; None is never enough.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Clock(StrEnum):
    """Operational clocks first, the bank's own hard stop, then the law's."""

    ACKNOWLEDGE = "acknowledge"
    FIRST_REPLY = "first_reply"
    ANSWER = "answer"
    HARD_STOP = "hard_stop"
    STATUTORY = "statutory"


class Severity(StrEnum):
    """The class of a complaint (R2, R3, requirements 0.3)."""

    GENERAL = "general"
    COMPLEX = "complex"
    URGENT = "urgent"
    UNSURE = "unsure"

    @property
    def counts_as(self) -> "Severity":
        """Unsure counts as complex."""
        return Severity.COMPLEX if self is Severity.UNSURE else self


class RestartCause(StrEnum):
    """Why everything is counted anew: new facts (E1), or a closed complaint that is not solved (R45)."""

    NEW_FACTS = "new_facts"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Received:
    """The complaint arrived: the first event of every history."""

    at: datetime
    severity: Severity


@dataclass(frozen=True)
class Classified:
    """The class changed. Counted from here, and dates only become earlier by it."""

    at: datetime
    severity: Severity


@dataclass(frozen=True)
class Promised:
    """The customer was told this date. It stands, whatever a later calendar or class would give."""

    at: datetime
    clock: Clock
    due_at: datetime


@dataclass(frozen=True)
class Met:
    """What the clock asks for was done. An answer also ends the first reply, the hard stop and the law's clock."""

    at: datetime
    clock: Clock


@dataclass(frozen=True)
class Extended:
    """More time, approved by a person and told before the old date (E1): an answer by the working day `until`."""

    at: datetime
    until: date
    approved_by: str
    reason: str
    told_at: datetime | None


@dataclass(frozen=True)
class Paused:
    """Waiting for something the rules leave out, expected back on the day `until`. Longer takes another event."""

    at: datetime
    cause: str
    until: date
    told_at: datetime | None


@dataclass(frozen=True)
class Resumed:
    """What was waited for is back. Later days are counted again."""

    at: datetime


@dataclass(frozen=True)
class Restarted:
    """Everything is counted anew from here."""

    at: datetime
    cause: RestartCause
    told_at: datetime | None


Event = Received | Classified | Promised | Met | Extended | Paused | Resumed | Restarted
