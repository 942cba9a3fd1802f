"""Stand-ins for the actions of the flows: the same names and the same slots, no bank behind them.

What the real ones would ask the services stands in a turn's metadata: `allowed` (the identity service grants the act).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

FORMS: Mapping[str, tuple[str, ...]] = {
    "password_reset_form": ("identity",),
    "loss_form": ("identity", "loss_card", "loss_confirmed"),
    "sms_notice_form": ("identity", "sms_wish", "sms_confirmed"),
    "instalment_form": ("identity", "instalment_bill", "instalment_terms", "instalment_confirmed"),
    "complaint_status_form": ("identity",),
}
TOPICS: Mapping[str, str] = {
    "password_reset_form": "password_reset_login",
    "loss_form": "card_report_loss",
    "sms_notice_form": "sms_notice",
    "instalment_form": "bill_instalment",
    "complaint_status_form": "complaint_status",
}
DONE: Mapping[str, str] = {
    "password_reset_form": "action_password_reset_done",
    "loss_form": "action_loss_done",
    "sms_notice_form": "action_sms_notice_done",
    "instalment_form": "action_instalment_done",
    "complaint_status_form": "action_complaint_status_done",
}
WORKED: Mapping[str, str] = {
    "password_reset_form": "utter_reset_link_sent",
    "loss_form": "utter_loss_done",
    "sms_notice_form": "utter_sms_done",
    "instalment_form": "utter_instalment_done",
    "complaint_status_form": "utter_complaint_status_none",
}
ASKED: Mapping[str, str] = {
    "identity": "utter_identity_phone",
    "loss_card": "utter_loss_choose",
    "loss_confirmed": "utter_loss_confirm",
    "sms_wish": "utter_sms_wish",
    "sms_confirmed": "utter_sms_confirm",
    "instalment_bill": "utter_instalment_choose",
    "instalment_terms": "utter_instalment_terms",
    "instalment_confirmed": "utter_instalment_quote",
}
_TYPED = {"loss_card": "card_tail", "instalment_bill": "card_tail", "instalment_terms": "count"}
_INTERRUPTIONS = 2  # in a row, then the flow is put aside


@dataclass(frozen=True)
class Turn:
    """What an action is told of the turn. `came_back`: something else was answered, and the form asks again."""

    action: str
    intent: str
    slots: Mapping[str, Any]
    form: str | None
    entities: Mapping[str, Any]
    metadata: Mapping[str, Any]
    came_back: bool

    @property
    def requested(self) -> Any:
        """The slot that is being asked for."""
        return self.slots.get("requested_slot")


def read(body: Mapping[str, Any]) -> Turn:
    """The turn in a call of Rasa's."""
    tracker = body["tracker"]
    form = (tracker["active_loop"] or {}).get("name")
    starts = [place for place, event in enumerate(tracker["events"]) if event["event"] == "user"]
    since = tracker["events"][starts[-1] :]
    latest = tracker["latest_message"]
    return Turn(
        action=body["next_action"],
        intent=latest["intent"]["name"],
        slots=tracker["slots"],
        form=form,
        entities={entity["entity"]: entity["value"] for entity in latest.get("entities", ())},
        metadata=latest.get("metadata") or {},
        came_back=any(e["event"] == "action_execution_rejected" and e["name"] == form for e in since),
    )


def said(name: Any, text: Any = None, **values: Any) -> dict[str, Any]:
    """What rasa-sdk's dispatcher makes of `utter_message(response=name, **values)`."""
    empty = {"buttons": [], "elements": [], "custom": {}, "image": None, "attachment": None}
    return {"text": text, "template": name, "response": name, **empty, **values}


def slot(name: str, value: Any) -> dict[str, Any]:
    """The event that sets a slot."""
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def result(replies: list[Any], *events: Any) -> dict[str, Any]:
    """What an action answers."""
    return {"events": list(events), "responses": replies}


def validate(turn: Turn) -> dict[str, Any]:
    """A form's slots from the turn: an answer fills the slot asked for, a no ends the form."""
    name = turn.requested or "identity"
    if turn.came_back:
        return result([])
    value = _identity(turn) if name == "identity" else _answer(turn, name)
    if value is None:
        return result([])
    ends = value is False or value in ("failed", "refused")
    progress = slot("interruptions", 0)
    return result([], slot(name, value), progress, *([slot("requested_slot", None)] if ends else []))


def _identity(turn: Turn) -> str | None:
    if turn.metadata.get("allowed"):
        return "done"
    if turn.requested != "identity":
        return None
    return {"identity_failed": "failed", "deny": "refused"}.get(turn.intent)


def _answer(turn: Turn, name: str) -> Any:
    if name.endswith("_confirmed"):
        return {"affirm": True, "deny": False}.get(turn.intent)
    if turn.intent == "inform" and "choice" in turn.entities:
        return turn.entities["choice"]
    return turn.entities.get(_TYPED.get(name, ""))


def ask(name: str) -> Callable[[Turn], dict[str, Any]]:
    """The question for a slot; identity is not asked for without end."""

    def asked(turn: Turn) -> dict[str, Any]:
        if name != "identity" or not turn.came_back:
            return result([said(ASKED[name])])
        count = int(turn.slots.get("interruptions") or 0) + 1
        if count >= _INTERRUPTIONS:
            return result([], slot("requested_slot", None))
        return result([said("utter_identity_again")], slot("interruptions", count))

    return asked


def done(form: str) -> Callable[[Turn], dict[str, Any]]:
    """The end of a form: its act, or why there was none; the way back to a flow that waits."""

    def ended(turn: Turn) -> dict[str, Any]:
        filled = [turn.slots.get(name) for name in FORMS[form]]
        if turn.slots.get("identity") is None:
            words = [said("utter_flow_paused", choices=[{"label": TOPICS[form]}])]
        elif all(filled) and filled[0] == "done":
            words = [said(WORKED[form])]
        else:
            words = [said("utter_flow_cancelled")]
        waiting = turn.slots.get("waiting_flow")
        if waiting:
            words.append(said("utter_flow_back", choices=[{"label": waiting}]))
        return result(words, *[slot(name, None) for name in (*FORMS[form], "waiting_flow", "interruptions")])

    return ended


def cancelled(_turn: Turn) -> dict[str, Any]:
    """A flow that was given up in words."""
    every = [name for names in FORMS.values() for name in names]
    return result(
        [said("utter_flow_cancelled")], *[slot(name, None) for name in (*dict.fromkeys(every), "waiting_flow")]
    )


def fraud(turn: Turn) -> dict[str, Any]:
    """The urgent request for a human."""
    return result([said("utter_handoff_open")], slot("callback_wanted", not turn.metadata.get("has_number")))


RESULTS: Mapping[str, Callable[[Turn], dict[str, Any]]] = {
    "action_fraud_open": fraud,
    "action_flow_cancelled": cancelled,
    **{f"action_ask_{name}": ask(name) for name in ASKED},
    **{f"validate_{form}": validate for form in FORMS},
    **{DONE[form]: done(form) for form in FORMS},
}
