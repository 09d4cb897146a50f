"""A site that is ready to start, and a way to start it that leaves nothing behind."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import ROOT, Launcher, environment


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path)
    yield launcher
    launcher.end_all()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "data"
    subprocess.run(
        [sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment(folder, 8000), check=True, timeout=300
    )
    return folder


@pytest.fixture
def data_dir(prepared: Path, tmp_path: Path) -> Path:
    """A folder in which the site is ready to start."""
    return Path(shutil.copytree(prepared, tmp_path / "data"))
