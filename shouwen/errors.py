"""Everything that can go wrong, as one tree.

    ShouwenError
    ├─ InvalidInput(field, reason)      what was sent cannot be read
    │   ├─ EmptyMessage
    │   └─ MessageTooLong(limit)
    ├─ NotSignedIn                      no session, or one we do not know
    │   └─ SessionExpired
    ├─ NotAllowed(reason)               this caller may not
    ├─ NotFound(what, id)
    ├─ Conflict                         the rules say no in the present state
    │   ├─ BankRefused(code)            the core bank says no, and why in one word
    │   ├─ ButtonUsed
    │   ├─ FormOver                     a secure form that is unknown here, answered or too old
    │   ├─ LinkOver                     a reset link that is unknown, used or too old
    │   └─ StaleOwner(conversation_id)  somebody else owns the conversation by now
    ├─ TooManyRequests(retry_after)     seconds
    ├─ Unavailable(system)              something outside did not answer in time
    ├─ ContentFault(reply, reason)      an answer cannot be given as it stands
    │   └─ ReplyExpired
    └─ Misconfigured(faults)            refuse to start; lists every fault

No HTTP status and no Chinese stand here: `shouwen.web_errors.STATUS` and `shouwen.content.render.ERROR_REPLIES`
map the tree, and a test asserts that both are complete.
"""

from collections.abc import Sequence


class ShouwenError(Exception):
    """Base of all errors of the product. `code` is stable and machine-readable."""

    code = "internal"


class InvalidInput(ShouwenError):
    """What was sent cannot be read. `field` says where, `reason` what."""

    code = "invalid_input"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class EmptyMessage(InvalidInput):
    """Nothing is left of the text once blanks and control characters are gone."""

    code = "empty_message"

    def __init__(self) -> None:
        super().__init__("text", "is empty")


class MessageTooLong(InvalidInput):
    """The text has more than `limit` characters."""

    code = "message_too_long"

    def __init__(self, limit: int) -> None:
        super().__init__("text", f"has more than {limit} characters")
        self.limit = limit


class NotSignedIn(ShouwenError):
    """No token, or a token we never issued."""

    code = "unknown_token"


class SessionExpired(NotSignedIn):
    """The token was ours and is over."""

    code = "session_expired"


class NotAllowed(ShouwenError):
    """This caller may not do this."""

    code = "not_allowed"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(ShouwenError):
    """There is no such thing, or none the caller may see."""

    code = "not_found"

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"no {what} {key!r}")
        self.what = what
        self.key = key


class Conflict(ShouwenError):
    """The rules say no in the present state."""

    code = "conflict"


class ButtonUsed(Conflict):
    """A button token is unknown in this conversation, or was pressed before."""

    code = "button_used"


class FormOver(Conflict):
    """A secure form is unknown in this conversation, was answered before, or is too old."""

    code = "form_over"


class LinkOver(Conflict):
    """A reset link is unknown, was used, was replaced by a newer one, or is too old. It does not say which."""

    code = "link_over"


class BankRefused(Conflict):
    """The core bank says no. `code` is its word for why (docs/bank-api.yml), never shown to customers."""

    code = "bank_refused"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class StaleOwner(Conflict):
    """The writer no longer owns the conversation (design.md, decision 4)."""

    code = "stale_owner"

    def __init__(self, conversation_id: str) -> None:
        super().__init__(conversation_id)
        self.conversation_id = conversation_id


class TooManyRequests(ShouwenError):
    """The caller is faster than the limit; `retry_after` is in seconds."""

    code = "too_many_requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Unavailable(ShouwenError):
    """A system outside did not answer, or not in time."""

    code = "unavailable"

    def __init__(self, system: str, reason: str) -> None:
        super().__init__(f"{system}: {reason}")
        self.system = system
        self.reason = reason


class ContentFault(ShouwenError):
    """An answer cannot be given as it stands: unknown, a missing fact, an unknown variable."""

    code = "content_fault"

    def __init__(self, reply: str, reason: str) -> None:
        super().__init__(f"{reply}: {reason}")
        self.reply = reply
        self.reason = reason


class ReplyExpired(ContentFault):
    """The answer is not valid today (R56)."""

    code = "reply_expired"


class Misconfigured(ShouwenError):
    """The process must not start. Carries every fault found, not only the first."""

    code = "misconfigured"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)
