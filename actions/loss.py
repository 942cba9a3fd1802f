"""Reporting a lost card: which one, one confirmation, and it is stopped. Done first, explained beside it (tone 7c)."""

from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from actions.asking import AskKnown, asks_once_more
from actions.base import Ask, Call, Result, Step
from actions.doing import ask_for
from actions.ending import FlowDone
from actions.events import end_of_form, slot
from actions.flow import LOSS, spoken_to
from actions.handoff import call_for_human
from actions.reading import ValidateFlow, confirmation, is_hidden_number, may_answer
from shouwen.errors import BankRefused, Unavailable
from shouwen.identity.level import Level, Standing
from shouwen.outside.corebank import Card
from shouwen.servicing import loss_stop
from shouwen.text import service_words
from shouwen.text.service_words import TailsMeant

AGAIN = "utter_loss_confirm_again"


class ValidateLossForm(ValidateFlow):
    """Which card, and whether it is to be stopped. A card is always looked up among the customer's own."""

    flow = LOSS

    def name(self) -> str:
        """See BankAction."""
        return "validate_loss_form"

    def opened(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """See ValidateFlow."""
        return _cards(standing, partial(_first_look, call, standing))

    def read(self, tx: Connection, call: Call, standing: Standing) -> Step | None:  # noqa: ARG002
        """See ValidateFlow."""
        choice, meant = call.entities.get("choice"), _tails_meant(call)
        if choice or meant.named or meant.ruled_out:
            return _cards(standing, partial(_named, call, standing, choice, meant))
        if call.requested_slot == "loss_card":
            # the form asks again, and says how to name a card
            return Result(events=[slot("loss_card", None)]) if is_hidden_number(call) else None
        if may_answer(call, LOSS) and service_words.means_another(call.text):
            return Result(events=[slot("loss_card", None)])
        return confirmation(call, "loss_confirmed", AGAIN, yes=_says_yes(call))


class AskLossCard(AskKnown):
    """Which of several cards."""

    def name(self) -> str:
        """See BankAction."""
        return "action_ask_loss_card"

    def ask_known(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """See AskKnown."""

        def choose(tx: Connection, cards: Any) -> Result:
            if isinstance(cards, Unavailable | BankRefused):
                return _by_people(tx, call)
            usable = loss_stop.in_use(cards, standing.holder_tail)
            left = loss_stop.without(usable, service_words.tails_meant(call.text).ruled_out)
            is_listed = standing.level >= Level.CUSTOMER  # a contact is not told which cards there are (§3.1)
            choices = loss_stop.choices(left or usable) if is_listed else []
            values = {**spoken_to(standing), "choices": choices, "listed": is_listed, "by_tail": is_hidden_number(call)}
            return Result([("utter_loss_choose", values)])

        return _cards(standing, choose)


class AskLossConfirmed(AskKnown):
    """The one question before a card is stopped."""

    def name(self) -> str:
        """See BankAction."""
        return "action_ask_loss_confirmed"

    def ask_known(self, tx: Connection, call: Call, standing: Standing) -> Step:  # noqa: ARG002
        """See AskKnown."""
        words = AGAIN if asks_once_more(call, "loss_confirmed", AGAIN, yes=_says_yes(call)) else "utter_loss_confirm"

        def confirm(tx: Connection, cards: Any) -> Result:
            card = None if isinstance(cards, Unavailable | BankRefused) else _own(cards, call.slots["loss_card"])
            if card is None:
                return _by_people(tx, call)
            return Result([(words, {**spoken_to(standing), "tail": card.tail, "kind": card.kind})])

        return _cards(standing, confirm)


class LossDone(FlowDone):
    """Stops the card. Without an answer of the bank it is tried again by jobs until it works."""

    flow = LOSS

    def name(self) -> str:
        """See BankAction."""
        return "action_loss_done"

    def locked_out(self, tx: Connection, call: Call) -> Step:
        """See FlowDone: the 24-hour line, and an urgent call back."""
        return Result(_by_people(tx, call).replies)

    def finish(self, tx: Connection, call: Call, standing: Standing) -> Step:
        """See FlowDone."""
        card = call.slots.get("loss_card")
        if not (card and call.slots.get("loss_confirmed")):
            return Result()
        asked = call.said.get(AGAIN) or call.said.get("utter_loss_confirm") or {}
        return ask_for(tx, call, standing, LOSS, {"card": str(card), "tail": asked.get("tail", "")})


def _says_yes(call: Call) -> bool:
    return may_answer(call, LOSS) and service_words.confirms_loss(call.text)


def _tails_meant(call: Call) -> TailsMeant:
    meant, tail = service_words.tails_meant(call.text), call.entities.get("card_tail")
    return TailsMeant((tail,), meant.ruled_out) if tail and not (meant.named or meant.ruled_out) else meant


def _cards(standing: Standing, conclude: Any) -> Ask:
    return Ask(lambda backstage: backstage.bank.cards(str(standing.customer_ref)), conclude)


def _first_look(call: Call, standing: Standing, tx: Connection, cards: Any) -> Result:
    if isinstance(cards, Unavailable | BankRefused):
        return _by_people(tx, call)
    meant = _tails_meant(call)
    held = _own(cards, call.slots.get("loss_card"))
    left = loss_stop.without(cards, meant.ruled_out)
    tail = meant.named[0] if meant.named else standing.holder_tail
    chosen = held or loss_stop.answered(left, None, tail) or loss_stop.only_one(left)
    if chosen:
        return _chosen(standing, cards, chosen)
    if loss_stop.in_use(cards):
        return Result()
    stopped = loss_stop.stopped(cards)
    return _all_stopped(standing, stopped) if stopped else _by_people(tx, call)


def _named(call: Call, standing: Standing, choice: str | None, meant: TailsMeant, tx: Connection, cards: Any) -> Result:
    if isinstance(cards, Unavailable | BankRefused):
        return _by_people(tx, call)
    left = loss_stop.without(cards, meant.ruled_out)
    if choice or meant.named:
        card = loss_stop.answered(left, choice, meant.named[0] if meant.named else None)
    else:
        card = loss_stop.only_one(left)
    return _chosen(standing, cards, card) if card else Result(events=[slot("loss_card", None)])


def _chosen(standing: Standing, cards: list[Card], card: Card) -> Result:
    if card.state != "stopped":
        return Result(events=[slot("loss_card", card.id)])
    if loss_stop.in_use(cards):  # the one that is lost may be another
        return Result([_already(standing, card)], [slot("loss_card", None)])
    return _all_stopped(standing, [card])


def _all_stopped(standing: Standing, cards: list[Card]) -> Result:
    told = [_already(standing, card) for card in cards]
    return Result(told, [slot("loss_card", None), *end_of_form()])


def _already(standing: Standing, card: Card) -> tuple[str, dict[str, Any]]:
    name, values = loss_stop.already(card)
    return name, {**spoken_to(standing), **values}


def _own(cards: list[Card], card_id: object) -> Card | None:
    return next((card for card in cards if card.id == card_id), None)


def _by_people(tx: Connection, call: Call) -> Result:
    """The chat cannot stop the card now: the 24-hour line, and a person is to call urgently."""
    phone = call_for_human(tx, call, "loss").contact_mask
    return Result([("utter_loss_locked", {"phone": phone} if phone else {})], end_of_form())
