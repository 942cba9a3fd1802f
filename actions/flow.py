"""What a flow is: its topic, its form, the slots it fills, and what is said around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from actions.base import Call, Event, Result
from actions.events import end_of_form, slot
from shouwen.conversations import requests
from shouwen.identity import service as identity
from shouwen.identity.level import TOPIC_ACT, Act, Standing
from shouwen.identity.salutation import opening


@dataclass(frozen=True)
class Flow:
    """A topic where something is done. `slots` are those of its form, in the order they are asked."""

    topic: str
    form: str
    slots: tuple[str, ...]

    @property
    def act(self) -> Act:
        """What the identity check must allow."""
        return TOPIC_ACT[self.topic]


PASSWORD_RESET = Flow("password_reset_login", "password_reset_form", ("identity",))
LOSS = Flow("card_report_loss", "loss_form", ("identity", "loss_card", "loss_confirmed"))
SMS_NOTICE = Flow("sms_notice", "sms_notice_form", ("identity", "sms_wish", "sms_confirmed"))
INSTALMENT = Flow(
    "bill_instalment",
    "instalment_form",
    ("identity", "instalment_bill", "instalment_terms", "instalment_confirmed"),
)
COMPLAINT_STATUS = Flow("complaint_status", "complaint_status_form", ("identity",))
ALL = (PASSWORD_RESET, LOSS, SMS_NOTICE, INSTALMENT, COMPLAINT_STATUS)
OF_FORM: Mapping[str, Flow] = {flow.form: flow for flow in ALL}
_COMMON_SLOTS = ("interruptions", "waiting_flow")


def known_customer(tx: Connection, call: Call, act: Act) -> Standing | None:
    """Who the customer is, if that is proven well enough and lately enough for the act; slots are never believed."""
    standing = identity.standing(tx, call.conversation_id, call.now)
    return standing if identity.allows(tx, call.conversation_id, act, call.now) else None


def spoken_to(standing: Standing) -> dict[str, Any]:
    """What every reply to a verified customer begins with (R68)."""
    return {"salutation": opening(standing.salutation)}


def button(topic: str) -> dict[str, str]:
    """A button that begins a topic, or takes it up again."""
    return {"label": topic}


def freed(call: Call, *flows: Flow) -> list[Event]:
    """Events that empty those of the flows' slots that hold something."""
    names = dict.fromkeys([name for flow in flows for name in flow.slots] + list(_COMMON_SLOTS))
    return [slot(name, None) for name in names if call.slots.get(name) is not None]


def left_for_good(tx: Connection, call: Call) -> list[Event]:
    """Whatever is under way ends here: no secure form waits any more, and every slot is free."""
    identity.cancel(tx, call.conversation_id, call.now)
    return freed(call, *ALL)


def bank_away(tx: Connection, call: Call, standing: Standing) -> Result:
    """The bank cannot be asked what the flow needs: say so, let a person see to it, end the form (R7, R61)."""
    requests.unanswered_question(tx, call.conversation_id, call.episode, call.message_id, "bank_unavailable", call.now)
    return Result([("utter_bank_unavailable", spoken_to(standing))], end_of_form())


def paused(flow: Flow) -> tuple[str, dict[str, Any]]:
    """The words that lay a flow aside, with a button that takes it up again."""
    return "utter_flow_paused", {"choices": [button(flow.topic)]}
