"""The reset of the login password: a link to the number on file, or a person when there is a risk (identity §3.3)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from actions.base import Ask, Call, Result, Step
from actions.doing import in_words
from actions.ending import FlowDone
from actions.flow import PASSWORD_RESET, spoken_to
from actions.handoff import hand_off
from actions.reading import ValidateFlow
from shouwen.content import service as content
from shouwen.content.render import render
from shouwen.conversations.sessions import new_id
from shouwen.errors import BankRefused, Unavailable
from shouwen.identity import links
from shouwen.identity import service as identity
from shouwen.identity.fields import bare_phone, phone_mask
from shouwen.identity.level import Standing
from shouwen.outside.corebank import Customer
from shouwen.servicing import password_reset, service
from shouwen.servicing.request import ServiceRequest
from shouwen.wiring import Backstage


class ValidatePasswordResetForm(ValidateFlow):
    """Nothing but who asks."""

    flow = PASSWORD_RESET

    def name(self) -> str:
        """See BankAction."""
        return "validate_password_reset_form"


class PasswordResetDone(FlowDone):
    """Judges the risk, has the bank begin the reset, mints the link and sends it. The chat never shows it."""

    flow = PASSWORD_RESET

    def name(self) -> str:
        """See BankAction."""
        return "action_password_reset_done"

    def finish(self, tx: Connection, call: Call, standing: Standing) -> Step:
        """See FlowDone."""
        customer_ref = str(standing.customer_ref)
        request = service.want(
            tx, call.conversation_id, call.message_id, PASSWORD_RESET.act, customer_ref, {}, call.now
        )
        if request.state == "done":
            return _sent_to(str(standing.phone_mask), call, standing)
        reset = _Reset(call, standing, request)
        return Ask(lambda backstage: backstage.bank.customer(customer_ref), reset.judge)


class _Reset:
    """One reset on its way, a transaction a step."""

    def __init__(self, call: Call, standing: Standing, request: ServiceRequest) -> None:
        self._call = call
        self._standing = standing
        self._request = request

    def judge(self, tx: Connection, customer: Any) -> Step:
        """A person takes over when something is odd; the words give an attacker no hint."""
        if customer is None:
            customer = BankRefused("unknown_customer")
        if isinstance(customer, Unavailable | BankRefused):
            return self._not_done(tx, customer)
        call = self._call
        reason = identity.risk(tx, call.rules, call.conversation_id, customer, call.now)
        if reason:
            service.fail(tx, self._request, reason)
            handed_off = hand_off(tx, call, "risk")
            return Result(
                [("utter_reset_risk_stop", spoken_to(self._standing)), *handed_off.replies], handed_off.events
            )
        begin = service.question(self._request)
        return Ask(lambda backstage: begin(backstage.bank), partial(self._mint, customer))

    def _mint(self, customer: Customer, tx: Connection, page: Any) -> Step:
        if isinstance(page, Unavailable | BankRefused):
            return self._not_done(tx, page)
        call = self._call
        token = links.mint(tx, call.rules, customer.ref, call.conversation_id, call.now)
        _number, publication = content.in_service(tx, None)
        values = {"link": password_reset.link(page, token), "minutes": _minutes(call)}
        text = render(publication, "utter_text_reset_link", values, call.now).text
        return Ask(_message(customer.phone, text), partial(self._sent, phone_mask(bare_phone(customer.phone))))

    def _sent(self, phone: str, tx: Connection, answer: Any) -> Step:
        if isinstance(answer, Unavailable | BankRefused):
            return self._not_done(tx, answer)
        service.finish(tx, self._request, {}, None)
        return _sent_to(phone, self._call, self._standing)

    def _not_done(self, tx: Connection, error: Unavailable | BankRefused) -> Result:
        replies = service.record(tx, self._request, error, self._call.now).replies
        return in_words(replies, self._standing)


def _message(phone: str, text: str) -> Callable[[Backstage], Any]:
    # a key a link: after a crash another link goes out, and the first one is dead
    key = new_id()
    return lambda backstage: backstage.messenger.send(phone, "sms", text, key)


def _sent_to(phone: str, call: Call, standing: Standing) -> Result:
    return Result([("utter_reset_link_sent", {**spoken_to(standing), "phone_mask": phone, "minutes": _minutes(call)})])


def _minutes(call: Call) -> int:
    return call.rules.reset_link_life // timedelta(minutes=1)
