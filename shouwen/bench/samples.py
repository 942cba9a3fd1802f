"""One measured turn, and what a phase of them comes to. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shouwen.bench.conversation import Step
from shouwen.bench.latency import Latency, latency

DEEP_TURN = 40  # a tracker grows with its conversation; this turn shows what that costs


@dataclass(frozen=True)
class Sample:
    """A turn: its place in the conversation (from 1), how long the customer waited, what was wrong."""

    conversation: int
    turn: int
    step: Step
    milliseconds: float
    fault: str | None = None


@dataclass(frozen=True)
class Phase:
    """A phase as measured. `seconds` is wall time; `cpu` is CPU seconds by process, the load generator's among them."""

    name: str
    seconds: float
    samples: Sequence[Sample]
    cpu: Mapping[str, float] = field(default_factory=dict)
    transcript_faults: Sequence[str] = ()

    @property
    def turns(self) -> int:
        """Turns that were asked and came to an end, right or wrong."""
        return len(self.samples)

    @property
    def latency(self) -> Latency:
        """Of all turns: leaving out the failed ones would hide the slowest."""
        return latency([sample.milliseconds for sample in self.samples])

    @property
    def deep_turns(self) -> list[float]:
        """Milliseconds of exactly the 40th turn of each conversation that came so far."""
        return [sample.milliseconds for sample in self.samples if sample.turn == DEEP_TURN]

    @property
    def failures(self) -> int:
        """Turns that went wrong, and faults found in transcripts afterwards."""
        return sum(sample.fault is not None for sample in self.samples) + len(self.transcript_faults)

    @property
    def mix(self) -> Mapping[str, float]:
        """The share of each kind of turn, 0 to 1."""
        kinds = Counter(sample.step.kind for sample in self.samples)
        return {kind: count / self.turns for kind, count in kinds.items()}

    def failure_lines(self) -> list[str]:
        """Each kind of failure in a line: what was said, what was right, what came, how often, and where first."""
        firsts: dict[tuple[Step, str], list[Sample]] = {}
        for sample in self.samples:
            if sample.fault is not None:
                firsts.setdefault((sample.step, sample.fault), []).append(sample)
        lines = []
        for (step, fault), samples in firsts.items():
            right = ", ".join("|".join(sorted(names)) for names in step.expected)
            place = f"{len(samples)} x, first in conversation {samples[0].conversation}, turn {samples[0].turn}"
            lines.append(f"{self.name}, {step.kind}: {step.say!r} should bring {right}: {fault} ({place})")
        return lines + [f"{self.name}: {fault}" for fault in self.transcript_faults]
