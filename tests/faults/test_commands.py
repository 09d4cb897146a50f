"""Commands as an operator runs them, each in a process of its own."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

from tests.clinic_site.production import COMPLETE
from tests.server import ROOT, environment


def manage(data_dir: Path, *words: str, **values: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment(data_dir, 8000, **values),
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def said(data_dir: Path, *words: str) -> list[str]:
    """What a command that succeeds prints."""
    done = manage(data_dir, *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_a_trial_needs_no_variable(tmp_path: Path) -> None:
    assert manage(tmp_path, "check").returncode == 0


def test_a_complete_production_is_silent(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **COMPLETE)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_production_lacks_is_said_in_one_line(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", **{**COMPLETE, "STAFF_MAIL": ""})
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("The configuration is not complete: STAFF_MAIL is not set. ")


def test_the_first_start_makes_everything_and_the_second_nothing(tmp_path: Path) -> None:
    data_dir = tmp_path / "deep" / "data"
    assert said(data_dir, "prepare") == [
        "Setting up the database",
        "Making the keys that seal patients' answers",
        "Loading the starter pages",
        "Collecting styles, scripts and pictures",
    ]
    assert said(data_dir, "prepare") == []
    assert stat.S_IMODE((data_dir / "clinic.sqlite3").stat().st_mode) == 0o600
    assert stat.S_IMODE((data_dir / "keys").stat().st_mode) == 0o700
    assert (data_dir / "static" / "staticfiles.json").is_file()
    assert said(data_dir, "worker", "--once") == []
    assert not any(path.stat().st_size for path in data_dir.glob("*-wal"))


def test_a_database_that_is_not_there_does_not_end_the_worker(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment(tmp_path, 8000),
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    lines = [process.stderr.readline() for _ in range(3)]
    assert all("failed (OperationalError)" in line for line in lines)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0


OVERDUE = """
from datetime import timedelta
from django.utils import timezone
from tests.consultations import asking
for nonce, days in (("old", -1), ("new", 1)):
    row = asking.request(nonce)
    row.delete_after = timezone.localdate() + timedelta(days=days)
    row.save()
    print(row.reference)
"""


def test_purging_deletes_what_is_past_its_time_and_leaves_none_of_its_bytes(data_dir: Path) -> None:
    """The write-ahead log would keep a deleted row: it is emptied at once."""
    gone, kept = (reference.encode() for reference in said(data_dir, "shell", "--no-imports", "-c", OVERDUE))
    files = [data_dir / "clinic.sqlite3", data_dir / "clinic.sqlite3-wal"]
    stored = b"".join(path.read_bytes() for path in files if path.exists())
    assert gone in stored
    assert said(data_dir, "purge_requests") == ["Requests deleted: 1"]
    stored = b"".join(path.read_bytes() for path in files if path.exists())
    assert kept in stored
    assert gone not in stored
