"""A backup taken under load, proved in a fresh folder, refused when one byte is another, and put back after a loss."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from education.core import disk
from tests.faults.asking import FORM, Crowd, call, form_token, post, rows
from tests.faults.backups import manage, recovery_key
from tests.server import TIMEOUT, Launcher, copied, until

REQUESTS = "education_consultationrequest"


@dataclass(frozen=True)
class BackedUp:
    """A site with a recovery key, and a backup of it."""

    data_dir: Path
    key: str
    backup: Path


@pytest.fixture(scope="module")
def backed_up(shared_dir: Path) -> BackedUp:
    key, backup = recovery_key(shared_dir), shared_dir.parent / "clinic.backup"
    manage(shared_dir, "backup", str(backup))
    return BackedUp(shared_dir, key, backup)


def backup_overtaken(crowd: Crowd, data_dir: Path, backup: Path) -> int:
    """Take a backup while requests are acknowledged; returns how many were before. On a busy machine none may fall into
    the second that it takes: then it is taken again.
    """
    for _ in range(5):
        before = len(crowd.acknowledged)
        manage(data_dir, "backup", str(backup))
        if len(crowd.acknowledged) > before:
            return before
    pytest.fail("Everybody waited for the backup to end.")


def test_a_backup_from_taking_it_to_restoring_it(launch: Launcher, data_dir: Path, tmp_path: Path) -> None:
    key, backup = recovery_key(data_dir), tmp_path / "safe" / "clinic.backup"
    run = launch.serve(data_dir, INTAKE_LIMIT_PER_HOUR="0").up()
    with Crowd(run.port, 2) as crowd:
        crowd.wait_for_more(10)
        before = backup_overtaken(crowd, data_dir, backup)
    assert b"ana@example" not in backup.read_bytes()
    assert b"SQLite format" not in backup.read_bytes()

    fresh = tmp_path / "fresh"
    said = manage(fresh, "restore", "--drill", str(backup), typed=f"{key}\n")
    assert "could be restored" in said
    assert not (fresh / "clinic.sqlite3").exists()

    # Withdrawn after the backup was made: the worker notes it beside the backups.
    gone = crowd.acknowledged[0]
    call(run.port, "POST", f"{gone}withdraw/", "withdraw-contact=ana%40example.org")
    assert until(lambda: (data_dir / "backups" / "erasures.txt").exists())
    shutil.copy(data_dir / "backups" / "erasures.txt", backup.parent)

    run.signal_all(15)
    run.process.wait(TIMEOUT)
    shutil.rmtree(data_dir)
    said = manage(data_dir, "restore", str(backup), typed=f"{key}\n")
    assert "is restored; erased again: 1" in said
    assert "Whole:" in manage(data_dir, "audit_verify")
    again = launch.serve(data_dir, port=run.port).up()
    assert call(again.port, "GET", gone).status == 404
    kept = [where for where in crowd.acknowledged[1:before] if call(again.port, "GET", where).status == 200]
    assert len(kept) == before - 1
    assert call(again.port, "GET", FORM).status == 200
    assert until(lambda: not rows(data_dir, f"SELECT 1 FROM {REQUESTS} WHERE ingested_at IS NULL"))
    manage(data_dir, "restore", str(backup), typed=f"{key}\n", fails=True)  # never over a site that holds requests


@pytest.mark.parametrize("place", [20, 400, -400])
def test_one_flipped_byte_is_refused(backed_up: BackedUp, tmp_path: Path, place: int) -> None:
    content = bytearray(backed_up.backup.read_bytes())
    content[place] ^= 1
    (tmp_path / "clinic.backup").write_bytes(content)
    said = manage(
        tmp_path / "fresh", "restore", str(tmp_path / "clinic.backup"), typed=f"{backed_up.key}\n", fails=True
    )
    assert "backup" in said
    assert not (tmp_path / "fresh" / "clinic.sqlite3").exists()


def test_without_a_recovery_key_there_is_no_backup(data_dir: Path, tmp_path: Path) -> None:
    assert "no recovery key" in manage(data_dir, "backup", str(tmp_path / "x"), fails=True)
    assert not list(tmp_path.glob("*x*"))


def test_whatever_prevents_a_backup_or_a_restore_is_explained(backed_up: BackedUp, tmp_path: Path) -> None:
    def refused(backup: Path, key: str = backed_up.key) -> str:
        return manage(tmp_path / "fresh", "restore", str(backup), typed=f"{key}\n", fails=True)

    assert "mistyped" in refused(backed_up.backup, "ABCD")
    other = recovery_key(copied(backed_up.data_dir, tmp_path / "other"))
    assert "another recovery key" in refused(backed_up.backup, other)
    (tmp_path / "no.backup").write_text("words")
    assert "not a backup" in refused(tmp_path / "no.backup")
    assert "There is no file" in refused(tmp_path / "away")
    assert "There is no site in" in manage(tmp_path / "none", "backup", str(tmp_path / "x"), fails=True)


def test_a_request_does_not_wait_for_a_backup_that_takes_long(
    launch: Launcher, backed_up: BackedUp, tmp_path: Path
) -> None:
    """It waits for the lock on its folder, as while another one is made by hand."""
    data_dir = copied(backed_up.data_dir, tmp_path / "data")
    (data_dir / "backups").mkdir(mode=0o700, exist_ok=True)
    with disk.locked(data_dir / "backups"):
        run = launch.serve(data_dir).up()
        assert until(lambda: waits_for_a_lock(run.worker()))
        assert post(run.port, form_token(run.port), "Ana").status == 303
        assert until(lambda: rows(data_dir, f"SELECT 1 FROM {REQUESTS} WHERE ingested_at IS NOT NULL"))
        assert waits_for_a_lock(run.worker())
    assert until(lambda: list((data_dir / "backups").glob("clinic-*.backup")))


def waits_for_a_lock(pid: int) -> bool:
    return bool(re.search(rf"-> FLOCK .* {pid} ", Path("/proc/locks").read_text()))


def test_the_worker_makes_one_by_itself_once_there_is_a_key(
    launch: Launcher, backed_up: BackedUp, tmp_path: Path
) -> None:
    data_dir = copied(backed_up.data_dir, tmp_path / "data")
    launch.serve(data_dir).up()
    assert until(lambda: list((data_dir / "backups").glob("clinic-*.backup")))
    (made,) = (data_dir / "backups").glob("clinic-*.backup")
    assert made.stat().st_mode & 0o077 == 0
