"""YAML that remembers its lines, and turns what does not load into faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from shouwen.datacheck.fault import Fault

CHECK = "yaml"
Keys = tuple[str | int, ...]

# libyaml's loader is five times faster; the pure one stands in where the wheel has no libyaml
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Located:
    """A mapping read from a file. `lines` has the line of every key and item, counted from 1."""

    path: str
    value: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Keys, int] = field(default_factory=dict)

    def line(self, *keys: str | int) -> int | None:
        """The line of the value under `keys`, or of the nearest thing around it that has one."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys)


def parse_yaml(path: str, text: str) -> tuple[Located, list[Fault]]:
    """The mapping in `text`, empty when it does not load, and what is wrong with it.

    A key that stands twice is a fault: YAML readers silently keep the last one.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            return Located(path), [_fault(path, 1, "is not a mapping", "start the file with `key:` lines")]
        lines = dict(_lines(node, ()))
        faults = [
            _fault(path, line, f"{key} stands twice in one mapping", "keep one of them") for key, line in _twice(node)
        ]
        return Located(path, loader.construct_document(node), lines), faults
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        return Located(path), [_fault(path, line, f"does not load: {error.problem}", "mend the YAML at this line")]
    except (yaml.YAMLError, ValueError) as error:  # a ValueError is a date such as 2026-13-45
        return Located(path), [_fault(path, None, f"does not load: {error}", "mend the YAML")]
    finally:
        loader.dispose()


def _fault(path: str, line: int | None, what: str, mend: str) -> Fault:
    return Fault("error", CHECK, path, line, what, mend)


def _lines(node: yaml.Node, keys: Keys) -> Iterator[tuple[Keys, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*keys, str(key.value))
            yield inner, key.start_mark.line + 1
            yield from _lines(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*keys, index), item.start_mark.line + 1
            yield from _lines(item, (*keys, index))


def _twice(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield name, key.start_mark.line + 1
            seen.add(name)
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _twice(item)
