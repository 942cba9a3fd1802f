"""Rasa's message loop, in which a failing action fails the turn instead of being forgotten."""

from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.actions.loops import LoopAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker

from shouwen_engine.errors import EngineError, TurnFailed
from shouwen_engine.tracker_store import TurnTrackerStore
from shouwen_engine.turn_tracker import TurnTracker, new_tracker


class TurnProcessor(MessageProcessor):
    """Runs turns against a `TurnTrackerStore`. Nothing is stored unless the whole turn went well."""

    tracker_store: TurnTrackerStore

    async def turn(self, message: UserMessage, keep: bool) -> TurnTracker:
        """One turn; the tracker after it. Without `keep` it begins empty and leaves nothing behind.

        Raises EngineError.
        """
        sender = message.sender_id
        tracker = await self.get_tracker(sender) if keep else self._empty(sender)
        # no metadata: it would be kept once more, in a slot
        await self._update_tracker_session(tracker, message.output_channel)
        await self._handle_message_with_tracker(message, tracker)
        await self.run_action_extract_slots(message.output_channel, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)
        if keep:
            await self.save_tracker(tracker)
        if not isinstance(tracker, TurnTracker):
            raise TypeError("the tracker store hands out TurnTrackers")
        return tracker

    def _empty(self, sender: str) -> DialogueStateTracker:
        tracker = new_tracker(sender, self.domain)
        tracker.model_id = self.model_metadata.model_id
        tracker.assistant_id = self.model_metadata.assistant_id
        return tracker

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """As Rasa's, but errors leave the turn, and the tracker is only copied where it must be."""
        try:
            events = await action.run(output_channel, nlg, self._seen_by(action, tracker, prediction), self.domain)
        except ActionExecutionRejection:
            rejection = ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence)
            tracker.update(rejection)
            return self.should_predict_another_action(action.name())
        except EngineError:
            raise
        except Exception as error:
            raise TurnFailed(f"{action.name()} failed: {type(error).__name__}") from error
        self._log_action_on_tracker(tracker, action, events, prediction)
        return self.should_predict_another_action(action.name())

    def _seen_by(
        self, action: Action, tracker: DialogueStateTracker, prediction: PolicyPrediction
    ) -> DialogueStateTracker:
        # a copy replays every event; only a form's run, or events that a rejection takes back, need one
        if not prediction.events and not isinstance(action, LoopAction):
            return tracker
        copied = tracker.copy()
        copied.update_with_events(prediction.events, self.domain)
        return copied

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        # Rasa renders all slots for its debug log, which nobody reads
        pass


def no_way_out(*_: Any) -> None:
    """Rasa calls this when actions follow actions without end."""
    raise TurnFailed("actions follow actions without end")
