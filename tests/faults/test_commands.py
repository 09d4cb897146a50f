"""Commands as an operator runs them, each in a process of its own."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

from tests.clinic_site.production import COMPLETE
from tests.server import ROOT, TIMEOUT, copied, environment, manage, run_command


def test_a_trial_needs_no_variable(tmp_path: Path) -> None:
    manage(tmp_path, "check", anew=True)


def test_a_complete_production_configuration_passes_in_silence(tmp_path: Path) -> None:
    done = run_command(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **COMPLETE)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_setting_that_production_lacks_is_named_in_one_line(tmp_path: Path) -> None:
    done = run_command(tmp_path, "check", **{**COMPLETE, "STAFF_MAIL": ""})
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("The configuration is not complete: STAFF_MAIL is not set. ")


def test_prepare_sets_up_everything_once(prepared: Path, tmp_path: Path) -> None:
    assert (prepared.parent / "printed.txt").read_text().splitlines() == [
        "Setting up the database",
        "Making the keys that seal patients' answers",
        "Loading the starter pages",
        "Collecting styles, scripts and pictures",
    ]
    data_dir = copied(prepared, tmp_path / "data")
    assert manage(data_dir, "prepare", anew=True) == ""
    assert stat.S_IMODE((data_dir / "clinic.sqlite3").stat().st_mode) == 0o600
    assert stat.S_IMODE((data_dir / "keys").stat().st_mode) == 0o700
    assert (data_dir / "static" / "staticfiles.json").is_file()
    assert manage(data_dir, "worker", "--once", anew=True) == ""
    assert not any(path.stat().st_size for path in data_dir.glob("*-wal"))


def test_the_worker_outlives_a_missing_database(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment(tmp_path, 8000),
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    lines = [process.stderr.readline() for _ in range(3)]
    assert all("failed (OperationalError)" in line for line in lines)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=TIMEOUT)
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
    gone, kept = (reference.encode() for reference in manage(data_dir, "shell", "--no-imports", "-c", OVERDUE).split())
    files = [data_dir / "clinic.sqlite3", data_dir / "clinic.sqlite3-wal"]
    stored = b"".join(path.read_bytes() for path in files if path.exists())
    assert gone in stored
    assert manage(data_dir, "purge_requests", anew=True) == "Requests deleted: 1\n"
    stored = b"".join(path.read_bytes() for path in files if path.exists())
    assert kept in stored
    assert gone not in stored
