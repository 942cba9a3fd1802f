"""What an extraction rule found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Match:
    """A place in a half-width text and the normalised value of what stands there."""

    start: int
    end: int
    value: str
