"""The way to a person, as long as people answer by telephone: an open request, and where to call back."""

from sqlalchemy.engine import Connection

from actions.base import BankAction, Call, Result, Step
from actions.events import slot, with_events
from actions.flow import LOSS, OF_FORM, left_for_good
from shouwen.conversations import requests
from shouwen.conversations.requests import OpenRequest
from shouwen.identity import service as identity
from shouwen.identity.level import Level

_FIRST_WORDS = {"legal": "utter_legal_rights", "rights": "utter_legal_rights", "self_harm": "utter_self_harm"}

_URGENT = ("fraud", "loss")


def hand_off(tx: Connection, call: Call, reason: str) -> Result:
    """Open the request, or find it open, and say what comes next (tone.md 7c)."""
    request = call_for_human(tx, call, reason)
    if reason == "self_harm":
        return Result([(_FIRST_WORDS[reason], {})], [slot("callback_wanted", False)])
    words: list[tuple[str, dict[str, object]]] = [(_FIRST_WORDS[reason], {})] if reason in _FIRST_WORDS else []
    values: dict[str, object] = {"phone": request.contact_mask} if request.contact_mask else {}
    if reason in _URGENT:
        values["urgent"] = True
    words.append(("utter_handoff_open" if request.is_new else "utter_handoff_again", values))
    return Result(words, [slot("callback_wanted", request.contact_mask is None)])


def call_for_human(tx: Connection, call: Call, reason: str) -> OpenRequest:
    """The open request for a person. Whose number the bank knows is not asked for one (R20)."""
    request = requests.wish_for_human(tx, call.conversation_id, call.episode, call.message_id, reason, call.now)
    known = identity.standing(tx, call.conversation_id, call.now)
    if known.level < Level.CONTACT or known.customer_ref is None or known.phone_mask is None:
        return request
    return requests.use_number_on_file(tx, request, known.customer_ref, known.phone_mask)


class HandoffOpen(BankAction):
    """The customer is to reach a person; whatever was under way ends."""

    def name(self) -> str:
        """See BankAction."""
        return "action_handoff_open"

    def handle(self, tx: Connection, call: Call) -> Step:
        """See BankAction."""
        left = left_for_good(tx, call)
        return with_events(hand_off(tx, call, call.reason or "human"), *left)


class FraudOpen(BankAction):
    """Fraud: a person is to call urgently. A loss report that is under way goes on: stopping the card comes first."""

    def name(self) -> str:
        """See BankAction."""
        return "action_fraud_open"

    def handle(self, tx: Connection, call: Call) -> Step:
        """See BankAction."""
        left = [] if call.active_form == LOSS.form else left_for_good(tx, call)
        return with_events(hand_off(tx, call, "fraud"), *left)


class Miss(BankAction):
    """The bot did not understand: ask again, or hand off when it was once too often."""

    def name(self) -> str:
        """See BankAction."""
        return "action_miss"

    def handle(self, tx: Connection, call: Call) -> Step:
        """See BankAction."""
        due = requests.judge_miss(tx, call.conversation_id, call.message_id)
        if due.due == "hand_off":
            left = left_for_good(tx, call)
            return with_events(hand_off(tx, call, due.reason), *left)
        if call.active_form in OF_FORM:
            return Result([("utter_flow_unclear", {})])  # and the form asks again
        return Result([("utter_miss" if due.reason == "first" else "utter_miss_again", {})])


class ValidateCallbackForm(BankAction):
    """The form waits for a number: the gateway says whether the message held one, since Rasa sees masks only."""

    def name(self) -> str:
        """See BankAction."""
        return "validate_callback_form"

    def handle(self, tx: Connection, call: Call) -> Result:  # noqa: ARG002
        """See BankAction."""
        phones = [one["mask"] for one in call.kept if one["kind"] in requests.PHONE_KINDS]
        return Result(events=[slot("callback_phone", phones[0])] if phones else [])


class CallbackDone(BankAction):
    """The call-back form is over: put the number the customer gave into the request."""

    def name(self) -> str:
        """See BankAction."""
        return "action_callback_done"

    def handle(self, tx: Connection, call: Call) -> Result:
        """See BankAction."""
        request = requests.give_contact(tx, call.conversation_id, call.message_id)
        done = [slot("callback_wanted", False), slot("callback_phone", None)]
        return Result([("utter_callback_noted", {"phone": request.contact_mask})], done)
