"""The SMS notice: on, off, or only looked up; one confirmation with the fee."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from actions.asking import AskKnown, asks_once_more
from actions.base import Ask, Call, Result, Step
from actions.doing import ask_for
from actions.ending import FlowDone
from actions.events import end_of_form, slot
from actions.flow import SMS_NOTICE, bank_away, spoken_to
from actions.reading import ValidateFlow, confirmation, may_answer
from shouwen.errors import BankRefused, Unavailable
from shouwen.identity.level import Standing
from shouwen.servicing import sms_notice
from shouwen.text import service_words

AGAIN = "utter_sms_confirm_again"
_WISHES = ("on", "off", "status")


class ValidateSmsNoticeForm(ValidateFlow):
    """What is to be done, and whether it is really to be done."""

    flow = SMS_NOTICE

    def name(self) -> str:
        """See BankAction."""
        return "validate_sms_notice_form"

    def said_already(self, call: Call) -> Mapping[str, Any]:
        """See ValidateFlow."""
        return {"sms_wish": service_words.sms_wish(call.text)}

    def opened(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """See ValidateFlow: the sentence that began the flow may hold the wish already."""
        said = self.said_already(call)["sms_wish"] if call.intent == SMS_NOTICE.topic else None
        wish = said or call.slots.get("sms_wish")
        return self._wished(call, standing, wish) if wish else Result()

    def read(self, tx: Connection, call: Call, standing: Standing) -> Step | None:  # noqa: ARG002
        """See ValidateFlow."""
        choice = call.entities.get("choice")
        by_words = service_words.sms_wish(call.text, alone=not may_answer(call, SMS_NOTICE))
        wish = choice if choice in _WISHES else by_words
        if call.requested_slot == "sms_wish":
            return self._wished(call, standing, wish) if wish else None
        if wish and wish != call.slots.get("sms_wish") and call.intent in ("inform", SMS_NOTICE.topic):
            return self._wished(call, standing, wish)
        return confirmation(call, "sms_confirmed", AGAIN)

    def _wished(self, call: Call, standing: Standing, wish: str) -> Step:
        def conclude(tx: Connection, answer: Any) -> Result:
            if isinstance(answer, Unavailable | BankRefused):
                return bank_away(tx, call, standing)
            if wish != "status" and sms_notice.changes(answer, wish):
                return Result(events=[slot("sms_wish", wish)])
            told = ("utter_sms_status", {**spoken_to(standing), **sms_notice.status(answer)})
            return Result([told], [slot("sms_wish", None), *end_of_form()])

        return _as_it_is(standing, conclude)


class AskSmsWish(AskKnown):
    """How it is, and what is to be done."""

    def name(self) -> str:
        """See BankAction."""
        return "action_ask_sms_wish"

    def ask_known(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """See AskKnown."""

        def ask(tx: Connection, answer: Any) -> Result:
            if isinstance(answer, Unavailable | BankRefused):
                return bank_away(tx, call, standing)
            values = {**spoken_to(standing), **sms_notice.status(answer), "choices": sms_notice.choices(answer)}
            return Result([("utter_sms_wish", values)])

        return _as_it_is(standing, ask)


class AskSmsConfirmed(AskKnown):
    """The last question, with the fee."""

    def name(self) -> str:
        """See BankAction."""
        return "action_ask_sms_confirmed"

    def ask_known(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """See AskKnown."""
        words = AGAIN if asks_once_more(call, "sms_confirmed", AGAIN) else "utter_sms_confirm"

        def ask(tx: Connection, answer: Any) -> Result:
            if isinstance(answer, Unavailable | BankRefused):
                return bank_away(tx, call, standing)
            fee = sms_notice.status(answer)["fee"]
            return Result([(words, {**spoken_to(standing), "wish": call.slots["sms_wish"], "fee": fee})])

        return _as_it_is(standing, ask)


class SmsNoticeDone(FlowDone):
    """Turns it on or off."""

    flow = SMS_NOTICE

    def name(self) -> str:
        """See BankAction."""
        return "action_sms_notice_done"

    def finish(self, tx: Connection, call: Call, standing: Standing) -> Step:
        """See FlowDone."""
        wish = call.slots.get("sms_wish")
        if not (wish in ("on", "off") and call.slots.get("sms_confirmed")):
            return Result()
        return ask_for(tx, call, standing, SMS_NOTICE, {"wish": wish})


def _as_it_is(standing: Standing, conclude: Any) -> Ask:
    return Ask(lambda backstage: backstage.bank.sms_notice(str(standing.customer_ref)), conclude)
