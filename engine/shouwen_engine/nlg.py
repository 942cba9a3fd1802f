"""Rasa never renders (design.md 10): a reply is a name and the values its words will need."""

from collections.abc import Mapping
from typing import Any, Optional

from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

# what rasa-sdk sends with every `utter_message`, whether asked for or not
_FRAME = frozenset(
    {"text", "buttons", "elements", "custom", "template", "image", "attachment", "response", "domain_responses"}
)
_ASK_BACK, _ASK_BACK_ONE = "utter_ask_back", "utter_ask_back_one"


class NameOnlyGenerator(NaturalLanguageGenerator):
    """Answers every response with its own name; the gateway renders it from the published content."""

    def __init__(self, **_: Any) -> None:
        pass

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,  # noqa: ARG002
        **kwargs: Any,
    ) -> Optional[dict[str, Any]]:
        """Name and values. Asking back takes its topics from the decision in the latest message."""
        values = {name: value for name, value in kwargs.items() if name not in _FRAME}
        name = utter_action
        if utter_action == _ASK_BACK:
            candidates = _candidates(tracker)
            values = dict(zip(("a", "b"), candidates, strict=False))
            name = _ASK_BACK if len(candidates) > 1 else _ASK_BACK_ONE
        return {"text": name, "name": name, "values": values}


def _candidates(tracker: DialogueStateTracker) -> list[str]:
    parse: Mapping[str, Any] = tracker.latest_message.parse_data if tracker.latest_message else {}
    return list((parse.get("decision") or {}).get("candidates", ()))
