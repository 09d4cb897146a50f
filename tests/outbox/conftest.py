"""Keys for sealing recipients, for one test only."""

from pathlib import Path

import pytest

from education.core import sealing


@pytest.fixture(autouse=True)
def keys(settings: object, tmp_path: Path) -> None:
    settings.SEAL_KEY_DIR = tmp_path / "keys"  # type: ignore[attr-defined]
    sealing.make_keys(tmp_path / "keys")
