"""Having the bank do something: kept first, asked outside the transaction, answered in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.engine import Connection

from actions.base import Ask, Call, Result, Step
from actions.flow import Flow, spoken_to
from shouwen.identity.level import Standing
from shouwen.servicing import service
from shouwen.servicing.request import ServiceRequest


def ask_for(tx: Connection, call: Call, standing: Standing, flow: Flow, details: Mapping[str, Any]) -> Step:
    """Have a flow's act done once, however often this message is handled."""
    customer_ref = str(standing.customer_ref)
    request = service.want(tx, call.conversation_id, call.message_id, flow.act, customer_ref, details, call.now)
    return do(call, standing, request)


def do(call: Call, standing: Standing, request: ServiceRequest) -> Step:
    """Ask the bank for a request, unless it was done before, and say what came of it."""
    if request.state == "done":
        return in_words(service.told(request), standing)

    def conclude(tx: Connection, answer: Any) -> Result:
        return in_words(service.record(tx, request, answer, call.now).replies, standing)

    return Ask(lambda backstage: service.question(request)(backstage.bank), conclude)


def in_words(replies: Iterable[service.Reply], standing: Standing) -> Result:
    """Replies to a verified customer."""
    return Result([(name, {**spoken_to(standing), **values}) for name, values in replies])
