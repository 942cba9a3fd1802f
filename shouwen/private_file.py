"""A file only its owner reads, which several processes may want to make at once."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_once(path: Path, body: str) -> None:
    """Make the file with mode 0600, unless somebody was first. Nobody ever sees it half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(body)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
