"""Bring the database to the newest schema."""

from alembic import command
from alembic.config import Config

from shouwen.settings import ROOT, Settings


def configuration(address: str) -> Config:
    """Alembic's view of `migrations/` for one database."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["address"] = address
    return config


def migrate(settings: Settings) -> int:
    """Upgrade to the newest version; does nothing when it is there already."""
    command.upgrade(configuration(settings.database), "head")
    return 0
