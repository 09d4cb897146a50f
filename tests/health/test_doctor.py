"""The doctor names every fault and what to do about it."""

from collections import namedtuple
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from education.clinic.models import ClinicProfile
from education.core import sealing, vault
from education.health import actions, checks, inspection
from education.outbox.models import OutboxMessage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "staticfiles.json").write_text("{}")
    settings.STATIC_ROOT = tmp_path
    cast.clinic(reply_promise="Soon.", opening_hours="Always.")
    cast.adam_the_administrator()
    actions.note_heartbeat()


def doctor() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def wrong() -> dict[str, str]:
    return {name: problem for name, problem in inspection.findings().items() if problem}


def test_a_healthy_installation(healthy: None) -> None:
    code, text = doctor()
    assert code == 0, text
    lines = [line for line in text.splitlines() if not line.startswith("note")]
    assert len(lines) == len(inspection.CHECKS) - len(["backup"]), "a trial makes none, which a note says"
    assert all(line.startswith(("ok ", "none ")) for line in lines)


def test_what_a_site_does_without_is_not_called_well(healthy: None, settings: Any) -> None:
    lines = doctor()[1].splitlines()
    assert {"none  second place for backups", "none  search engine", "none  CDN"} <= set(lines)
    settings.CDN_PURGE_URL = "https://cdn.test/purge"
    assert "ok    CDN" in doctor()[1].splitlines()


@pytest.mark.sqlite
def test_a_trial_without_a_recovery_key_does_not_say_that_backups_are_well(
    healthy: None, settings: Any, tmp_path: Path
) -> None:
    settings.SEAL_KEY_DIR, settings.BACKUP_DIR = tmp_path / "none", tmp_path / "backups"
    note = "note  backup: There is no recovery key, so no backup is made. Run: manage.py seal_keys recovery"
    lines = doctor()[1].splitlines()
    assert note in lines
    assert "ok    backup" not in lines
    settings.SEAL_KEY_DIR = tmp_path / "keys"
    sealing.make_keys(settings.SEAL_KEY_DIR)
    vault.make_recovery_key(settings.SEAL_KEY_DIR)
    lines = doctor()[1].splitlines()
    assert not any("There is no recovery key" in line for line in lines)
    assert "WRONG backup: No backup was made. Check that the worker runs and the disk has free space." in lines


@pytest.mark.parametrize(("country", "written"), [("US", "May 4, 2026, 3:30 p.m."), ("IE", "4 May 2026, 15:30")])
def test_days_and_times_are_written_as_the_clinics_country_does(healthy: None, country: str, written: str) -> None:
    ClinicProfile.objects.update(country=country)
    caches["database"].set(checks.HEARTBEAT, datetime(2026, 5, 4, 14, 30, tzinfo=UTC), timeout=None)
    with timezone.override("Europe/London"):
        said = [*wrong().values()]
        assert any(f"has not been seen since {written}. Start it" in words for words in said), said


