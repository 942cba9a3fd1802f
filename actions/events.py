"""Events an action hands back to Rasa."""

from actions.base import Ask, Event, Result, Step


def slot(name: str, value: object) -> Event:
    """The event that sets a slot."""
    return {"event": "slot", "name": name, "value": value}


def end_of_form() -> list[Event]:
    """Events that end the open form, whatever it still lacks.

    Rasa takes a validation that sets no slot but `requested_slot` for no answer at all; so another one is set too.
    """
    return [slot("interruptions", None), slot("requested_slot", None)]


def with_events(step: Step, *events: Event) -> Step:
    """The same step with more events at its end."""
    if isinstance(step, Ask):
        return Ask(step.question, lambda tx, answer: with_events(step.conclude(tx, answer), *events))
    return Result(step.replies, [*step.events, *events])
