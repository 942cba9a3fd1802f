"""What a call of the channel can end in. Each error knows its HTTP status; none carries anything a customer said.

EngineError
├─ BadCall(field, reason)   400  the gateway sent nonsense
├─ NotAllowed               403  the shared secret is missing or wrong
├─ TurnConflict             409  another turn of the conversation was stored first
├─ TrackerUnavailable       503  the tracker's database
├─ ActionUnavailable        503  the action server
├─ TurnFailed(reason)       500  the dialogue itself: a loop of actions, a reply without a name
└─ ModelBroken              500  the model file cannot be used; the process does not start
"""


class EngineError(Exception):
    """Base of the tree. `code` is stable and machine-readable."""

    code = "internal"
    status = 500


class BadCall(EngineError):
    """The body of a call cannot be read."""

    code = "bad_call"
    status = 400

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field


class NotAllowed(EngineError):
    """The caller does not know the shared secret."""

    code = "not_allowed"
    status = 403


class TurnConflict(EngineError):
    """Another turn of the same conversation was stored between loading and saving. Nothing was written."""

    code = "turn_conflict"
    status = 409


class TrackerUnavailable(EngineError):
    """The tracker could not be read or written in time. Nothing was written."""

    code = "tracker_unavailable"
    status = 503


class ActionUnavailable(EngineError):
    """The action server did not answer, or not with a result. Nothing was written."""

    code = "action_unavailable"
    status = 503


class TurnFailed(EngineError):
    """The dialogue went wrong by our own fault. Nothing was written."""


class ModelBroken(EngineError):
    """There is no model, or the file is none."""
