"""A site that is ready to start, a way to start it that leaves nothing behind, and a clinic at work in both modes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Once
from tests.faults.asking import NO_LIMIT
from tests.faults.production import Site, furnished, in_production, in_trial
from tests.server import Launcher, copied


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path, for_tests=True)
    yield launcher
    launcher.end_all()


@pytest.fixture(scope="module")
def launch_shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    """For sites that all tests of a file share."""
    launcher = Launcher(tmp_path_factory.mktemp("shared"), for_tests=True)
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


@pytest.fixture(scope="session")
def staffed(once: Once, prepared: Path) -> Path:
    """The data folder of a clinic with somebody in each role, for both modes. To be copied, not used."""
    return once("staffed", lambda folder: furnished(prepared, folder))


@pytest.fixture(scope="package")
def launch_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path_factory.mktemp("sites"), for_tests=True)
    yield launcher
    launcher.end_all()


@pytest.fixture(scope="package")
def production(launch_for_all: Launcher, staffed: Path) -> Iterator[Site]:
    """Production mode behind nginx, without a limit of requests: all tests share it, and none may break it. It ends
    with them, as a site that nobody asks works all the same."""
    with in_production(launch_for_all, staffed, "production", **NO_LIMIT) as site:
        yield site


@pytest.fixture(scope="package")
def trial(launch_for_all: Launcher, staffed: Path) -> Iterator[Site]:
    """The same clinic as a trial, without a proxy."""
    with in_trial(launch_for_all, staffed, "trial", **NO_LIMIT) as site:
        yield site


@pytest.fixture(params=["trial", "production"])
def either(request: pytest.FixtureRequest) -> Site:
    """The test runs in both modes."""
    site: Site = request.getfixturevalue(request.param)
    return site
