"""A conversation as far back as the dialogue needs it, so that turn 150 costs what turn 15 does.

Rasa replays and re-reads every event of a tracker several times a turn. What its policies can see is the state (slots,
the open form) and the last few turns, so only those are loaded: the state as it stood before them, then their events.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

WINDOW = 5  # turns; the longest rule spans two, and every turn in it costs each prediction


class TurnTracker(DialogueStateTracker):
    """A tracker that knows which of its events are stored, and as which turn the new ones come."""

    version: int = 0
    known: int = 0

    def new_events(self) -> list[Event]:
        """What happened since it was loaded."""
        return list(self.events)[self.known :]

    def state(self) -> dict[str, Any]:
        """What a later window starts from: slots that are not as the domain sets them, and the open form."""
        slots = {name: slot.value for name, slot in self.slots.items() if slot.value != slot.initial_value}
        return {"slots": slots, "form": self.active_loop_name}


def new_tracker(sender: str, domain: Domain) -> TurnTracker:
    """The tracker of a conversation nobody has said anything in."""
    return TurnTracker(sender, domain.slots)


def restored(
    sender: str,
    domain: Domain,
    version: int,
    before: Optional[Mapping[str, Any]],
    turns: Sequence[Iterable[Event]],
) -> TurnTracker:
    """The tracker of a conversation of `version` turns; `before` is the state at the start of the first of `turns`."""
    tracker = new_tracker(sender, domain)
    for event in [*(_opening(before) if before is not None else ()), *(e for turn in turns for e in turn)]:
        tracker.update(event, domain)
    tracker.version = version
    tracker.known = len(tracker.events)
    return tracker


def _opening(state: Mapping[str, Any]) -> list[Event]:
    # a session start is what Rasa expects at the front; it also keeps it from starting another one
    slots = [SlotSet(name, value) for name, value in state["slots"].items()]
    form = [ActiveLoop(state["form"])] if state["form"] else []
    start = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    return [*start, *slots, *form, ActionExecuted(ACTION_LISTEN_NAME)]
