"""Rasa component: applies `decision.decide` to the ranking and turns the outcome into the intent."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from shouwen_engine.decision import Ranked, Thresholds, decide
from shouwen_engine.parses import decided_intent


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decider(GraphComponent):
    """`nlu_ask_back` when one or two topics are near, `nlu_fallback` when none is. The ranking stays as it was.

    The parse carries `decision: {kind, candidates}`; actions find it in `latest_message`, the NLG in the tracker.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The thresholds; see `decision.Thresholds`."""
        return {**vars(Thresholds()), "never_asked": []}

    def __init__(self, config: dict[str, Any]) -> None:
        known = {name: config[name] for name in vars(Thresholds()) if name in config}
        known["never_asked"] = frozenset(known.get("never_asked", ()))
        self._thresholds = Thresholds(**known)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> Decider:
        """See GraphComponent."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide on each message."""
        for message in messages:
            ranking = [Ranked(row["name"], row["confidence"]) for row in message.get("intent_ranking", [])]
            decision = decide(ranking, self._thresholds)
            outcome = {"kind": decision.kind, "candidates": list(decision.candidates)}
            message.set("decision", outcome, add_to_output=True)
            message.set("intent", decided_intent(decision, ranking), add_to_output=True)
        return messages
