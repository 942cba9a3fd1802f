"""What another calendar would change for open complaints, before it is taken into use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shouwen.complaints.calendar import Calendar
from shouwen.complaints.clock_events import Clock, Event
from shouwen.complaints.clocks import due_times
from shouwen.complaints.policy import Policy


@dataclass(frozen=True)
class OpenComplaint:
    """A complaint that is not answered, with the policy it was filed under."""

    number: str
    history: Sequence[Event]
    policy: Policy


@dataclass(frozen=True)
class DueChange:
    """One due time the new calendar reckons otherwise.

    `becomes` is never later than `was`: a later date is not taken, nor told. Whoever imports keeps every due time as
    `Promised` in the history, so that the next reckoning keeps it too.
    """

    number: str
    clock: Clock
    was: datetime
    reckoned: datetime

    @property
    def becomes(self) -> datetime:
        """The date in force after the import."""
        return min(self.was, self.reckoned)

    @property
    def to_be_told(self) -> bool:
        """Whether the customer hears of it: only of an earlier date."""
        return self.reckoned < self.was


def preview(old: Calendar, new: Calendar, complaints: Iterable[OpenComplaint]) -> list[DueChange]:
    """Every due time still to be met that the two calendars reckon differently, in the order of the complaints."""
    changes: list[DueChange] = []
    for complaint in complaints:
        before = due_times(complaint.history, complaint.policy, old)
        after = due_times(complaint.history, complaint.policy, new)
        changes += [
            DueChange(complaint.number, clock, due.due_at, after[clock].due_at)
            for clock, due in before.items()
            if due.met_at is None and due.due_at != after[clock].due_at
        ]
    return changes