def test_a_new_installation_hears_what_is_missing(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    code, text = doctor()
    assert code == 1
    for line in (
        "WRONG worker: The worker has never run. Start it: systemctl restart clinic-worker",
        "WRONG static files: Styles and scripts are not collected. Run: manage.py collectstatic",
        "WRONG clinic profile: The clinic's profile lacks: name, telephone, lines for an emergency or a crisis",
        "WRONG staff account: No staff account exists. Use the set-up link",
    ):
        assert line in text


def test_an_empty_name_in_the_profile(healthy: None) -> None:
    ClinicProfile.objects.update(name="")
    assert wrong() == {"clinic profile": "The clinic's profile lacks: name. Fill it in at /admin/."}


def test_a_worker_that_stopped(healthy: None) -> None:
    caches["database"].set(checks.HEARTBEAT, timezone.now() - timedelta(minutes=5), timeout=None)
    assert wrong()["worker"].startswith("The worker has not been seen since ")


def test_debugging(healthy: None, settings: Any) -> None:
    settings.DEBUG = True
    assert list(wrong()) == ["debug"]


def test_no_key_in_production(healthy: None, settings: Any, tmp_path: Path) -> None:
    settings.TRIAL = False
    settings.STAFF_MAIL = ["desk@clinic.test"]
    settings.SEAL_KEY_DIR = tmp_path / "none"
    found = wrong()
    assert found["keys"] == "There is no key to seal patients' answers with. Run: manage.py seal_keys new"
    assert found.keys() <= {"keys", "staff keys", "audit key", "backup"}


@pytest.mark.sqlite
def test_no_recovery_key_in_production(healthy: None, settings: Any, tmp_path: Path) -> None:
    settings.TRIAL = False
    settings.SEAL_KEY_DIR = tmp_path / "none"
    assert wrong()["backup"].startswith("There is no recovery key")


def test_mail_that_was_given_up(healthy: None) -> None:
    now = timezone.now()
    OutboxMessage.objects.create(
        key="k", recipient=b"x", subject="s", body="b", state=OutboxMessage.FAILED, not_before=now
    )
    assert wrong()["mail"].startswith("1 mail could not be delivered")
    OutboxMessage.objects.create(
        key="l", recipient=b"x", subject="s", body="b", state=OutboxMessage.FAILED, not_before=now
    )
    assert wrong()["mail"].startswith("2 mails could not be delivered")


def test_mail_that_nobody_hears_of(healthy: None, settings: Any) -> None:
    settings.TRIAL = False
    settings.STAFF_MAIL = []
    assert "STAFF_MAIL" in wrong()["mail"]


def test_times_in_utc_are_worth_a_note_in_production(settings: Any) -> None:
    assert "time zone" not in inspection.notes()
    settings.TRIAL = False
    assert "TIME_ZONE" in inspection.notes()["time zone"]
    settings.TIME_ZONE = "America/New_York"
    assert "time zone" not in inspection.notes()


def test_a_folder_that_can_not_be_written_to(healthy: None, settings: Any) -> None:
    settings.DATA_DIR = Path("/proc")
    assert "/proc can't be written to" in wrong()["data folder"]


def test_a_folder_that_is_not_there(healthy: None, settings: Any) -> None:
    settings.DATA_DIR = Path("/nowhere/at/all")
    assert set(wrong()) == {"data folder", "free space"}


def test_little_space(healthy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(inspection.shutil, "disk_usage", lambda _: usage(5_000_000))
    assert wrong()["free space"].startswith("Only 5 MB are free")


def test_a_database_behind_the_program(healthy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection.MigrationExecutor, "migration_plan", lambda *_: ["a", "b"])
    assert wrong() == {"database": "The database is 2 steps behind the program. Run: manage.py migrate"}


def test_a_database_that_does_not_answer(healthy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseError("it is gone")

    monkeypatch.setattr(connection, "cursor", gone)
    found = wrong()
    assert {"database", "worker", "clinic profile", "staff account"} <= set(found)
    assert all("it is gone" in found[name] for name in ("database", "worker", "staff account"))


@pytest.mark.sqlite
def test_the_usual_lock_timeout_comes_back(healthy: None) -> None:
    usual = dict(connection.settings_dict["OPTIONS"])
    with inspection.short_lock_timeout(1):
        assert connection.settings_dict["OPTIONS"]["timeout"] == 1
    assert connection.settings_dict["OPTIONS"] == usual


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_an_sqlite_that_can_damage_the_database_is_a_note(
    healthy: None, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], affected: bool
) -> None:
    monkeypatch.setattr(inspection.sqlite3, "sqlite_version_info", version)
    code, text = doctor()
    assert code == 0
    assert ("note  SQLite: " in text) is affected
    assert not affected or "3.51.3 or newer" in text


@pytest.mark.sqlite
def test_files_that_others_can_read(healthy: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "clinic.sqlite3").touch(0o644)
    (tmp_path / "clinic.sqlite3-wal").touch(0o600)
    tmp_path.chmod(0o700)
    path = tmp_path / "clinic.sqlite3"
    assert wrong() == {"who may read it": f"Other users of this machine can read it. Run: chmod -R go= {path}"}
    path.chmod(0o600)
    assert wrong() == {}
