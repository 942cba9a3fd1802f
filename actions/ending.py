"""The end of a flow: what was agreed is done, its slots are free, and the flow that waits is offered."""

from abc import abstractmethod
from typing import ClassVar

from sqlalchemy.engine import Connection

from actions.base import Ask, BankAction, Call, Result, Step
from actions.events import with_events
from actions.flow import Flow, button, freed, known_customer, left_for_good, paused
from actions.handoff import hand_off
from shouwen.identity.level import Standing


class FlowDone(BankAction):
    """Whatever ended the form early has said why; this says only what comes of the slots."""

    flow: ClassVar[Flow]

    def handle(self, tx: Connection, call: Call) -> Step:
        """See BankAction."""
        events = freed(call, self.flow)
        return with_events(with_way_back(self._end(tx, call), call, self.flow), *events)

    @abstractmethod
    def finish(self, tx: Connection, call: Call, standing: Standing) -> Step:
        """Do what the slots hold, for a verified customer."""

    def locked_out(self, tx: Connection, call: Call) -> Step:
        """Nobody can be checked any more: a person goes on (tone.md 7c)."""
        return hand_off(tx, call, "lock_out")

    def _end(self, tx: Connection, call: Call) -> Step:
        if any(call.slots.get(name) is False for name in self.flow.slots):
            return Result([("utter_flow_cancelled", {})])
        match call.slots.get("identity"):
            case "refused":
                left_for_good(tx, call)
                return Result([("utter_flow_cancelled", {})])
            case "failed":
                return self.locked_out(tx, call)
            case "done":
                standing = known_customer(tx, call, self.flow.act)
                return self.finish(tx, call, standing) if standing else Result([paused(self.flow)])
            case _:
                return Result()


class FlowCancelled(BankAction):
    """The customer gave a flow up."""

    def name(self) -> str:
        """See BankAction."""
        return "action_flow_cancelled"

    def handle(self, tx: Connection, call: Call) -> Step:
        """See BankAction."""
        events = left_for_good(tx, call)
        return with_events(with_way_back(Result([("utter_flow_cancelled", {})]), call, None), *events)


def with_way_back(step: Step, call: Call, ended: Flow | None) -> Step:
    """The same step, and the offer to go on with the flow that was left for this one."""
    waiting = call.slots.get("waiting_flow")
    if not waiting or (ended and waiting == ended.topic):
        return step
    if isinstance(step, Ask):
        return Ask(step.question, lambda tx, answer: with_way_back(step.conclude(tx, answer), call, ended))
    return Result([*step.replies, ("utter_flow_back", {"choices": [button(waiting)]})], step.events)
