"""Reading a message as the answer to what a flow asked. What is no answer Rasa answers otherwise, and asks again."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.engine import Connection

from actions.base import BankAction, Call, Result, Step
from actions.events import end_of_form, slot, with_events
from actions.flow import Flow, known_customer
from shouwen.identity.level import Standing
from shouwen.text.fragments import PLACE
from shouwen.text.phrases import bare


class ValidateFlow(BankAction):
    """Fills the slots of a flow's form. `identity` is looked up anew each time, whatever the slot says (ASVS 7.5.3)."""

    flow: ClassVar[Flow]

    def handle(self, tx: Connection, call: Call) -> Step:
        """See BankAction."""
        standing = known_customer(tx, call, self.flow.act)
        held = call.slots.get("identity")
        if call.came_back and (held == "done" or not standing):
            return Result(events=[slot("identity", None)] if held == "done" and not standing else [])
        if call.came_back or call.requested_slot in (None, "identity"):
            return self._identity(tx, call, standing)
        if standing:
            return self.read(tx, call, standing) or Result()
        if call.intent == "deny" and call.requested_slot.endswith("_confirmed"):
            return Result(events=[slot(call.requested_slot, False)])
        # the proof ran out: only who answers must prove it again, who asks something gets that answered first
        return Result(events=[slot("identity", None)] if _is_an_answer(call) else [])

    def _identity(self, tx: Connection, call: Call, standing: Standing | None) -> Step:
        held = call.slots.get("identity")
        if standing:
            step = self.opened(tx, call, standing)
            return step if held == "done" else with_events(step, slot("identity", "done"))
        refused = {"identity_failed": "failed", "deny": "refused"}.get(str(call.intent))
        if call.requested_slot == "identity" and refused:
            return Result(events=[slot("identity", refused), *end_of_form()])
        said = self.said_already(call) if call.intent == self.flow.topic else {}
        events = [slot(name, value) for name, value in said.items() if value is not None]
        return Result(events=[slot("identity", None), *events] if held is not None else events)

    def said_already(self, call: Call) -> Mapping[str, Any]:  # noqa: ARG002
        """What the sentence that began the flow says by slots; kept until the customer is known (R20)."""
        return {}

    def opened(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """What is looked up as soon as the customer is known."""
        return Result()

    def read(self, tx: Connection, call: Call, standing: Standing) -> Step | None:  # noqa: ARG002
        """The message as an answer to the slot that was asked for; None when it is none."""
        return None


def may_answer(call: Call, flow: Flow) -> bool:
    """Whether the words of a message may be an answer to the flow: not when they are a question of another topic."""
    return call.intent in ("affirm", "deny", "inform", "nlu_fallback", "nlu_ask_back", flow.topic)


def is_hidden_number(call: Call) -> bool:
    """Whether a message was nothing but a number, which Rasa never sees: it could be a piece of a secret."""
    return bare(call.text) == bare(PLACE)


def _is_an_answer(call: Call) -> bool:
    answers = ("choice", "card_tail", "amount", "count")
    return call.intent in ("affirm", "inform", "identity_done") or any(name in call.entities for name in answers)


def confirmation(call: Call, name: str, again: str, *, yes: bool = False) -> Result | None:
    """A yes or no to a flow's last question as the slot `name`; None when the message is neither.

    Who needs it simple says yes twice (R77); `again` is the reply that asks the second time. `yes`: the words said so.
    """
    if call.intent == "deny":
        return Result(events=[slot(name, False)])
    if call.intent != "affirm" and not yes:
        return None
    is_final = not call.simple or again in call.said
    return Result(events=[slot(name, True if is_final else None)])
