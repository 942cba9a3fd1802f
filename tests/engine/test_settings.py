"""The tracker's database follows the service's; what is missing is told at once."""

from pathlib import Path

import pytest
from shouwen_engine.settings import Misconfigured, read_settings, tracker_address

VAR = Path("/srv/var")


@pytest.mark.parametrize(
    ("service", "tracker"),
    [
        ("", "sqlite:////srv/var/tracker.db"),
        ("sqlite:////data/shouwen.db", "sqlite:////data/tracker.db"),
        ("sqlite:///var/shouwen.db", "sqlite:///var/tracker.db"),
        ("postgresql+psycopg://u:p@db:5432/bank", "postgresql+psycopg2://u:p@db:5432/bank"),
        ("postgresql://u@db/bank", "postgresql+psycopg2://u@db/bank"),
        ("postgres://u@db/bank?sslmode=require", "postgresql+psycopg2://u@db/bank?sslmode=require"),
    ],
)
def test_the_trackers_address(service: str, tracker: str) -> None:
    assert tracker_address(service, VAR) == tracker


def test_another_database_is_refused() -> None:
    with pytest.raises(Misconfigured, match="mysql is neither"):
        tracker_address("mysql://db/bank", VAR)


def test_everything_missing_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as caught:
        read_settings({"SHOUWEN_RASA_PORT": "http"})
    for name in ("SHOUWEN_RASA_PORT", "SHOUWEN_INTERNAL_SECRET", "SHOUWEN_ACTIONS_URL"):
        assert name in str(caught.value)
