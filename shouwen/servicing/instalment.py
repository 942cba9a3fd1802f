"""Paying a bill in instalments: what may be chosen, what it costs, and what the customer is told (R51, R56)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shouwen.outside.corebank import Application, Bill, Quote
from shouwen.servicing.money import percent, yuan
from shouwen.text.moments import day, moment

Reply = tuple[str, Mapping[str, Any]]

TERMS = (3, 6, 12, 24)  # monthly payments a customer may choose (facts.credit_card.instalment_terms)


def payable(bills: Sequence[Bill]) -> list[Bill]:
    """The bills the bank lets its customer pay in instalments, the one due first in front."""
    allowed = [bill for bill in bills if bill.instalment_allowed and bill.amount > 0]
    return sorted(allowed, key=lambda bill: (bill.due, bill.id))


def answered(bills: Sequence[Bill], choice: str | None, tail: str | None, amount: str | None) -> Bill | None:
    """The bill that a button, a card tail or an amount names; None when they name none or several."""
    named = [
        bill
        for bill in payable(bills)
        if choice in (bill.id, None) and tail in (bill.card_tail, None) and _is(bill.amount, amount)
    ]
    return named[0] if len(named) == 1 and (choice or tail or amount) else None


def terms_of(answer: str | None) -> int | None:
    """The number of payments in an answer such as 12 or 12期, when it is one that is offered."""
    digits = re.sub(r"\D", "", answer or "")
    return int(digits) if digits and len(digits) < 3 and int(digits) in TERMS else None


def bill_choices(bills: Sequence[Bill]) -> list[dict[str, Any]]:
    """A button a bill."""
    return [{"label": "inform", "entities": {"choice": bill.id}, **bill_values(bill)} for bill in bills]


def bill_values(bill: Bill) -> dict[str, Any]:
    """What a reply says of a bill."""
    return {"title": bill.title, "tail": bill.card_tail, "amount": yuan(bill.amount), "due": day(bill.due)}


def terms_choices() -> list[dict[str, Any]]:
    """A button for each number of payments."""
    return [{"label": "inform", "entities": {"choice": str(terms)}, "terms": terms} for terms in TERMS]


def quote_values(bill: Bill, quote: Quote) -> dict[str, Any]:
    """The whole cost of a quote (R56)."""
    return {
        "title": bill.title,
        "tail": bill.card_tail,
        "terms": quote.terms,
        "principal": yuan(quote.principal),
        "fee_total": yuan(quote.fee_total),
        "monthly": yuan(quote.monthly),
        "first_payment": yuan(quote.first_payment),
        "total": yuan(quote.total),
        "annual_rate": percent(quote.annual_rate),
        "valid_until": moment(quote.valid_until),
    }


def offer(bill: Bill, quote: Quote) -> dict[str, Any]:
    """What is kept of a quote: no amounts."""
    return {"bill": bill.id, "quote": quote.id, "terms": quote.terms, "valid_until": quote.valid_until.isoformat()}


def is_for(details: Mapping[str, Any], bill_id: object, terms: object) -> bool:
    """Whether an offer is for this bill and this number of payments."""
    return bool(details["bill"] == bill_id and details["terms"] == terms)


def is_over(details: Mapping[str, Any], now: datetime) -> bool:
    """True when the bank no longer stands by an offer."""
    return now >= datetime.fromisoformat(details["valid_until"])


def facts(answer: Application) -> dict[str, Any]:
    """What is kept of the bank's answer, so that a repeat can say the same."""
    return {"first_due": answer.first_due.isoformat()}


def told(details: Mapping[str, Any], receipt: str | None) -> Reply:
    """What the customer reads of instalments that were granted."""
    first_due = day(date.fromisoformat(details["first_due"]))
    return "utter_instalment_done", {"terms": details["terms"], "first_due": first_due, "receipt": receipt}


def _is(amount: Decimal, named: str | None) -> bool:
    return named is None or Decimal(named) == amount
