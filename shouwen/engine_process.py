"""Rasa's side lives in a Python of its own; this is how we start it."""

import os
import subprocess
from pathlib import Path

from shouwen.errors import Misconfigured
from shouwen.internal_secret import internal_secret
from shouwen.settings import ROOT, Settings

ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"


def environment(settings: Settings) -> dict[str, str]:
    """The variables of a child process: our settings spelt out, no key to the bank, nothing that phones home."""
    given = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'engine'}",
        "SHOUWEN_VAR": str(settings.var),
        "SHOUWEN_MODELS": str(settings.models),
        "SHOUWEN_DATA": str(settings.data),
        "SHOUWEN_LOG_LEVEL": settings.log_level,
        "SHOUWEN_TRANSCRIPT_DAYS": str(settings.transcript_days),
        "SHOUWEN_DATABASE_URL": settings.database,
        "SHOUWEN_INTERNAL_SECRET": internal_secret(settings),
        "SHOUWEN_ACTIONS_PORT": str(settings.actions_port),
        "SHOUWEN_ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
        "SHOUWEN_RASA_URLS": ",".join(settings.rasa_addresses),
    }
    return {**os.environ, **given, **dict.fromkeys(bank_secrets(settings), "")}


def bank_secrets(settings: Settings) -> dict[str, str]:
    """The variables of those child processes that talk with the bank: Rasa is none of them."""
    return {
        "SHOUWEN_BANK_SECRET": settings.bank_secret.get_secret_value(),
        "SHOUWEN_SMS_SECRET": settings.sms_secret.get_secret_value(),
    }


def python() -> Path:
    """The engine's interpreter. Raises Misconfigured when set-up has not run."""
    if not ENGINE_PYTHON.exists():
        raise Misconfigured(["engine/.venv is missing: run `make setup`"])
    return ENGINE_PYTHON


def newest_model(settings: Settings) -> Path | None:
    """The model file written last."""
    models = sorted(settings.models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def train(settings: Settings) -> int:
    """data/ → models/, with the engine's own progress on the terminal."""
    return subprocess.call([str(python()), "-m", "shouwen_engine", "train"], cwd=ROOT, env=environment(settings))


def parse(settings: Settings, model: Path, lines: str) -> str:
    """Parses of JSON lines with a `text` each, as JSON lines. Raises Misconfigured when the engine fails."""
    command = [str(python()), "-m", "shouwen_engine", "parse", str(model)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(settings), input=lines, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise Misconfigured([f"the engine could not parse with {model.name} (exit {done.returncode})"])
    return done.stdout
