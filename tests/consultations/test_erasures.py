"""What is erased, withdrawn or purged is noted with it, and nothing of it is left on the disk."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from education.accounts.models import User
from education.consultations import erasures
from education.consultations.disclosure import actions as disclosure
from education.consultations.models import ConsultationRequest, Erasure
from education.consultations.public import actions as patient
from education.consultations.public import tokens
from education.consultations.upkeep import ingest, retention
from education.core import disk
from tests import cast
from tests.consultations import asking

pytestmark = pytest.mark.usefixtures("clinic")
Capture = Callable[..., Any]
CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"


@pytest.fixture
def mona(db: None) -> User:
    return cast.staff("mona", "manager", "intake")


def listed(settings: Any) -> dict[str, date]:
    return erasures.in_file(settings.BACKUP_DIR / erasures.FILE)


def test_an_erasure_that_can_not_be_listed_is_an_error_and_one_that_is_listed_keeps_its_day() -> None:
    erasures.merge({"ABCD2345": date(2026, 1, 2)})
    erasures.note(["ABCD2345", "EFGH2345"])
    assert Erasure.objects.get(reference="ABCD2345").erased_on == date(2026, 1, 2)
    assert Erasure.objects.count() == 2
    unlisted: Any = None
    for add in (lambda: erasures.note(["JKLM2345", unlisted]), lambda: erasures.merge({"JKLM2345": unlisted})):
        with pytest.raises(IntegrityError), transaction.atomic():
            add()
    assert Erasure.objects.count() == 2


def test_an_erasure_is_noted_with_it_or_not_at_all(
    mona: User, settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    row = asking.ingested()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        patched.setattr(disclosure, "record", fail)
        with pytest.raises(DatabaseError):
            disclosure.erase_person([row], by=mona)
    assert ConsultationRequest.objects.filter(pk=row.pk).exists()
    assert not Erasure.objects.exists()
    assert listed(settings) == {}
    with django_capture_on_commit_callbacks(execute=True):
        disclosure.erase_person([row], by=mona)
        assert Erasure.objects.get().reference == row.reference
    assert listed(settings) == {row.reference: timezone.localdate()}


def test_a_withdrawal_is_noted_with_it(settings: Any, django_capture_on_commit_callbacks: Capture) -> None:
    row = asking.ingested()
    patient.withdraw(tokens.receipt_token("one"), contact="ana@example.org")
    assert Erasure.objects.get().reference == row.reference
    with django_capture_on_commit_callbacks(execute=True):
        ingest.ingest_new()
    assert set(listed(settings)) == {row.reference}


def test_the_worker_writes_the_file_that_a_kill_prevented_and_keeps_what_only_the_file_has(settings: Any) -> None:
    erasures.write(settings.BACKUP_DIR / erasures.FILE, {"AAAA2222": date(2026, 1, 31)})
    Erasure.objects.create(reference="BBBB3333", erased_on=date(2026, 2, 1))
    for _ in range(2):
        erasures.update_file()
        assert listed(settings) == {"AAAA2222": date(2026, 1, 31), "BBBB3333": date(2026, 2, 1)}
    assert [path.name for path in settings.BACKUP_DIR.iterdir()] == [erasures.FILE]


def test_a_line_that_was_cut_off_still_counts(settings: Any) -> None:
    settings.BACKUP_DIR.mkdir()
    (settings.BACKUP_DIR / erasures.FILE).write_text("AAAA2222 2026-01-31\n\nBBBB3333 2026-0")
    assert listed(settings) == {"AAAA2222": date(2026, 1, 31), "BBBB3333": timezone.localdate()}


def test_the_log_is_emptied_after_each_erasure_withdrawal_and_purge(
    mona: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    rows = [asking.ingested(nonce) for nonce in ("one", "two", "three")]
    ConsultationRequest.objects.filter(pk=rows[2].pk).update(delete_after=timezone.localdate() - timedelta(days=1))
    deeds: list[Callable[[], object]] = [
        lambda: disclosure.erase_person([rows[0]], by=mona),
        lambda: patient.withdraw(tokens.receipt_token("two"), contact="ana@example.org"),
        retention.purge_due,
    ]
    emptied = []
    monkeypatch.setattr(disk, "empty_write_ahead_log", lambda: emptied.append(1))
    for number, deed in enumerate(deeds, start=1):
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        assert len(emptied) == number


@pytest.mark.sqlite
def test_a_long_reader_holds_nobody_up_and_the_log_is_emptied_later(tmp_path: Any, monkeypatch: Any) -> None:
    path = tmp_path / "clinic.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer, closing(sqlite3.connect(path)) as reader:
        writer.executescript("PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; CREATE TABLE kept (words TEXT)")
        writer.execute("INSERT INTO kept VALUES ('kanarienvogel')")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM kept").fetchall()
        writer.execute("DELETE FROM kept")
        said: list[str] = []
        writer.set_trace_callback(said.append)
        fake = type("Connection", (), {"vendor": "sqlite", "cursor": lambda self: closing(writer.cursor())})()
        monkeypatch.setattr(disk, "connection", fake)
        assert not disk.empty_write_ahead_log()
        reader.rollback()
        assert disk.empty_write_ahead_log()
        files = b"".join(one.read_bytes() for one in tmp_path.iterdir())
        assert b"kanarienvogel" not in files
        assert said.index(f"PRAGMA busy_timeout = {disk.PATIENCE_MS}") < said.index(CHECKPOINT)
        assert writer.execute("PRAGMA busy_timeout").fetchone() == (5000,), "as it was"
