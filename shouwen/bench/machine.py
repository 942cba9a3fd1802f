"""The machine a figure was measured on."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """`cores` are those this process may use; `memory` is in bytes; None where the system does not tell."""

    cores: int
    cpu: str
    memory: int | None
    system: str
    python: str


def this_machine() -> Machine:
    """The one we run on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = _first("/proc/meminfo", "MemTotal")
    return Machine(
        cores=cores,
        cpu=_first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        memory=int(memory.split()[0]) * 1024 if memory else None,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
    )


def _first(path: str, field: str) -> str | None:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    return next(
        (value.strip() for name, _, value in (line.partition(":") for line in lines) if name.strip() == field), None
    )
