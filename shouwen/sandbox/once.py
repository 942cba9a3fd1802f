"""Idempotency keys: the same key gives the first answer again, whatever happened on the way."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable

from shouwen.sandbox.ledger import Refusal

_REMEMBERED = 10_000  # keys; the oldest are forgotten first
_LONGEST = 200


class Once:
    """Remembers answers by call and key. With another body the same key is refused."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, str], tuple[bytes, bytes]] = OrderedDict()

    def run(self, call: str, key: str, body: bytes, work: Callable[[], bytes]) -> bytes:
        """The answer of `work`, which runs at most once per call and key. A refusal is forgotten: it did nothing."""
        if not 1 <= len(key) <= _LONGEST:
            raise Refusal(400, "missing_key")
        asked = hashlib.sha256(body).digest()
        if (call, key) in self._answers:
            first, answer = self._answers[call, key]
            if first != asked:
                raise Refusal(422, "key_reused")
            return answer
        answer = work()
        self._answers[call, key] = (asked, answer)
        if len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)
        return answer
