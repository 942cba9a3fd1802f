"""What the sandbox bank does for its customers."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from shouwen.outside.corebank import Application, Bill, LossStop, Quote, SmsNotice
from shouwen.sandbox import instalment
from shouwen.sandbox.ledger import BillAccount, Ledger, Person, Refusal
from shouwen.text.zh import SHANGHAI

STOP_LASTS = timedelta(days=5)
QUOTE_LASTS = timedelta(minutes=30)
SMS_FEE_MONTH = Decimal("2.00")


class Counter:
    """Services on a ledger. Every method raises Refusal when the bank says no."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self._quotes: dict[str, tuple[Quote, BillAccount]] = {}

    def stop_card(self, card_id: str) -> LossStop:
        """Stop a card for five days; a stopped one stays as it is."""
        card, now = self._ledger.card(card_id), self._now()
        if card.state == "closed":
            raise Refusal(409, "card_closed")
        already = card.is_stopped(now)
        if not already:
            card.stopped_until, card.receipt = now + STOP_LASTS, _receipt("LS")
        assert card.stopped_until is not None
        return LossStop(card.public(now), card.stopped_until, card.receipt, already)

    def may_reset_password(self, ref: str) -> None:
        """Whether the customer has a login whose password can be set anew."""
        person = self._ledger.by_ref(ref)
        if person.state not in ("active", "locked"):
            raise Refusal(409, "customer_not_active")
        if person.app_since is None:
            raise Refusal(409, "no_app")

    def may_sign_in(self, ref: str) -> None:
        """Whether the customer could sign in to the bank's app now."""
        self.may_reset_password(ref)
        if self._ledger.by_ref(ref).state == "locked":
            raise Refusal(409, "customer_not_active")

    def sms_notice(self, ref: str) -> SmsNotice:
        """The notice as it is."""
        return SmsNotice(self._ledger.by_ref(ref).sms_on, SMS_FEE_MONTH, None, None)

    def set_sms_notice(self, ref: str, on: bool) -> SmsNotice:
        """Effective at once."""
        person = self._served(ref)
        person.sms_on = on
        return SmsNotice(on, SMS_FEE_MONTH, self._now(), _receipt("SN"))

    def bills(self, ref: str) -> list[Bill]:
        """The open bills, and which of them may be paid in instalments."""
        person = self._ledger.by_ref(ref)
        return [
            Bill(bill.id, bill.card_tail, bill.amount, bill.due, bill.title, self._why_not(person, bill) is None)
            for bill in person.bills
        ]

    def quote(self, bill_id: str, terms: int) -> Quote:
        """The full cost, binding for half an hour."""
        person, bill = self._ledger.bill(bill_id)
        if reason := self._why_not(person, bill):
            raise Refusal(409, reason)
        if terms not in instalment.TERMS:
            raise Refusal(422, "terms_not_offered")
        plan = instalment.plan(bill.amount, terms)
        quote = Quote(
            id=f"Q-{secrets.token_hex(8)}",
            principal=plan.principal,
            fee_total=plan.fee_total,
            total=plan.total,
            first_payment=plan.first,
            terms=terms,
            monthly=plan.monthly,
            annual_rate=plan.annual_rate,
            valid_until=self._now() + QUOTE_LASTS,
        )
        self._quotes[quote.id] = (quote, bill)
        return quote

    def apply(self, quote_id: str) -> Application:
        """Take up a quote; the first payment is due with the bill."""
        if quote_id not in self._quotes:
            raise Refusal(404, "unknown_quote")
        quote, bill = self._quotes[quote_id]
        if bill.in_instalments:
            raise Refusal(409, "already_applied")
        if self._now() >= quote.valid_until:
            raise Refusal(409, "quote_over")
        bill.in_instalments = True
        return Application(_receipt("IN"), bill.due)

    def _served(self, ref: str) -> Person:
        person = self._ledger.by_ref(ref)
        if person.state in ("closed", "frozen"):
            raise Refusal(409, "customer_not_active")
        return person

    def _why_not(self, person: Person, bill: BillAccount) -> str | None:
        today = self._now().astimezone(SHANGHAI).date()
        if person.state in ("closed", "frozen"):
            return "customer_not_active"
        if bill.in_instalments:
            return "already_applied"
        if today >= bill.due:  # until the day before the bill is due
            return "bill_not_eligible"
        return "bill_too_small" if bill.amount < instalment.MINIMUM else None


def _receipt(kind: str) -> str:
    return f"{kind}-{secrets.token_hex(6).upper()}"
