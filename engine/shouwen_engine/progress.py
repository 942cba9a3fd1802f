"""Lines that tell whoever waits for a training how far it is."""

import sys
import time

_started = time.monotonic()


def say(text: str) -> None:
    """Print a line with the seconds since the process began."""
    print(f"[{time.monotonic() - _started:5.1f} s] {text}", file=sys.stderr, flush=True)
