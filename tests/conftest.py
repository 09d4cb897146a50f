"""What every test may use."""

import os
import pickle
import secrets
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.template import Template
from django.test import Client, RequestFactory
from django.test.client import MULTIPART_CONTENT
from django.utils.http import urlencode

from education.accounts.log_in.passwords import Argon2id19MiB
from education.health.actions import static_fingerprint
from education.images.pictures import Versions, versions
from tests import cast
from tests.database import keeping, plainly_migrated, shared_rows
from tests.kept import Once, once, once_for_later_runs
from tests.server import copied, manage
from tests.starter import starter_pages, starter_rows

if connection.vendor == "sqlite":
    from tests.database import django_db_setup

# Fixtures that live elsewhere.
__all__ = [
    "django_db_setup",
    "once",
    "once_for_later_runs",
    "plainly_migrated",
    "shared_rows",
    "starter_pages",
    "starter_rows",
]
# A busy machine is slow, not broken; and what one run found out must not steer the next.
hypothesis.settings.register_profile("clinic", deadline=None, database=None)
hypothesis.settings.load_profile("clinic")
HASHING = {name: getattr(Argon2id19MiB, name) for name in ("memory_cost", "time_cost")}
plain_render = Template._render  # before Django's test set-up replaces it


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is about the other database, or about the other place for pictures."""
    others = {{"sqlite": "postgres", "postgresql": "sqlite"}[connection.vendor]}
    if "TEST_MEDIA_STORAGE_URL" not in os.environ:
        others.add("s3")
    left_out = [item for item in items if any(mark.name in others for mark in item.iter_markers())]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def _differently_from_a_site(django_test_environment: None, once_for_later_runs: Once) -> Iterator[None]:
    """One fixture for all of these: each takes its time before every test."""
    changes = (
        render_as_in_production,
        send_forms_as_browsers_do,
        hash_quickly,
        wait_for_no_disk,
        keep_as_on_a_site,
    )
    with pytest.MonkeyPatch.context() as patched:
        for change in changes:
            change(patched)
        draw_the_invented_clinic_once(patched, once_for_later_runs)
        yield


def render_as_in_production(patched: pytest.MonkeyPatch) -> None:
    """Tests read pages. Django would copy every template's context for them, a tenth of the time of an edit form."""
    patched.setattr(Template, "_render", plain_render)


def send_forms_as_browsers_do(patched: pytest.MonkeyPatch) -> None:
    """In one line, unless they carry a file. Django's client makes a message of several parts of every form, which
    takes three times as long to write and to read."""
    post = RequestFactory.post

    def posted(self: RequestFactory, path: str, data: Any = None, kind: str = MULTIPART_CONTENT, **how: Any) -> Any:
        kind = how.pop("content_type", kind)
        if kind == MULTIPART_CONTENT and isinstance(data, dict) and not _holds_a_file(data):
            data, kind = urlencode(data, doseq=True), "application/x-www-form-urlencoded"
        return post(self, path, data, kind, **how)

    patched.setattr(RequestFactory, "post", posted)


def _holds_a_file(form: dict[str, Any]) -> bool:
    values = chain.from_iterable(value if isinstance(value, list) else [value] for value in form.values())
    return any(hasattr(value, "read") for value in values)


def hash_quickly(patched: pytest.MonkeyPatch) -> None:
    """Hundreds of passwords are typed in these tests, each of which takes the memory and time that it should."""
    patched.setattr(Argon2id19MiB, "memory_cost", 64)
    patched.setattr(Argon2id19MiB, "time_cost", 1)


def wait_for_no_disk(patched: pytest.MonkeyPatch) -> None:
    """Keys are made in hundreds of tests, none of which is about a power cut: tests/faults/by_hand/power_cut.py is."""
    patched.setattr(os, "fsync", lambda file: None)


def draw_the_invented_clinic_once(patched: pytest.MonkeyPatch, once: Once) -> None:
    """Its pictures are the same each time that examples are loaded, and take a second to encode."""
    drawn: dict[str, Versions] = {}

    def versions_of(upload: Any) -> Versions:
        if upload.name not in drawn:
            file = once(f"drawn-{upload.name}.pickle", lambda path: path.write_bytes(pickle.dumps(versions(upload))))
            drawn[upload.name] = pickle.loads(file.read_bytes())
        return drawn[upload.name]

    patched.setattr("education.clinic.examples.actions.versions", versions_of)


def keep_as_on_a_site(patched: pytest.MonkeyPatch) -> None:
    patched.setattr("education.pages.kept.connection", keeping)


@pytest.fixture
def hash_as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, cost in HASHING.items():
        monkeypatch.setattr(Argon2id19MiB, name, cost)


@pytest.fixture(autouse=True)
def _nothing_from_another_test(request: pytest.FixtureRequest) -> None:
    """Log-in attempts are counted in the shared cache, and rows are kept in memory: no test inherits another's."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()
        keeping.begin()


@pytest.fixture
def own_keys(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for keys, and one for backups, of this test only."""
    settings.SEAL_KEY_DIR, settings.BACKUP_DIR = tmp_path / "keys", tmp_path / "backups"
    return tmp_path / "keys"


@pytest.fixture
def own_media(settings: Any, tmp_path: Path) -> None:
    """No picture of another test is in the way."""
    settings.MEDIA_ROOT = tmp_path / "media"
    if not isinstance(default_storage, FileSystemStorage):
        default_storage.location = f"{secrets.token_hex(8)}/"


@pytest.fixture
def erin() -> Client:
    return cast.logged_in(cast.erin_the_editor())


@pytest.fixture
def clara() -> Client:
    return cast.logged_in(cast.clara_the_clinician())


@pytest.fixture
def doctor() -> Client:
    """A clinician who has said who signs."""
    return cast.logged_in(cast.clara())


@pytest.fixture(scope="session")
def prepared(once: Once, once_for_later_runs: Once) -> Path:
    """What `manage.py prepare` makes where there is no folder yet. Beside it, in `printed.txt`, what it printed.

    Kept as long as no static file even looks changed: the next `prepare` would collect them again.
    """

    def make(folder: Path) -> None:
        printed = manage(folder / "data", "prepare")
        (folder / "printed.txt").write_text(printed)

    kept = once_for_later_runs(f"prepared-{static_fingerprint()[:32]}", make)
    return once("prepared", lambda folder: copied(kept, folder)) / "data"
