"""`python -m shouwen_engine [serve [MODEL]] | train | parse MODEL`."""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

# before anything of Rasa is imported
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # no .rasa/ beside the data
os.environ.setdefault("LOG_LEVEL", "ERROR")

from shouwen_engine import lean_imports
from shouwen_engine.errors import ModelBroken
from shouwen_engine.logs import quieten
from shouwen_engine.sentences import DataBroken
from shouwen_engine.settings import ROOT, Misconfigured, read_settings
from shouwen_engine.training import newest, train


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="shouwen_engine")
    commands = parser.add_subparsers(dest="command")
    serving = commands.add_parser("serve", help="answer the gateway; this is also what happens without a command")
    serving.add_argument("model", nargs="?", type=Path, help="instead of the newest in the model folder")
    training = commands.add_parser("train", help="data/ -> models/")
    training.add_argument("--data", type=Path, default=ROOT / "data")
    training.add_argument("--models", type=Path, default=Path(os.environ.get("SHOUWEN_MODELS") or ROOT / "models"))
    training.add_argument("--name", default="", help="file name without .tar.gz; a time stamp otherwise")
    parsing = commands.add_parser("parse", help="JSON lines with a text on stdin, parses on stdout")
    parsing.add_argument("model", type=Path)
    given = parser.parse_args(arguments)
    try:
        if given.command == "train":
            quieten("ERROR")
            lean_imports.install()
            train(given.data, given.models, given.name)
        elif given.command == "parse":
            _parse(given.model)
        else:
            _serve(getattr(given, "model", None))
    except (Misconfigured, ModelBroken, DataBroken) as error:
        for fault in str(error).splitlines():
            print(f"shouwen_engine: {fault}", file=sys.stderr)
        return 2
    return 0


def _serve(chosen: Optional[Path]) -> None:
    # until Sanic takes the signal over, leaving at once is clean: nothing is open yet
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # a second BLAS thread saves a millisecond on an idle machine and costs thirty on a busy one (measured)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    settings = read_settings()
    quieten(settings.log_level)
    model = chosen or next(iter(newest(settings.models)), None)
    if model is None or not model.is_file():
        raise ModelBroken(f"no model under {chosen or settings.models}: run `make train`")
    lean_imports.install()
    from shouwen_engine.server import serve

    serve(settings, model)


def _parse(model: Path) -> None:
    quieten("WARNING")
    lean_imports.install()
    from shouwen_engine.assistant import Assistant
    from shouwen_engine.tracker_store import TurnTrackerStore

    if not model.is_file():
        raise ModelBroken(f"{model} is missing")
    rows = [json.loads(line) for line in sys.stdin if line.strip()]
    assistant = Assistant(model, TurnTrackerStore(None, "sqlite://"), None)
    found = asyncio.run(assistant.parse([row["text"] for row in rows]))
    for row, parse in zip(rows, found, strict=True):
        print(json.dumps({**row, **parse}, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
