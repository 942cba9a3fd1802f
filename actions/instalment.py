"""A bill in instalments: which bill, how many payments, the whole cost, one confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from actions.asking import AskKnown, asks_once_more
from actions.base import Ask, Call, Result, Step
from actions.doing import do
from actions.ending import FlowDone
from actions.events import end_of_form, slot
from actions.flow import INSTALMENT, bank_away, paused, spoken_to
from actions.reading import ValidateFlow, confirmation, may_answer
from shouwen.errors import BankRefused, Unavailable
from shouwen.identity.level import Standing
from shouwen.outside.corebank import Bill, Quote
from shouwen.servicing import instalment, service
from shouwen.text import service_words
from shouwen.wiring import Backstage

AGAIN = "utter_instalment_confirm_again"


@dataclass(frozen=True)
class Quoted:
    """A bill and what paying it in instalments costs; no quote when the bill is no longer there to be paid."""

    bill: Bill | None
    quote: Quote | None


class ValidateInstalmentForm(ValidateFlow):
    """The bill, the number of payments, the word. A bill is always looked up among the customer's own."""

    flow = INSTALMENT

    def name(self) -> str:
        """See BankAction."""
        return "validate_instalment_form"

    def said_already(self, call: Call) -> Mapping[str, Any]:
        """See ValidateFlow."""
        return {"instalment_bill": _words_for_a_bill(call), "instalment_terms": _terms_said(call)}

    def opened(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """See ValidateFlow."""
        return _bills(standing, partial(_first_look, call, standing))

    def read(self, tx: Connection, call: Call, standing: Standing) -> Step | None:
        """See ValidateFlow."""
        match call.requested_slot:
            case "instalment_bill":
                return _read_bill(call, standing)
            case "instalment_terms":
                return _read_terms(call, standing)
            case _:
                return _read_word(tx, call, standing)


class AskInstalmentBill(AskKnown):
    """Which of several bills."""

    def name(self) -> str:
        """See BankAction."""
        return "action_ask_instalment_bill"

    def ask_known(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """See AskKnown."""

        def choose(tx: Connection, bills: Any) -> Result:
            if isinstance(bills, Unavailable | BankRefused):
                return bank_away(tx, call, standing)
            choices = instalment.bill_choices(instalment.payable(bills))
            return Result([("utter_instalment_choose", {**spoken_to(standing), "choices": choices})])

        return _bills(standing, choose)


class AskInstalmentTerms(AskKnown):
    """How many payments."""

    def name(self) -> str:
        """See BankAction."""
        return "action_ask_instalment_terms"

    def ask_known(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """See AskKnown."""

        def ask(tx: Connection, bills: Any) -> Result:
            if isinstance(bills, Unavailable | BankRefused):
                return bank_away(tx, call, standing)
            bill = _own(bills, call.slots["instalment_bill"])
            if bill is None:
                return _none(standing)
            values = {**spoken_to(standing), **instalment.bill_values(bill), "choices": instalment.terms_choices()}
            return Result([("utter_instalment_terms", values)])

        return _bills(standing, ask)


class AskInstalmentConfirmed(AskKnown):
    """The whole cost, and the last question. The quote is kept, so that what is agreed to is what is applied for."""

    def name(self) -> str:
        """See BankAction."""
        return "action_ask_instalment_confirmed"

    def ask_known(self, tx: Connection, call: Call, standing: Standing) -> Step:
        """See AskKnown."""
        bill_id, terms = call.slots["instalment_bill"], int(call.slots["instalment_terms"])
        offer = service.offer_for(tx, call.conversation_id, standing, bill_id, terms)
        if offer and instalment.is_over(offer.details, call.now):
            offer = None
        words = AGAIN if asks_once_more(call, "instalment_confirmed", AGAIN) else "utter_instalment_quote"
        message_id = offer.message_id if offer else call.message_id  # the same key, the same quote

        def conclude(tx: Connection, quoted: Any) -> Result:
            if isinstance(quoted, Unavailable | BankRefused):
                return bank_away(tx, call, standing)
            if quoted.bill is None or quoted.quote is None:
                return _none(standing)
            details = instalment.offer(quoted.bill, quoted.quote)
            service.keep_offer(tx, call.conversation_id, message_id, standing, details, call.now)
            return Result([(words, {**spoken_to(standing), **instalment.quote_values(quoted.bill, quoted.quote)})])

        key = f"{message_id}:quote:{terms}"
        return Ask(partial(_quote, str(standing.customer_ref), str(bill_id), terms, key), conclude)


class InstalmentDone(FlowDone):
    """Applies for what was agreed to."""

    flow = INSTALMENT

    def name(self) -> str:
        """See BankAction."""
        return "action_instalment_done"

    def finish(self, tx: Connection, call: Call, standing: Standing) -> Step:
        """See FlowDone."""
        if not call.slots.get("instalment_confirmed"):
            return Result()
        agreed = service.agreed_in(tx, call.conversation_id, call.message_id)
        if agreed:
            return do(call, standing, agreed)
        bill_id, terms = call.slots.get("instalment_bill"), call.slots.get("instalment_terms")
        offer = service.offer_for(tx, call.conversation_id, standing, bill_id, terms)
        if offer is None or instalment.is_over(offer.details, call.now):
            return Result([paused(INSTALMENT)])
        return do(call, standing, service.accept_offer(tx, offer, call.message_id, call.now))


async def _quote(customer_ref: str, bill_id: str, terms: int, key: str, backstage: Backstage) -> Quoted:
    bill = _own(await backstage.bank.bills(customer_ref), bill_id)
    return Quoted(bill, await backstage.bank.quote_instalment(bill_id, terms, key) if bill else None)


def _bills(standing: Standing, conclude: Any) -> Ask:
    return Ask(lambda backstage: backstage.bank.bills(str(standing.customer_ref)), conclude)


def _first_look(call: Call, standing: Standing, tx: Connection, bills: Any) -> Result:
    if isinstance(bills, Unavailable | BankRefused):
        return bank_away(tx, call, standing)
    payable = instalment.payable(bills)
    if not payable:
        return _none(standing)
    held = call.slots.get("instalment_bill")
    named = _words_for_a_bill(call) or (held if isinstance(held, dict) else None)
    bill = instalment.answered(bills, None, named["tail"], named["amount"]) if named else _own(bills, held)
    bill = bill or (payable[0] if len(payable) == 1 else None)
    terms = _terms_said(call) or call.slots.get("instalment_terms")
    found = {"instalment_bill": bill.id if bill else None, "instalment_terms": terms}
    return Result(events=[slot(name, value) for name, value in found.items() if value != call.slots.get(name)])


def _words_for_a_bill(call: Call) -> dict[str, str | None] | None:
    """What a sentence names a bill by, before anybody may look it up."""
    tail, amount = call.entities.get("card_tail"), call.entities.get("amount")
    return {"tail": tail, "amount": amount} if tail or amount else None


def _terms_said(call: Call) -> int | None:
    return instalment.terms_of(call.entities.get("count"))


def _read_bill(call: Call, standing: Standing) -> Step | None:
    choice, tail, amount = (call.entities.get(name) for name in ("choice", "card_tail", "amount"))
    if not (choice or tail or amount):
        return None

    def conclude(tx: Connection, bills: Any) -> Result:
        if isinstance(bills, Unavailable | BankRefused):
            return bank_away(tx, call, standing)
        bill = instalment.answered(bills, choice, tail, amount)
        return Result(events=[slot("instalment_bill", bill.id if bill else None)])

    return _bills(standing, conclude)


def _read_terms(call: Call, standing: Standing) -> Step | None:
    answer = call.entities.get("choice") or call.entities.get("count") or service_words.number_alone(call.text)
    if answer:
        return Result(events=[slot("instalment_terms", instalment.terms_of(answer))])
    if may_answer(call, INSTALMENT) and service_words.means_another(call.text):
        return Result(events=[slot("instalment_bill", None)])
    return _read_bill(call, standing) if call.entities.get("card_tail") else None


def _read_word(tx: Connection, call: Call, standing: Standing) -> Result | None:
    answer = call.entities.get("choice") or call.entities.get("count")
    by_words = may_answer(call, INSTALMENT)
    if answer or (by_words and service_words.means_other_terms(call.text)):
        return Result(events=[slot("instalment_terms", instalment.terms_of(answer))])
    if by_words and service_words.means_another(call.text):
        return Result(events=[slot("instalment_bill", None)])
    said = confirmation(call, "instalment_confirmed", AGAIN)
    if said is None or call.intent == "deny":
        return said
    bill_id, terms = call.slots.get("instalment_bill"), call.slots.get("instalment_terms")
    offer = service.offer_for(tx, call.conversation_id, standing, bill_id, terms)
    if offer is None or instalment.is_over(offer.details, call.now):
        over = ("utter_instalment_quote_over", spoken_to(standing))
        return Result([over], [slot("instalment_confirmed", None)])  # the form asks again, with a new quote
    return said


def _none(standing: Standing) -> Result:
    return Result([("utter_instalment_none", spoken_to(standing))], end_of_form())


def _own(bills: list[Bill], bill_id: object) -> Bill | None:
    return next((bill for bill in instalment.payable(bills) if bill.id == bill_id), None)
