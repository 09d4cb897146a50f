"""A disk that could only be read for a while leaves no connection that only reads; a lost database is not made anew."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from clinic_site.sqlite.base import DatabaseWrapper
from tests.server import manage

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
INSERT = "INSERT INTO word VALUES ('a')"


def may_be_written(file: Path, yes: bool) -> None:
    """Byte 18 of an SQLite file says which writers understand it: with 3 it is read-only, for root too."""
    content = bytearray(file.read_bytes())
    content[18] = 2 if yes else 3
    file.write_bytes(content)


def connection_to(file: Path) -> DatabaseWrapper:
    given: dict[str, Any] = {**settings.DATABASES["default"], "NAME": file, "TIME_ZONE": None, "AUTOCOMMIT": True}
    return DatabaseWrapper(given)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """The data folder of a site."""
    settings.DATA_DIR, settings.SEAL_KEY_DIR = tmp_path, tmp_path / "keys"
    settings.MEDIA_ROOT, settings.BACKUP_DIR = tmp_path / "media", tmp_path / "backups"
    return tmp_path


@pytest.mark.thorough
def test_the_checks_before_a_command_make_no_database(tmp_path: Path) -> None:
    """Or a command in a wrong folder would say that its database is empty, not that there is no site."""
    manage(tmp_path / "wrong", "check", "--database", "default", anew=True)
    assert list((tmp_path / "wrong").glob("clinic.sqlite3*")) == []


@pytest.mark.parametrize(
    "left", ["keys/audit_key", "media/pictures/a.jpg", "backups/erasures.txt", "clinic.sqlite3-wal"]
)
def test_whatever_is_left_of_a_site_says_that_it_had_a_database(folder: Path, left: str) -> None:
    (folder / left).parent.mkdir(parents=True, exist_ok=True)
    (folder / left).touch()
    with pytest.raises(OperationalError, match=f"{left} shows that a site was here"):
        connection_to(folder / "clinic.sqlite3").cursor()
    assert not (folder / "clinic.sqlite3").exists()


def test_a_first_database_is_made_for_this_user_only(folder: Path) -> None:
    (folder / "keys").mkdir()
    (folder / "keys" / "secret_key").touch()  # the settings make it, before anything else
    connection = connection_to(folder / "clinic.sqlite3")
    connection.cursor().execute("CREATE TABLE word (word TEXT)")
    assert {oct(file.stat().st_mode & 0o777) for file in folder.glob("clinic.sqlite3*")} == {"0o600"}
    connection.close()


def test_every_commit_is_on_the_disk_before_it_is_acknowledged(folder: Path) -> None:
    """FULL: the write-ahead log is synchronised at each commit. See DECISIONS.md, 3."""
    connection = connection_to(folder / "clinic.sqlite3")
    with connection.cursor() as cursor:
        said = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
        said["secure_delete"] = cursor.execute("PRAGMA secure_delete").fetchone()[0]
    connection.close()
    assert said == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_a_connection_made_while_nothing_could_be_written_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "words.sqlite3"
    connection = connection_to(file)
    connection.cursor().execute("CREATE TABLE word (word TEXT)")
    connection.close()
    may_be_written(file, False)
    with pytest.raises(OperationalError, match="readonly"):
        connection.cursor().execute(INSERT)
    connection.rollback()
    connection.commit()  # as the transactions do that only read, to show the page that says so
    may_be_written(file, True)
    connection.close_if_unusable_or_obsolete()  # as Django does around each request
    connection.cursor().execute(INSERT)
    connection.close()
