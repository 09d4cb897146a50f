"""A site that is ready to start, and a way to start it that leaves nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Launcher, copied


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path)
    yield launcher
    launcher.end_all()


@pytest.fixture(scope="module")
def launch_shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    """For sites that all tests of a file share."""
    launcher = Launcher(tmp_path_factory.mktemp("shared"))
    yield launcher
    launcher.end_all()


@pytest.fixture
def data_dir(prepared: Path, tmp_path: Path) -> Path:
    """A folder in which the site is ready to start."""
    return copied(prepared, tmp_path / "data")


@pytest.fixture(scope="module")
def shared_dir(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a folder for all tests of a file."""
    return copied(prepared, tmp_path_factory.mktemp("shared") / "data")
