"""What a run prints: a table for people, one JSON object for programs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from shouwen.bench.identity import IdentityTurns
from shouwen.bench.latency import latency
from shouwen.bench.machine import Machine
from shouwen.bench.samples import DEEP_TURN, Phase

FAILURES_SHOWN = 20
_MIB = 1024 * 1024
_HEAD = f"{'phase':<24}{'turns':>8}{'turns/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'max ms':>9}{'failures':>10}"


@dataclass(frozen=True)
class Report:
    """A whole run. Memory is PSS in bytes by process; `faults` are those of the stack, not of a turn."""

    machine: Machine
    setup: Mapping[str, str]
    seconds_to_ready: float
    memory_ready: Mapping[str, int]
    memory_after: Mapping[str, int]
    phases: Sequence[Phase]
    identity: IdentityTurns
    faults: Sequence[str] = field(default_factory=tuple)

    @property
    def failures(self) -> int:
        """Everything that went wrong."""
        return sum(phase.failures for phase in self.phases) + len(self.faults)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "machine": asdict(self.machine),
            "setup": dict(self.setup),
            "seconds_to_ready": round(self.seconds_to_ready, 2),
            "memory": {
                "kind": "PSS",
                "unit": "bytes",
                "ready": _total(self.memory_ready),
                "after": _total(self.memory_after),
            },
            "phases": [_phase(phase) for phase in self.phases],
            "identity": self.identity.as_json(),
            "failures": self.failures,
            "faults": list(self.faults),
        }


def head(machine: Machine, setup: Mapping[str, str]) -> str:
    """On what, with what."""
    memory = f", {machine.memory / 2**30:.1f} GiB" if machine.memory else ""
    first = f"machine: {machine.cores} cores, {machine.cpu}{memory}, {machine.system}, Python {machine.python}"
    return "\n".join([first, *(f"{name}: {value}" for name, value in setup.items())])


def memory_line(moment: str, memory: Mapping[str, int]) -> str:
    """The whole stack's memory, and who holds it."""
    parts = ", ".join(f"{name} {held / _MIB:.0f}" for name, held in memory.items())
    return f"resident memory {moment}: {sum(memory.values()) / _MIB:.0f} MiB (PSS of all processes: {parts})"


def table_head() -> str:
    """The columns of `table_row`."""
    return _HEAD


def table_row(phase: Phase) -> str:
    """A phase in a line, what its processor time went into below, and its 40th turns when there were any."""
    held = phase.latency
    figures = "".join(
        f"{'-' if value is None else format(value, '.1f'):>9}" for value in (held.p50, held.p95, held.p99, held.max)
    )
    row = f"{phase.name:<24}{phase.turns:>8}{phase.turns / phase.seconds:>9.1f}{figures}{phase.failures:>10}"
    lines = [row]
    if phase.turns and phase.cpu:
        parts = ", ".join(f"{name} {seconds * 1000 / phase.turns:.1f}" for name, seconds in phase.cpu.items())
        lines.append(f"  processor ms a turn: {parts}")
    if deep := phase.deep_turns:
        lines.append(f"  turn {DEEP_TURN} of {len(deep)} conversations: p50 {latency(deep).p50:.1f} ms")
    return "\n".join(lines)


def failure_list(phases: Sequence[Phase], faults: Sequence[str]) -> str:
    """The first failures, each different one once, and how many lines more there are; empty when there are none."""
    lines = [*faults, *(line for phase in phases for line in phase.failure_lines())]
    if not lines:
        return ""
    count = len(faults) + sum(phase.failures for phase in phases)
    more = [f"  ... and {len(lines) - FAILURES_SHOWN} more lines"] if len(lines) > FAILURES_SHOWN else []
    return "\n".join([f"failures: {count}", *(f"  {line}" for line in lines[:FAILURES_SHOWN]), *more])


def _total(memory: Mapping[str, int]) -> dict[str, Any]:
    return {"total": sum(memory.values()), "processes": dict(memory)}


def _phase(phase: Phase) -> dict[str, Any]:
    held = phase.latency
    deep = phase.deep_turns
    return {
        "name": phase.name,
        "seconds": round(phase.seconds, 2),
        "turns": phase.turns,
        "turns_per_second": round(phase.turns / phase.seconds, 2),
        **{f"{name}_ms": value if value is None else round(value, 2) for name, value in asdict(held).items()},
        "turn_40_p50_ms": round(latency(deep).p50 or 0.0, 2) if deep else None,
        "turn_40_count": len(deep),
        "failures": phase.failures,
        "failed": phase.failure_lines()[:FAILURES_SHOWN],
        "mix": {kind: round(share, 3) for kind, share in sorted(phase.mix.items())},
        "cpu_seconds": {name: round(seconds, 2) for name, seconds in phase.cpu.items()},
    }
