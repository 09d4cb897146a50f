"""What tests make once: for all processes of a run, or for later runs too."""

import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

ROOT = Path(__file__).resolve().parent.parent
# Whatever the migrated database and the starter library in it could come from, and what makes them here.
SOURCES = ("education", "clinic_site", "templates", "static", "requirements*.txt", "tests/*.py")
KEPT = 3  # folders, for whoever changes something and back
Make = Callable[[Path], object]
Once = Callable[[str, Make], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """`once(name, make)`: a file or folder that `make` makes at the path it is given, once for all processes of the
    run. To be copied or read, never changed."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return lambda name, make: made_once(shared, name, make)


@pytest.fixture(scope="session")
def once_for_later_runs(once: Once, request: pytest.FixtureRequest) -> Once:
    """The same, kept in pytest's cache for later runs with the same `fingerprint`."""
    cache = getattr(request.config, "cache", None)  # none with `-p no:cacheprovider`
    if cache is None:
        return once
    folder = cache.mkdir("made-for-tests") / fingerprint(ROOT)
    folder.mkdir(exist_ok=True)
    folder.touch()  # the newest
    forget_all_but_newest(folder.parent)
    return lambda name, make: made_once(folder, name, make)


def made_once(folder: Path, name: str, make: Make) -> Path:
    finished, unfinished = folder / name, folder / f"{name}.{os.getpid()}"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        if not finished.exists():
            make(unfinished)
            unfinished.rename(finished)
    return finished


def fingerprint(root: Path) -> str:
    """Another one as soon as a file of `SOURCES` comes, goes, moves or changes, on another day (pages say when they
    were published), for another database, or with another Python or Django."""
    about = (sys.version, django.VERSION, connection.vendor, settings.TIME_ZONE, timezone.localdate())
    digest = sha256("\0".join(map(str, about)).encode())
    for path in sources(root):
        digest.update(sha256(str(path.relative_to(root)).encode()).digest())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def sources(root: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        for top in sorted(root.glob(pattern)):
            yield from files_in(top) if top.is_dir() else [top]


def files_in(top: Path) -> Iterable[Path]:
    found = (path for path in top.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(found)


def forget_all_but_newest(folder: Path) -> None:
    for old in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
