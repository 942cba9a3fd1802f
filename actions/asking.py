"""Asking for a slot of a flow, patiently, but not for ever; first of all: who are you."""

from abc import abstractmethod

from sqlalchemy.engine import Connection

from actions.base import BankAction, Call, Result, Step
from actions.events import end_of_form, slot, with_events
from actions.flow import LOSS, OF_FORM, Flow, known_customer, paused
from shouwen.identity import service as identity
from shouwen.identity.level import Standing
from shouwen.identity.progress import Granted, Locked, Prompt
from shouwen.text.moments import moment

PATIENCE = 2  # messages in a row that do not bring a flow on, until it is laid aside


class AskInFlow(BankAction):
    """Asks for a slot. After something else was answered it asks again; the second time it lays the flow aside."""

    def handle(self, tx: Connection, call: Call) -> Step:
        """See BankAction."""
        flow = OF_FORM[str(call.active_form)]
        held = call.slots.get("interruptions")
        asked = self.ask(tx, call, flow)
        if not call.came_back:
            return with_events(asked, slot("interruptions", None)) if held else asked
        step = self.step_of(call, asked)
        earlier = held["count"] if held and held["step"] == step else 0
        if earlier + 1 >= PATIENCE:
            return Result([paused(flow)], end_of_form())
        return with_events(asked, slot("interruptions", {"step": step, "count": earlier + 1}))

    def step_of(self, call: Call, asked: Step) -> str:  # noqa: ARG002
        """What the customer is asked for, so that a step that was passed since makes patient again."""
        return str(call.requested_slot)

    @abstractmethod
    def ask(self, tx: Connection, call: Call, flow: Flow) -> Step:
        """The question."""


class AskKnown(AskInFlow):
    """Asks for what only a verified customer may see."""

    def ask(self, tx: Connection, call: Call, flow: Flow) -> Step:
        """See AskInFlow."""
        standing = known_customer(tx, call, flow.act)
        return self.ask_known(tx, call, standing) if standing else Result([paused(flow)], end_of_form())

    @abstractmethod
    def ask_known(self, tx: Connection, call: Call, standing: Standing) -> Step:
        """The question to a verified customer."""


class AskIdentity(AskInFlow):
    """Opens the identity check, or shows the step it stands at. The gateway leads through it (identity §3)."""

    def name(self) -> str:
        """See BankAction."""
        return "action_ask_identity"

    def ask(self, tx: Connection, call: Call, flow: Flow) -> Step:
        """See AskInFlow."""
        match identity.begin(tx, call.rules, call.conversation_id, flow.act, call.now):
            case Prompt(reply=reply, values=values):
                return Result([("utter_identity_again" if call.came_back else reply, values)])
            case Locked(until=until):
                # a lost card has words of its own, which action_loss_done says
                told = [] if flow == LOSS else [("utter_identity_locked", {"until": moment(until)})]
                return Result(told, [slot("identity", "failed"), *end_of_form()])
            case Granted():
                raise RuntimeError("the form asks who somebody is whom the check knows already")

    def step_of(self, call: Call, asked: Step) -> str:
        """See AskInFlow: the check's steps pass without this action, in the gateway."""
        forms = [values["secure_form"] for _, values in getattr(asked, "replies", ()) if "secure_form" in values]
        return ",".join(forms[-1]["fields"]) if forms else super().step_of(call, asked)


def asks_once_more(call: Call, name: str, again: str, *, yes: bool = False) -> bool:
    """Whether a question is put the second time: it was just said yes to, and is to be said yes to twice (R77)."""
    first_yes = (yes or call.intent == "affirm") and again not in call.said
    return call.simple and not call.came_back and call.requested_slot == name and first_yes
