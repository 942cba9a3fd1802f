"""What the processes below one of ours hold and burn, from /proc (Linux)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")  # clock ticks a second
_PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """`memory` in bytes: PSS, which counts shared pages once over all processes. `cpu` in seconds since its start."""

    pid: int
    name: str
    memory: int
    cpu: float


def family(root: int) -> list[Process]:
    """The process and all its descendants, root first. Without /proc, nothing."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found, todo = [], [root]
    while todo:
        pid = todo.pop(0)
        todo += children.get(pid, [])
        try:
            found.append(_read(pid))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
    return found


def alive(pid: int) -> bool:
    """True while a process with this id runs."""
    try:
        return _stat(pid)[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _parents() -> Iterator[tuple[int, int]]:
    for folder in _PROC.glob("[0-9]*"):
        try:
            yield int(folder.name), int(_stat(int(folder.name))[1])
        except (FileNotFoundError, ProcessLookupError):
            continue


def _read(pid: int) -> Process:
    fields = _stat(pid)
    rollup = (_PROC / str(pid) / "smaps_rollup").read_text()
    pss = next((line for line in rollup.splitlines() if line.startswith("Pss:")), "Pss: 0")
    cpu = (int(fields[11]) + int(fields[12])) / _TICK
    return Process(pid, _name(pid), int(pss.split()[1]) * 1024, cpu)


def _stat(pid: int) -> list[str]:
    # the second field is the command in brackets and may hold blanks: fields are counted from the one after it
    return (_PROC / str(pid) / "stat").read_text().rpartition(") ")[2].split()


def _name(pid: int) -> str:
    words = (_PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    if "-m" in words:
        return " ".join(words[words.index("-m") + 1 :]).strip()
    return Path(words[0]).name
