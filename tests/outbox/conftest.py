"""Keys for sealing recipients, for one test only."""

from pathlib import Path

import pytest

from education.core import sealing


@pytest.fixture(autouse=True)
def keys(own_keys: Path) -> None:
    sealing.make_keys(own_keys)
