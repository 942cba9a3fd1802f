"""Names of replies and actions that stand in Python source. They are always written whole, so they can be found."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_TREES = ("shouwen", "actions", "engine/shouwen_engine")
_NOT_TREES = ("shouwen/datacheck",)  # names here are what is looked for, not what is used
_NAME = re.compile(r"(?:utter|action|validate)_[a-z0-9_/]*[a-z0-9]")
_FIELDS_OF_RASA = frozenset({"utter_action", "action_name"})
_TAKES_PARTS = frozenset({"startswith", "endswith", "removeprefix", "removesuffix"})


@dataclass(frozen=True)
class CodeName:
    """A name, and where it is written."""

    name: str
    path: str
    line: int


def names_in_code(root: Path) -> list[CodeName]:
    """All names of replies and actions in the product's Python files below `root`."""
    found: list[CodeName] = []
    for tree in _TREES:
        for path in sorted((root / tree).rglob("*.py")):
            shown = path.relative_to(root).as_posix()
            if not shown.startswith(_NOT_TREES):
                found += names_in_source(path.read_text(encoding="utf-8"), shown)
    return found


def names_in_source(source: str, path: str) -> list[CodeName]:
    """The names in one file. Source that does not parse has none: the linters report it."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    return [
        CodeName(node.value, path, node.lineno)
        for node in _strings(tree)
        if isinstance(node.value, str) and _NAME.fullmatch(node.value) and node.value not in _FIELDS_OF_RASA
    ]


def _strings(node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Constant):
        yield node
        return
    if isinstance(node, ast.JoinedStr):  # pieces of a name are no names
        return
    children: Sequence[ast.AST] = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TAKES_PARTS:
        children = [node.func]
    for child in children:
        yield from _strings(child)
