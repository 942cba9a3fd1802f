"""Rasa component: amount, count, date and card tail, by the rules of `shouwen.text.entities`."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from shouwen.text import entities, zh
from shouwen_engine.parses import readable


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class BankEntityExtractor(GraphComponent):
    """Finds entities in the masked text. "今天" is today in Shanghai."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> BankEntityExtractor:
        """See GraphComponent."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message, with offsets into its text."""
        today = zh.shanghai_day(datetime.now(timezone.utc))
        for message in messages:
            text, moved = readable(message.get("text"))
            found = [_as_rasa(entity, moved) for entity in entities.extract(text, today=today)]
            message.set("entities", message.get("entities", []) + found, add_to_output=True)
        return messages


def _as_rasa(entity: entities.Entity, moved: int) -> dict[str, Any]:
    return {
        "entity": entity.kind,
        "value": entity.value,
        "start": entity.start + moved,
        "end": entity.end + moved,
        "extractor": "BankEntityExtractor",
    }
