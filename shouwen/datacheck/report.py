"""Faults on paper: by file, then by line, with the count at the end."""

from collections.abc import Iterator, Sequence

from shouwen.datacheck.fault import Fault, Level

_ORDER: tuple[Level, ...] = ("error", "warning", "skipped")


def lines(faults: Sequence[Fault], measured: str) -> Iterator[str]:
    """The whole report. `measured` says what was looked at, and stands in the last line."""
    for path in sorted({fault.path for fault in faults}):
        yield path
        here = {fault for fault in faults if fault.path == path}
        for fault in sorted(here, key=lambda f: (_ORDER.index(f.level), f.line or 0, f.check, f.what)):
            yield _line(fault)
        yield ""
    counts = [f"{sum(f.level == level for f in set(faults))} {level}s" for level in _ORDER[:2]]
    by_check = {check: sum(f.check == check for f in set(faults)) for check in sorted({f.check for f in faults})}
    if by_check:
        yield "by check: " + ", ".join(f"{check} {count}" for check, count in by_check.items())
    yield f"{', '.join(counts)} in {measured}"


def _line(fault: Fault) -> str:
    level = fault.level.upper() if fault.level == "skipped" else fault.level
    place = f" line {fault.line}" if fault.line else ""
    return f"  {level}{place} [{fault.check}] {' '.join(fault.what.split())} -> {fault.mend}"
