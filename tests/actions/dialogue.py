"""Rasa's form, as far as actions can tell: which of them runs when, with which tracker (rasa.core.actions.forms)."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.engine import Connection

from actions import asking, complaint_status, ending, instalment, loss, password_reset, sms_notice
from actions.base import BankAction
from actions.flow import OF_FORM, Flow
from shouwen.content.publication import Publication
from shouwen.conversations import answers
from shouwen.identity import service as identity
from shouwen.identity import store as identity_store
from shouwen.identity.store import Verification
from shouwen.wiring import Backstage
from tests.actions.conftest import RULES, Customer

MODULES = (asking, complaint_status, ending, instalment, loss, password_reset, sms_notice)
DONE = {
    "password_reset_form": "action_password_reset_done",
    "loss_form": "action_loss_done",
    "sms_notice_form": "action_sms_notice_done",
    "instalment_form": "action_instalment_done",
    "complaint_status_form": "action_complaint_status_done",
}
BUILT_IN = {"text", "buttons", "elements", "custom", "template", "response", "image", "attachment"}
Reply = tuple[str, dict[str, Any]]


def actions_of(backstage: Backstage) -> dict[str, BankAction]:
    """Every action of the flows by its name."""
    classes = {
        one
        for module in MODULES
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, BankAction) and not getattr(one, "__abstractmethods__", None)
    }
    built = [one(backstage) for one in classes]
    return {one.name(): one for one in built}


@dataclass
class Dialogue:
    """One customer in the flows. `turn` gives everything the bot says to a message."""

    backstage: Backstage
    customer: Customer
    publication: Publication
    simple: bool = False
    slots: dict[str, Any] = field(default_factory=dict)
    form: str | None = None
    message_id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    trackers: dict[str, Tracker] = field(default_factory=dict)
    _events: list[dict[str, Any]] = field(default_factory=list)
    _latest: dict[str, Any] = field(default_factory=dict)
    _said: list[Reply] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.actions = actions_of(self.backstage)

    async def start(self, form: str, text: str = "", **entities: str) -> list[Reply]:
        """The topic of a form: the form opens."""
        self._hear(OF_FORM[form].topic, text, entities)
        self.form, self.slots["requested_slot"] = form, None
        if self._ends(await self._run(f"validate_{form}")):
            await self.finish()
        else:
            await self._ask()
        return self._said

    async def turn(self, intent: str, text: str = "", **entities: str) -> list[Reply]:
        """A message while a form is open."""
        assert self.form, "no form is open"
        self._hear(intent, text, entities)
        events = await self._run(f"validate_{self.form}")
        if not any(event["name"] != "requested_slot" for event in events):
            self._said.clear()  # with a rejection all that was said is lost
            self._events.append({"event": "action_execution_rejected", "name": self.form})
            events = await self._run(f"validate_{self.form}")
        if self._ends(events):
            await self.finish()
        else:
            await self._ask()
        return self._said

    async def runs(self, name: str) -> list[Reply]:
        """An action a rule names, for the message before."""
        before = len(self._said)
        await self._run(name)
        return self._said[before:]

    async def again(self, name: str) -> list[Reply]:
        """The action as it ran last, for the same message: Rasa repeats a turn that broke off."""
        said: list[Reply] = []
        await self._dispatch(name, self.trackers[name], said)
        return said

    def verified(self, ref: str, *, tail: str | None = None) -> None:
        """Know the customer, by the bank's sign-in, or with a tail as the holder of a card only."""
        now = self.backstage.now()
        verification = Verification(
            conversation_id=self.customer.id, level=1 if tail else 2, customer_ref=ref, subject="s" * 64,
            salutation="王女士", phone_mask="138****8001", elder=False, number_is_new=False, via="otp",
            holder_tail=tail, verified_at=now, fresh_until=now + timedelta(minutes=5), idle_seconds=600,
            idle_until=now + timedelta(minutes=10), expires_at=now + timedelta(minutes=30),
        )  # fmt: skip
        act = OF_FORM[self.form or "loss_form"].act

        def pass_the_check(tx: Connection) -> None:
            identity_store.put_verification(tx, verification)
            identity.begin(tx, RULES, self.customer.id, act, now)  # which ends the check that waited

        self.backstage.database.write_now(pass_the_check)

    async def identified(self, ref: str, form: str, *, tail: str | None = None, **said: Any) -> list[Reply]:
        """Start a flow, pass its check, and hear what comes then."""
        await self.start(form, **said)
        self.verified(ref, tail=tail)
        return await self.turn("identity_done")

    def _hear(self, intent: str, text: str, entities: dict[str, str]) -> None:
        self._said = []
        self.message_id = self.customer.writes(text or intent)
        self._latest = {
            "text": f"\u2060{text}",
            "intent": {"name": intent},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "metadata": {"message_id": self.message_id, "simple": self.simple, **self.metadata},
        }
        self._events.append({"event": "user"})

    async def _ask(self) -> None:
        assert self.form
        wanted = next((name for name in OF_FORM[self.form].slots if self.slots.get(name) is None), None)
        if wanted is None or self._ends(await self._run(f"action_ask_{wanted}")):
            await self.finish()
        else:
            self.slots["requested_slot"] = wanted

    async def finish(self) -> None:
        """The form is over."""
        assert self.form
        ended, self.form, self.slots["requested_slot"] = self.form, None, None
        await self._run(DONE[ended])

    async def _run(self, name: str) -> list[dict[str, Any]]:
        self.trackers[name] = Tracker.from_dict(
            {
                "sender_id": f"{self.customer.id}.1",
                "slots": dict(self.slots),
                "latest_message": self._latest,
                "events": list(self._events),
                "active_loop": {"name": self.form} if self.form else {},
            }
        )
        events = await self._dispatch(name, self.trackers[name], self._said)
        self.slots |= {event["name"]: event["value"] for event in events}
        return events

    async def _dispatch(self, name: str, tracker: Tracker, said: list[Reply]) -> list[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        events = await self.actions[name].run(dispatcher, tracker, {})
        assert all(event["event"] == "slot" for event in events)
        for message in dispatcher.messages:
            values = {key: message[key] for key in message.keys() - BUILT_IN}
            self._check_words(message["response"], values)
            said.append((message["response"], values))
            self._events.append({"event": "bot", "metadata": {"name": message["response"], "values": values}})
        return events

    def _check_words(self, name: str, values: dict[str, Any]) -> None:
        """The shipped words take these values, and every button says something."""
        draft = answers.draft(self.publication, name, values, self.backstage.now())
        assert not draft.faulty, name
        assert all(offer.title for offer in draft.buttons), name

    @staticmethod
    def _ends(events: list[dict[str, Any]]) -> bool:
        return any(event["name"] == "requested_slot" and event["value"] is None for event in events)


def names(said: list[Reply]) -> list[str]:
    """What was said, by name."""
    return [name for name, _ in said]


def held(dialogue: Dialogue, flow: Flow) -> dict[str, Any]:
    """The slots of a flow that hold something."""
    return {name: dialogue.slots[name] for name in flow.slots if dialogue.slots.get(name) is not None}
