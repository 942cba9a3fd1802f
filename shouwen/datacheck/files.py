"""What lies in data/ must be what Rasa and the renderer expect to find there (layout-notes 4.5)."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from shouwen.datacheck.corpus import Corpus
from shouwen.datacheck.fault import Fault

CHECK = "files"
_TREES = ("nlu", "rules", "stories", "responses")


def check_files(corpus: Corpus) -> Iterator[Fault]:
    """Test files (Rasa would train on them), files that only one of the readers sees, and missing trees."""
    paths = [PurePosixPath(path) for path in corpus.paths]
    for path in paths:
        tree = path.parts[1] if len(path.parts) > 2 else ""
        if path.name.startswith("test_"):
            yield _error(str(path), "is a test file, and Rasa trains on all of data/", "move it below tests/")
        elif path.name == "README.md":
            continue
        elif tree in _TREES and (path.suffix != ".yml" or len(path.parts) > 3):
            yield _error(str(path), f"is not data/{tree}/<topic>.yml", "rename or move it")
    for tree in _TREES[:2]:
        if not any(path.parts[1] == tree for path in paths):
            yield _error(f"data/{tree}", "holds no file", "put the tree back, or check SHOUWEN_DATA")


def _error(path: str, what: str, mend: str) -> Fault:
    return Fault("error", CHECK, path, None, what, mend)
