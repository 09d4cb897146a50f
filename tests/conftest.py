"""What every test may use."""

import fcntl
import os
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.server import manage


@pytest.fixture(autouse=True)
def _clean_counters(request: pytest.FixtureRequest) -> None:
    """Log-in attempts are counted in the shared cache: no test inherits another's."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `manage.py prepare` makes of an empty folder: once for all processes of the run. To be copied, not used."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        if not (shared / "prepared").exists():
            manage(shared / "preparing", "prepare")
            (shared / "preparing").rename(shared / "prepared")
    return shared / "prepared"
