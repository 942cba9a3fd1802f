"""From a reply's name and values to what the customer reads. A missing fact is an error, never a raw placeholder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from shouwen import errors
from shouwen.content.publication import Publication
from shouwen.content.reply import Reply
from shouwen.errors import ContentFault, ReplyExpired
from shouwen.text import zh

CIRCLED = "①②③④⑤⑥⑦"

# What a customer is told when something goes wrong; looked up by the error's class, then by its parents.
ERROR_REPLIES: Mapping[type[errors.ShouwenError], str] = {
    errors.ShouwenError: "utter_unavailable",
    errors.InvalidInput: "utter_bad_input",
    errors.EmptyMessage: "utter_empty",
    errors.MessageTooLong: "utter_too_long",
    errors.NotSignedIn: "utter_session_expired",
    errors.NotAllowed: "utter_not_allowed",
    errors.NotFound: "utter_not_found",
    errors.Conflict: "utter_unavailable",
    errors.BankRefused: "utter_unavailable",
    errors.ButtonUsed: "utter_button_used",
    errors.FormOver: "utter_form_over",
    errors.TooManyRequests: "utter_too_fast",
    errors.Unavailable: "utter_unavailable",
    errors.ContentFault: "utter_unavailable",
    errors.ReplyExpired: "utter_answer_expired",
    errors.Misconfigured: "utter_unavailable",
}

_templates = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)


@dataclass(frozen=True)
class Rendered:
    """The words, and the reply they come from."""

    text: str
    reply: Reply


def error_reply(error: errors.ShouwenError) -> str:
    """The name of the reply for an error."""
    return next(ERROR_REPLIES[kind] for kind in type(error).__mro__ if kind in ERROR_REPLIES)


def render(
    publication: Publication, name: str, values: Mapping[str, Any], now: datetime, *, simple: bool = False
) -> Rendered:
    """The reply `name` with its values filled in, as of `now`. Every reply may ask `open_now`: does the hotline answer?

    `simple` leaves the notes of a flow out.
    Raises ContentFault when it is unknown or a fact or value is missing, ReplyExpired outside its dates.
    """
    reply = publication.replies.get(name)
    if reply is None:
        raise ContentFault(name, "there is no such reply")
    local = now.astimezone(zh.SHANGHAI)
    if not reply.is_valid_on(local.date()):
        raise ReplyExpired(name, f"is valid from {reply.effective} to {reply.expires}")
    scope = {**values, "bank": publication.bank, "facts": publication.bank["facts"]}
    try:
        scope["open_now"] = _is_open(publication.bank, local.time())
        shown = replace(reply, notes=()) if simple and reply.kind == "flow" else reply
        return Rendered("\n".join(_lines(shown, scope)), reply)
    except Exception as error:  # a template is an expression of the bank's: it may divide by nought
        raise ContentFault(name, f"{type(error).__name__}: {error}") from error


def fill(publication: Publication, reply: Reply, template: str, values: Mapping[str, Any]) -> str:
    """A template of a reply beside its words, such as the title of a choice. Raises ContentFault."""
    try:
        return _fill(template, {**values, "bank": publication.bank, "facts": publication.bank["facts"]})
    except Exception as error:  # as above
        raise ContentFault(reply.name, f"{type(error).__name__}: {error}") from error


def unfit(publication: Publication, now: datetime) -> list[str]:
    """Why a publication must not go into service: the replies we fall back on must always render."""
    faults = []
    for name in sorted(set(ERROR_REPLIES.values())):
        try:
            render(publication, name, {"limit": 0}, now)
        except ContentFault as fault:
            faults.append(str(fault))
    return faults


def _is_open(bank: Mapping[str, Any], at: time) -> bool:
    return time.fromisoformat(bank["hotline_open"]) <= at < time.fromisoformat(bank["hotline_close"])


def _lines(reply: Reply, scope: Mapping[str, Any]) -> list[str]:
    lines = [_fill(reply.text, scope)]
    lines += [f"{CIRCLED[i]} {_fill(step, scope)}" for i, step in enumerate(reply.steps)]
    if reply.materials:
        lines.append(f"所需材料：{_fill(reply.materials, scope)}")
    if reply.duration:
        lines.append(f"办理时间：{_fill(reply.duration, scope)}")
    if reply.notes:
        lines.append("注意事项：")
        lines += [f"· {_fill(note, scope)}" for note in reply.notes]
    if reply.next:
        lines.append(_fill(reply.next, scope))
    return lines


def _fill(template: str, scope: Mapping[str, Any]) -> str:
    return str(_template(template).render(scope)).strip()


def _template(source: str) -> Any:
    # compiled once: Jinja2 caches loaded templates only, and every turn renders
    if source not in _compiled:
        _compiled[source] = _templates.from_string(source)
    return _compiled[source]


_compiled: dict[str, Any] = {}
