"""From names of replies to messages: words, buttons, and what stands beside them. Pure."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shouwen.content.publication import Publication
from shouwen.content.render import error_reply, fill, render
from shouwen.content.reply import Reply
from shouwen.conversations import cards
from shouwen.conversations.message import Offer
from shouwen.errors import ContentFault, Unavailable

log = logging.getLogger(__name__)

HUMAN_LABEL = "handoff_request"
NONE_LABEL = "nlu_fallback"
_ASK_BACK = ("utter_ask_back", "utter_ask_back_one")
PREFACES = {
    "anger": "utter_offer_human_anger",
    "elder": "utter_offer_human_elder",
    "repeat": "utter_offer_human_repeat",
}


@dataclass(frozen=True)
class Draft:
    """A message to be: its words, what its buttons stand for, and the card beside it."""

    reply: str
    text: str
    buttons: tuple[Offer, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    faulty: bool = False
    card: Mapping[str, Any] | None = None


def compose(
    publication: Publication,
    replies: Sequence[Mapping[str, Any]],
    preface: str | None,
    now: datetime,
    *,
    simple: bool = False,
) -> list[Draft]:
    """The messages of a turn. `preface` is the reason a human is offered in the first sentence (tone.md 7c), or None.

    `simple` as of a conversation: a flow that asks goes without its notes, so that the question is seen (R75).
    A reply that cannot be given becomes an apology with a human beside it, never a raw placeholder.
    """
    drafts = [draft(publication, str(r["name"]), r.get("values") or {}, now, simple=simple) for r in replies]
    if preface and drafts and not _leads_to_a_human(drafts[0]):
        drafts[0] = _prefaced(publication, drafts[0], preface, now)
    return drafts


def draft(
    publication: Publication, name: str, values: Mapping[str, Any], now: datetime, *, simple: bool = False
) -> Draft:
    """One reply in words, with its buttons and its card.

    Two values are no words: `secure_form` becomes a card, `choices` (each a `label`, `entities`, and what the reply's
    `choice` names) become buttons.
    """
    labels = [str(v) for v in values.values()] if name in _ASK_BACK else []
    if labels:
        values = {key: publication.title(str(label)) for key, label in values.items()}
    try:
        rendered = render(publication, name, values, now, simple=simple)
        choices = [_choice(publication, rendered.reply, choice) for choice in values.get("choices", ())]
        card = cards.secure_form(publication, values["secure_form"]) if "secure_form" in values else None
    except ContentFault as fault:
        log.error("content fault: %s", fault)
        apology = error_reply(fault)
        text = render(publication, apology, {}, now).text
        return Draft(apology, text, (human_button(publication),), {"human": True}, faulty=True)
    reply = rendered.reply
    answers = reply.kind in ("fact", "process", "flow")
    buttons = [*choices, *(Offer(title, label) for title, label in reply.buttons)]
    buttons += [Offer(publication.title(topic), topic) for topic in [*labels, *reply.related]]
    if labels:
        buttons.append(Offer(publication.title(NONE_LABEL), NONE_LABEL))
    if reply.human or reply.kind == "flow":
        buttons.append(human_button(publication))
    extras: dict[str, Any] = {}
    if answers:
        extras = {"about": reply.topic, "updated": reply.updated.isoformat(), "feedback": True}
    # an action that failed names the apology itself: its question must reach a person too
    faulty = name == error_reply(Unavailable("", ""))
    return Draft(name, rendered.text, tuple(dict.fromkeys(buttons)), extras, faulty, card)


def human_button(publication: Publication) -> Offer:
    """The way to a person."""
    return Offer(publication.title(HUMAN_LABEL), HUMAN_LABEL)


def _choice(publication: Publication, reply: Reply, choice: Mapping[str, Any]) -> Offer:
    entities = tuple((str(name), str(value)) for name, value in choice.get("entities", {}).items())
    return Offer(fill(publication, reply, reply.choice, choice), str(choice["label"]), entities)


def _leads_to_a_human(first: Draft) -> bool:
    return first.reply.startswith(("utter_handoff", "utter_self_harm", "utter_legal_rights", "utter_ask_callback"))


def _prefaced(publication: Publication, answer: Draft, reason: str, now: datetime) -> Draft:
    buttons = tuple(dict.fromkeys((*answer.buttons, human_button(publication))))
    try:
        text = f"{render(publication, PREFACES[reason], {}, now).text}\n{answer.text}"
    except ContentFault as fault:  # the answer itself is sound, and the button stands beside it
        log.error("content fault: %s", fault)
        text = answer.text
    return replace(answer, text=text, buttons=buttons)
