"""The site at work, for whatever scans or loads it by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.asking import NO_LIMIT
from tests.faults.production import Site, furnished, in_production
from tests.server import Launcher, manage


@contextmanager
def at_work(name: str) -> Iterator[Site]:
    """In production mode behind nginx, with pages and somebody of each role, in a folder that is gone afterwards."""
    with TemporaryDirectory(prefix=f"clinic-{name}-") as folder:
        launcher = Launcher(Path(folder))
        prepared, staffed = launcher.folder / "prepared", launcher.folder / "staffed"
        manage(prepared, "prepare")
        furnished(prepared, staffed)
        try:
            with in_production(launcher, staffed, name, **NO_LIMIT) as site:
                yield site
        finally:
            launcher.end_all()
