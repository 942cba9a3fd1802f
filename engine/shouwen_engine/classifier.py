"""Rasa component: one classifier over the full labels, filling the intent and the retrieval response alike."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from shouwen_engine import sentences
from shouwen_engine.decision import Ranked
from shouwen_engine.parses import readable, retrieval_intents, set_topic
from shouwen_engine.topic_model import TopicModel


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Ranks the topics of nlu/topics.yml. `TopicModel` does the work."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What config.yml may change; see `features` and `learner` for the meaning."""
        return {
            "embedding": {"weight": 1.0, "threads": 1},
            "ngrams": {"characters": {"lowest": 1, "highest": 2, "weight": 1.0, "min_count": 2}},
            "softmax": {},
            "ranking_length": 10,
            "sentences": None,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**copy.deepcopy(self.get_default_config()), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model: Optional[TopicModel] = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> TopicClassifier:
        """See GraphComponent."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the set in the file `sentences`; without one (plain `rasa train`) from Rasa's own."""
        given = self._config["sentences"]
        texts, labels = sentences.read_all(Path(given)) if given else _sentences_of(training_data)
        self._model = TopicModel.learn(self._config, texts, labels)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> TopicClassifier:
        """See GraphComponent."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = TopicModel.load(component._config, folder)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and response selector on each message."""
        if self._model is None:
            raise RuntimeError("the classifier has neither been trained nor loaded")
        retrieval = retrieval_intents(self._model.labels)
        texts = [readable(message.get("text"))[0] for message in messages]
        for message, ranking in zip(messages, self._rank(texts), strict=True):
            set_topic(message, ranking, retrieval)
        return messages

    def _rank(self, texts: Sequence[str]) -> list[list[Ranked]]:
        return self._model.rank(texts, int(self._config["ranking_length"])) if self._model and texts else []


def _sentences_of(training_data: TrainingData) -> tuple[list[str], list[str]]:
    examples = [m for m in training_data.intent_examples if m.get("text") and m.get("intent")]
    labels = [m.get("intent_response_key") or m.get("intent") for m in examples]
    return [m.get("text") for m in examples], labels
