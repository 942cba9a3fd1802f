"""What the engine may be told: `SHOUWEN_…` variables, the same names as the service's (.env.example explains them)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Misconfigured(Exception):
    """The process must not start. Its text lists every fault."""


@dataclass(frozen=True)
class EngineSettings:
    """Where things are, and what is shared with the gateway. `database` is an SQLAlchemy 1.4 address."""

    port: int
    secret: str
    database: str
    models: Path
    log_level: str
    endpoints: Path
    credentials: Path
    transcript_days: int


def read_settings(environ: Mapping[str, str] = os.environ) -> EngineSettings:
    """The settings of this process. Raises Misconfigured with all faults at once."""
    faults = []
    port = environ.get("SHOUWEN_RASA_PORT", "5005")
    if not port.isdigit() or not 0 < int(port) < 65536:
        faults.append(f"SHOUWEN_RASA_PORT: {port!r} is no port")
    secret = environ.get("SHOUWEN_INTERNAL_SECRET", "")
    if not secret:
        faults.append("SHOUWEN_INTERNAL_SECRET is missing: the gateway and the engine share it")
    if not environ.get("SHOUWEN_ACTIONS_URL"):
        faults.append("SHOUWEN_ACTIONS_URL is missing: where the action server listens")
    transcript_days = environ.get("SHOUWEN_TRANSCRIPT_DAYS") or "90"
    if not transcript_days.isdigit() or not int(transcript_days):
        faults.append(f"SHOUWEN_TRANSCRIPT_DAYS: {transcript_days!r} is no number of days")
    if faults:
        raise Misconfigured("; ".join(faults))
    var = Path(environ.get("SHOUWEN_VAR") or ROOT / "var")
    return EngineSettings(
        port=int(port),
        secret=secret,
        database=tracker_address(environ.get("SHOUWEN_DATABASE_URL", ""), var),
        models=Path(environ.get("SHOUWEN_MODELS") or ROOT / "models"),
        log_level=environ.get("SHOUWEN_LOG_LEVEL", "INFO"),
        endpoints=ROOT / "endpoints.yml",
        credentials=ROOT / "credentials.yml",
        transcript_days=int(transcript_days),
    )


def tracker_address(service_url: str, var: Path) -> str:
    """The tracker's database for the service's: a sibling file on SQLite, the same database on PostgreSQL.

    SQLAlchemy 1.4 has no dialect for psycopg 3, so the driver is exchanged for psycopg2.
    """
    scheme, separator, rest = service_url.partition("://")
    if not separator or scheme.startswith("sqlite"):
        service_file = Path(rest[1:]) if rest[1:] else var / "shouwen.db"
        return f"sqlite:///{service_file.parent / 'tracker.db'}"
    if scheme.startswith("postgres"):
        return f"postgresql+psycopg2://{rest}"
    raise Misconfigured(f"SHOUWEN_DATABASE_URL: {scheme} is neither sqlite nor postgresql")
