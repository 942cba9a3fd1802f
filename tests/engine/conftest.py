"""What the engine's tests share. They run in the engine's own Python 3.10; see scripts/test.py."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "engine"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["RASA_MAX_CACHE_SIZE"] = "0"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

from shouwen_engine import lean_imports  # noqa: E402

lean_imports.install()

from tests.engine.standins import ActionServer, Engine, small_data  # noqa: E402


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained as `make train` does, on some sentences of each topic of the shipped data."""
    from shouwen_engine.logs import quieten
    from shouwen_engine.training import train

    quieten("ERROR")
    folder = tmp_path_factory.mktemp("trained")
    return train(small_data(ROOT / "data", folder / "data"), folder / "models", "small")


@pytest.fixture(scope="session")
def actions() -> Iterator[ActionServer]:
    """A stand-in for actions/: the same names over the same HTTP, and faults on demand."""
    with ActionServer() as server:
        yield server


@pytest.fixture(scope="session")
def engine(model: Path, actions: ActionServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The engine as a process of its own, as `shouwen up` starts it."""
    with Engine(model, actions.url, tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.fixture(autouse=True)
def _actions_work_again(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "actions" in request.fixturenames:
        request.getfixturevalue("actions").fault = ""
