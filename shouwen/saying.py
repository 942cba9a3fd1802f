"""`make say`: one sentence, one JSON object. The running stack answers; else Rasa and the actions start for one turn.

Nothing heavy is imported here: the answer of a running stack must be there within a second.
"""

import http.client
import json
import logging
import sys
from typing import Any
from urllib.parse import urlsplit

from shouwen.errors import Misconfigured
from shouwen.internal_secret import internal_secret
from shouwen.settings import Settings
from shouwen.stack_file import running_at

_TIMEOUT = 60.0  # seconds


def say(settings: Settings, text: str) -> int:
    """Print `intent`, `confidence`, `ranking`, `entities`, `replies` for a sentence. Nothing is stored.

    Raises Misconfigured when the stack cannot answer, or none runs and none can be started.
    """
    result = _from_the_stack(settings, text)
    if result is None:
        logging.getLogger().setLevel(logging.WARNING)
        from shouwen.temporary_stack import ask  # slow to import, and needed while no stack runs only

        print("starting Rasa for this one question …", file=sys.stderr)
        result = ask(settings, text)
    print(json.dumps(result, ensure_ascii=False, indent=2))
    return 0


def _from_the_stack(settings: Settings, text: str) -> dict[str, Any] | None:
    """What the running stack says; None when no stack runs."""
    url = running_at(settings)
    if url is None:
        return None
    body = json.dumps({"text": text}, ensure_ascii=True)
    headers = {"X-Shouwen-Secret": internal_secret(settings), "Content-Type": "application/json"}
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT)
    try:
        connection.connect()
    except OSError:  # it was killed and its file stayed
        return None
    try:
        connection.request("POST", "/internal/say", body, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Misconfigured([f"what runs at {url} gives no answer: {error!r}"]) from None
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise Misconfigured([f"the stack at {url} answers {response.status}: {answer['error']['code']}"])
    return dict(answer)
