"""Compile the requirement files: names, versions and hashes, no addresses (a `uv.lock` would hold addresses)."""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from setup import ROOT, find_engine_python, find_uv

FLAGS = ("--quiet", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header")


def main() -> int:
    """Compile all four files in place."""
    uv, engine = find_uv(), find_engine_python() or "3.10"
    service = ("--universal", "--python-version", "3.11")
    for folder, python in ((ROOT, service), (ROOT / "engine", ("--python", engine))):
        for name in ("requirements", "requirements-dev"):
            command = [uv, "pip", "compile", *FLAGS, *python, f"{name}.in", "-o", f"{name}.txt"]
            subprocess.run(command, cwd=folder, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
