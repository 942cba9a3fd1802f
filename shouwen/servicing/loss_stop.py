"""The temporary stop of a lost card: which card, and what the customer is told (储蓄管理条例 31, R50, tone T11)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from shouwen.outside.corebank import Card, LossStop
from shouwen.text.moments import moment

Reply = tuple[str, Mapping[str, Any]]


def in_use(cards: Sequence[Card], first_tail: str | None = None) -> list[Card]:
    """The cards that could still be used by a finder; the one whose tail the customer named comes first."""
    usable = [card for card in cards if card.state in ("normal", "frozen")]
    return sorted(usable, key=lambda card: card.tail != first_tail)


def stopped(cards: Sequence[Card]) -> list[Card]:
    """The cards that are stopped already, the one that stays so longest first."""
    held = [card for card in cards if card.state == "stopped"]
    return sorted(held, key=lambda card: card.stopped_until.timestamp() if card.stopped_until else 0.0, reverse=True)


def only_one(cards: Sequence[Card]) -> Card | None:
    """The card that needs no choosing, if there is just one that is not closed."""
    candidates = [*in_use(cards), *stopped(cards)]
    return candidates[0] if len(candidates) == 1 else None


def answered(cards: Sequence[Card], choice: str | None, tail: str | None) -> Card | None:
    """The customer's own card that a button or a typed tail names; None when neither names exactly one."""
    candidates = [*in_use(cards), *stopped(cards)]
    named = [card for card in candidates if choice in (card.id, None) and tail in (card.tail, None)]
    return named[0] if len(named) == 1 and (choice or tail) else None


def without(cards: Sequence[Card], tails: Collection[str]) -> list[Card]:
    """The cards the customer did not rule out."""
    return [card for card in cards if card.tail not in tails]


def choices(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """A button a card."""
    return [
        {"label": "inform", "entities": {"choice": card.id}, "tail": card.tail, "kind": card.kind} for card in cards
    ]


def already(card: Card) -> Reply:
    """What to say of a card that is stopped: until when."""
    until = moment(card.stopped_until) if card.stopped_until else ""
    return "utter_loss_already", {"tail": card.tail, "kind": card.kind, "until": until}


def facts(stop: LossStop) -> dict[str, Any]:
    """What is kept of the bank's answer, so that a repeat can say the same."""
    card = stop.card
    return {"tail": card.tail, "kind": card.kind, "until": stop.until.isoformat(), "already": stop.already}


def told(details: Mapping[str, Any], receipt: str | None) -> Reply:
    """What the customer reads of a stop that was made, in the turn that asked for it."""
    if details["already"]:
        return "utter_loss_already", _values(details)
    return "utter_loss_done", {**_values(details), "receipt": receipt}


def told_later(details: Mapping[str, Any], receipt: str | None) -> Reply:
    """The same for a stop that worked only after the turn was over."""
    return "utter_loss_worked_later", {**_values(details), "receipt": receipt}


def notification(details: Mapping[str, Any]) -> Reply:
    """What all channels on file are told."""
    return "utter_text_loss_stopped", _values(details)


def _values(details: Mapping[str, Any]) -> dict[str, Any]:
    until = moment(datetime.fromisoformat(details["until"]))
    return {"tail": details["tail"], "kind": details["kind"], "until": until}
