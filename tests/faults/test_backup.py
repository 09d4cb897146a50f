"""A backup taken under load, proved in a fresh folder, refused when one byte is another, and put back after a loss."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.asking import FORM, Crowd, call, rows
from tests.server import ROOT, Launcher, environment, until

REQUESTS = "education_consultationrequest"
KEY = re.compile(r"^ +((?:[0-9A-Z]{4}-){13}[0-9A-Z]{4})$", re.M)


def manage(data_dir: Path, *words: str, typed: str = "", fails: bool = False) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment(data_dir, 8000, STAFF_MAIL="d@clinic.test"),
        input=typed, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert bool(done.returncode) is fails, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def recovery_key(data_dir: Path) -> str:
    found = KEY.search(manage(data_dir, "seal_keys", "recovery"))
    assert found
    return found[1]


def test_the_whole_life_of_a_backup(launch: Launcher, data_dir: Path, tmp_path: Path) -> None:
    key, backup = recovery_key(data_dir), tmp_path / "safe" / "clinic.backup"
    run = launch.serve(data_dir, INTAKE_LIMIT_PER_HOUR="0").up()
    crowd = Crowd(run.port, 4, 8)
    thread = crowd.start()
    until(lambda: len(crowd.acknowledged) >= 10)
    before = len(crowd.acknowledged)
    manage(data_dir, "backup", str(backup))
    thread.join()
    assert len(crowd.acknowledged) > before, "nobody had to wait for the backup to end"
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
    run.process.wait(20)
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
def test_one_flipped_byte_is_refused(data_dir: Path, tmp_path: Path, place: int) -> None:
    key, backup = recovery_key(data_dir), tmp_path / "clinic.backup"
    manage(data_dir, "backup", str(backup))
    content = bytearray(backup.read_bytes())
    content[place] ^= 1
    backup.write_bytes(content)
    said = manage(tmp_path / "fresh", "restore", str(backup), typed=f"{key}\n", fails=True)
    assert "backup" in said
    assert not (tmp_path / "fresh" / "clinic.sqlite3").exists()


def test_what_stands_in_the_way_is_said_in_one_line(data_dir: Path, tmp_path: Path) -> None:
    assert "no recovery key" in manage(data_dir, "backup", str(tmp_path / "x"), fails=True)
    assert not list(tmp_path.glob("*x*"))
    key = recovery_key(data_dir)
    backup = tmp_path / "clinic.backup"
    manage(data_dir, "backup", str(backup))
    assert "mistyped" in manage(tmp_path / "f", "restore", str(backup), typed="ABCD\n", fails=True)
    other = recovery_key(data_dir)
    assert "another recovery key" in manage(tmp_path / "f", "restore", str(backup), typed=f"{other}\n", fails=True)
    (tmp_path / "no.backup").write_text("words")
    assert "not a backup" in manage(
        tmp_path / "f", "restore", str(tmp_path / "no.backup"), typed=f"{key}\n", fails=True
    )
    assert "There is no file" in manage(tmp_path / "f", "restore", str(tmp_path / "away"), fails=True)
    assert "There is no site in" in manage(tmp_path / "g", "backup", str(tmp_path / "x"), fails=True)


def test_the_worker_makes_one_by_itself_once_there_is_a_key(launch: Launcher, data_dir: Path) -> None:
    recovery_key(data_dir)
    launch.serve(data_dir).up()
    assert until(lambda: list((data_dir / "backups").glob("clinic-*.backup")), 30)
    (made,) = (data_dir / "backups").glob("clinic-*.backup")
    assert made.stat().st_mode & 0o077 == 0
