"""The loaded model and what can be asked of it: a turn, or parses."""

import asyncio
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Optional

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from shouwen_engine import parses, replies
from shouwen_engine.calls import TurnCall
from shouwen_engine.errors import BadCall, ModelBroken, TurnFailed
from shouwen_engine.nlg import NameOnlyGenerator
from shouwen_engine.processor import TurnProcessor, no_way_out
from shouwen_engine.topic_model import LABELS_FILE
from shouwen_engine.tracker_store import TurnTrackerStore

CHANNEL = "shouwen"
_PARSE_BATCH = 64


class Silent(OutputChannel):
    """Rasa insists on sending; what was said is read from the tracker instead."""

    @classmethod
    def name(cls) -> str:
        """See OutputChannel."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Send nothing."""


class Assistant:
    """One model with its tracker store. Turns of one conversation wait for each other within this process."""

    def __init__(self, model: Path, store: TurnTrackerStore, actions: Optional[EndpointConfig]) -> None:
        self.model = model
        self._store = store
        self._processor = TurnProcessor(
            model, store, InMemoryLockStore(), NameOnlyGenerator(), actions, on_circuit_break=no_way_out
        )
        store.domain = self._processor.domain
        topics = trained_labels(model)
        self._retrieval = parses.retrieval_intents(topics)
        intents = set(self._processor.domain.intents) - parses.RASA_COMMANDS - set(self._retrieval)
        self._labels = frozenset(intents | set(topics))
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @property
    def model_id(self) -> str:
        """The id Rasa gave the model when it was trained."""
        return str(self._processor.model_metadata.model_id)

    async def turn(self, call: TurnCall) -> dict[str, Any]:
        """One turn, or what it answered the first time. Raises EngineError."""
        with self._lock(call.sender) as lock:
            async with lock:
                stored = None if call.ephemeral else await self._store.turn_of(call.sender, call.message_id)
                if stored is not None:
                    tracker = await self._store.get_or_create_tracker(call.sender)
                    return self._answer(call, stored, tracker, repeated=True)
                tracker = await self._processor.turn(self._message(call), keep=not call.ephemeral)
                return self._answer(call, list(tracker.events), tracker, repeated=False)

    async def parse(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Parses, without a conversation. Other calls are served in between."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(texts), _PARSE_BATCH):
            found += [parses.summary(parse) for parse in self._parse(texts[start : start + _PARSE_BATCH])]
            await asyncio.sleep(0)
        return found

    def _parse(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        messages = [UserMessage(parses.WORD_JOINER + text) for text in texts]
        target = self._processor.model_metadata.nlu_target
        nobody = DialogueStateTracker.from_events("", [])
        inputs = {PLACEHOLDER_MESSAGE: messages, PLACEHOLDER_TRACKER: nobody}
        outcome = self._processor.graph_runner.run(inputs=inputs, targets=[target])[target]
        return [_as_written(m.as_dict(only_output_properties=True), t) for m, t in zip(outcome, texts, strict=True)]

    def _message(self, call: TurnCall) -> UserMessage:
        if call.text is not None:
            parse = self._parse([call.text])[0]
        elif call.label in self._labels:
            parse = parses.given_parse(str(call.label), call.entities, self._retrieval)
        else:
            raise BadCall("intent", "is no label of this model")
        metadata = dict(call.metadata)
        return UserMessage(call.text, Silent(), call.sender, parse, CHANNEL, call.message_id, metadata)

    def _answer(
        self, call: TurnCall, events: Sequence[Event], tracker: DialogueStateTracker, *, repeated: bool
    ) -> dict[str, Any]:
        said = replies.user_message(events, call.message_id)
        if said is None:
            raise TurnFailed("the customer's message is not in its own turn")
        return {
            "message_id": call.message_id,
            "replies": replies.of_turn(events, call.message_id),
            "parse": parses.summary(_parse_of(said)),
            "active_form": tracker.active_loop_name,
            "requested_slot": tracker.get_slot("requested_slot"),
            "model_id": self.model_id,
            "repeated": repeated,
        }

    @contextmanager
    def _lock(self, sender: str) -> Iterator[asyncio.Lock]:
        lock, waiting = self._locks.get(sender, (asyncio.Lock(), 0))
        self._locks[sender] = lock, waiting + 1
        try:
            yield lock
        finally:
            lock, waiting = self._locks.pop(sender)
            if waiting > 1:
                self._locks[sender] = lock, waiting - 1


def trained_labels(model: Path) -> list[str]:
    """The full labels a model file was trained on."""
    with tarfile.open(model) as archive:
        for member in archive:
            if member.name.endswith(f"/{LABELS_FILE}"):
                content = archive.extractfile(member)
                return list(json.load(content)["labels"]) if content else []
    raise ModelBroken(f"{model.name} has no topics: train it again")


def _as_written(parse: dict[str, Any], text: str) -> dict[str, Any]:
    moved = len(parses.WORD_JOINER)
    entities = [{**e, "start": e["start"] - moved, "end": e["end"] - moved} for e in parse.get("entities", ())]
    return {**parse, "text": text, "entities": entities}


def _parse_of(said: UserUttered) -> Mapping[str, Any]:
    return said.parse_data
