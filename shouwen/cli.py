"""The `shouwen` command. Each subcommand is a thin edge; bare `shouwen` lists them."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from shouwen.errors import Misconfigured
from shouwen.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="shouwen", description="首问: a customer assistant for banks")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start Rasa, the action server and the web process, and keep them running")
    web = commands.add_parser("web", help="one web process")
    web.add_argument("--port", type=int, help="instead of SHOUWEN_PORT")
    commands.add_parser("sandbox", help="the sandbox bank with fictitious customers, while no real bank is configured")
    commands.add_parser("migrate", help="bring the database to the newest schema")
    commands.add_parser("train", help="data/ -> models/")
    say = commands.add_parser("say", help="ask the assistant one thing; prints one JSON object")
    say.add_argument("text")
    evaluate = commands.add_parser("eval", help="measure understanding on labelled sentences")
    evaluate.add_argument("file", type=Path)
    check = commands.add_parser("check", help="every fault in data/, at once")
    check.add_argument("--dev", type=Path, help="measuring sentences that must not stand in data/")
    bench = commands.add_parser("bench", help="drive scripted conversations through the public door")
    bench.add_argument("--seconds", type=float, default=20.0, help="length of each phase")
    content = commands.add_parser("content", help="publish what stands in data/ without training")
    content.add_argument("action", choices=["publish"])
    given = parser.parse_args(arguments)
    try:
        settings = Settings.read()
        logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        return _run(given, settings)
    except Misconfigured as error:
        for fault in error.faults:
            print(f"shouwen: {fault}", file=sys.stderr)
        return 2


def _run(given: argparse.Namespace, settings: Settings) -> int:
    # imported where needed: `shouwen say` must answer within a second
    match given.command:
        case "up":
            from shouwen import supervisor

            return supervisor.run(settings)
        case "web":
            from shouwen.serving import serve

            return serve(settings, given.port or settings.port)
        case "sandbox":
            from shouwen.sandbox.command import serve as serve_sandbox

            return serve_sandbox(settings)
        case "migrate":
            from shouwen.migrating import migrate

            return migrate(settings)
        case "train":
            from shouwen import engine_process

            return engine_process.train(settings)
        case "say":
            from shouwen import saying

            return saying.say(settings, given.text)
        case "eval":
            from shouwen.evaluation.command import evaluate

            return evaluate(settings, given.file)
        case "check":
            from shouwen.datacheck.command import run as run_check

            return run_check(settings, given.dev)
        case "bench":
            from shouwen.bench.command import run as run_bench

            return run_bench(settings, given.seconds)
        case _:
            from shouwen.publishing import publish

            return publish(settings)


if __name__ == "__main__":
    sys.exit(main())
