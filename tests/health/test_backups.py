"""When a backup is due, how long one is kept, and what is said when there is none. The rest is in tests/faults."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from education.core import sealing, vault
from education.health import backups, databases
from education.health.databases.base import BackupRefused
from education.outbox.models import OutboxMessage

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(own_keys: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.BACKUP_DIR.mkdir()
    vault.make_recovery_key(own_keys)
    monkeypatch.setattr(backups, "make", lambda target: target.write_bytes(vault.FORMAT))
    return Path(settings.BACKUP_DIR)


def left(folder: Path, name: str, age: timedelta, now: datetime = NOON) -> Path:
    path = folder / f"clinic-{name}.backup"
    path.write_bytes(vault.FORMAT)
    at = (now - age).timestamp()
    os.utime(path, (at, at))
    return path


@pytest.mark.parametrize(("hours", "due"), [(9, False), (11, True), (30, True)])
def test_one_a_night(folder: Path, hours: int, due: bool) -> None:
    left(folder, "last", timedelta(hours=hours))
    assert bool(backups.nightly(now=NOON)) is due


def test_the_first_comes_at_once_and_none_without_a_recovery_key(folder: Path, settings: Any) -> None:
    assert backups.nightly(now=NOON) == "clinic-20260316-1200.backup"
    settings.SEAL_KEY_DIR = folder / "none"
    for path in folder.glob("clinic-*"):
        path.unlink()
    assert backups.nightly(now=NOON) == ""


def test_old_ones_go_after_thirty_days_but_never_the_last(folder: Path) -> None:
    old, new = left(folder, "old", timedelta(days=31)), left(folder, "new", timedelta(days=29))
    backups._delete_old(NOON)
    assert (old.exists(), new.exists()) == (False, True)
    only = left(folder, "new", timedelta(days=99))
    backups._delete_old(NOON)
    assert only.exists()


def test_a_night_without_a_backup_is_said(folder: Path) -> None:
    left(folder, "last", timedelta(hours=37))
    assert "No backup was made since" in backups.problem(now=NOON)
    left(folder, "last", timedelta(hours=30))
    assert backups.problem(now=NOON) == ""


def test_the_head_of_the_audit_trail_is_mailed_once_a_day(settings: Any) -> None:
    from education.audit.actions import record
    from education.health.actions import mail_audit_head

    settings.STAFF_MAIL = ["desk@clinic.test"]
    head = record("looked", by=None).digest
    mail_audit_head(now=NOON)
    mail_audit_head(now=NOON)
    assert head in OutboxMessage.objects.get().body
    mail_audit_head(now=NOON + timedelta(days=1))
    assert OutboxMessage.objects.count() == 2


@pytest.mark.sqlite
def test_a_lost_key_keeps_no_backup_from_being_made(own_keys: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "clinic.sqlite3")) as copy:
        for table in backups.COUNTED:
            copy.execute(f"CREATE TABLE {table} (id INTEGER, sealed BLOB, reference TEXT, key_id TEXT, digest TEXT)")
        here = sealing.make_keys(own_keys)
        kept = sealing.seal({"full_name": "Ana"}, bound_to="B")
        rows = [(1, b"?", "A", "0" * 16), (2, kept, "B", here)]
        copy.executemany(
            "INSERT INTO education_consultationrequest (id, sealed, reference, key_id) VALUES (?, ?, ?, ?)", rows
        )
        copy.commit()
        with databases.sqlite.opened(tmp_path) as read:
            assert backups._checked(read)["lost_keys"] == ["0" * 16]
        copy.execute("DELETE FROM education_consultationrequest WHERE id = 2")
        copy.commit()
        with databases.sqlite.opened(tmp_path) as read, pytest.raises(BackupRefused, match="None of the keys"):
            backups._checked(read)
