"""The small checkout, fresh for each test."""

from pathlib import Path

import pytest

from tests.datacheck.small_checkout import Checkout, make_checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path)
