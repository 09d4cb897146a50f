"""What stands in the way of a start is told in one clear line, with what to do. Never a traceback."""

import errno
import os
import resource
import socket
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError

from education.health.faults import explain
from tests.faults.wire import get
from tests.server import TIMEOUT, Launcher, free_port, run_command, until


def fails(command: str, data_dir: Path, *, port: int = 0, file_limit: int = 0, anew: bool = False, **more: str) -> str:
    """Run a command that must fail; the one line that it leaves."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

    before = limit if file_limit else None
    done = run_command(data_dir, command, port=port or free_port(), before=before, anew=anew, **more)
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    if not port and "is taken" in lines[0]:  # somebody was faster since it was found to be free
        return fails(command, data_dir, file_limit=file_limit, anew=anew, **more)
    return lines[0]


def test_a_taken_port(data_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = fails("serve", data_dir, port=port, anew=True)
    assert (
        line == f"Port {port} is taken by another program. End it, or choose another port, for example PORT={port + 1}."
    )


def test_an_address_of_another_machine(data_dir: Path) -> None:
    line = fails("serve", data_dir, HOST="192.0.2.1", CLINIC_TRIAL_ANYWHERE="yes")
    assert "192.0.2.1 is not one of this machine" in line
    assert "HOST" in line


@pytest.mark.parametrize("command", ["serve", "doctor", "check", "prepare"])
def test_the_public_side_beside_the_private_keys(data_dir: Path, command: str) -> None:
    line = fails(command, data_dir, CLINIC_ROLE="public")
    assert f"SEAL_KEY_DIR would let the public side read {data_dir}/keys/" in line
    assert "keep all other keys from this user" in line


@pytest.mark.parametrize("command", ["prepare", "serve"])
@pytest.mark.parametrize("secret", ["", "s" * 50], ids=["first start", "with its secret set"])
def test_a_data_folder_that_cannot_be_written(tmp_path: Path, command: str, secret: str) -> None:
    (tmp_path / "file").write_text("A file has no folders in it, not even for root.")
    line = fails(command, tmp_path / "file" / "data", SECRET_KEY=secret)
    assert "CLINIC_DATA_DIR" in line


def test_a_read_only_file_system() -> None:
    assert "CLINIC_DATA_DIR" in fails("prepare", Path("/proc/clinic"))


@pytest.mark.parametrize("limit", [16, 100_000], ids=["before the first key", "in the database"])
def test_a_full_disk_on_the_first_start(tmp_path: Path, limit: int) -> None:
    """No file may grow beyond the limit: what a full disk looks like without filling one."""
    line = fails("prepare", tmp_path / "data", file_limit=limit)
    assert "space" in line
    assert str(tmp_path / "data") in line or "CLINIC_DATA_DIR" in line


def test_a_full_disk_on_a_later_start(data_dir: Path) -> None:
    assert fails("serve", data_dir, file_limit=1000).startswith("The disk is full. Free some space for ")


def test_a_locked_database(data_dir: Path) -> None:
    other = sqlite3.connect(data_dir / "clinic.sqlite3", isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert "locked by another program" in fails("serve", data_dir)
    finally:
        other.close()


@pytest.mark.parametrize("command", ["serve", "audit_verify", "purge_requests"])
def test_a_database_that_is_not_set_up(tmp_path: Path, command: str) -> None:
    line = fails(command, tmp_path / "data")
    assert "manage.py migrate" in line
    assert command == "serve" or str(tmp_path / "data") in line


def test_a_broken_database(data_dir: Path) -> None:
    (data_dir / "clinic.sqlite3").write_bytes(b"not a database " * 1000)
    line = fails("serve", data_dir)
    assert f"The database file in {data_dir} is damaged" in line
    assert "not a database" in line or "malformed" in line  # by what lies beside the file
    assert "“The database is damaged” in clinic_site/deploy/troubles.md" in line


@pytest.mark.parametrize("command", ["prepare", "serve", "migrate"])
def test_a_lost_database_is_not_made_anew(data_dir: Path, command: str) -> None:
    """An empty one in its place would hide that it is gone."""
    for file in data_dir.glob("clinic.sqlite3*"):
        file.unlink()
    line = fails(command, data_dir)
    assert f"There is no database in {data_dir}" in line
    assert "manage.py restore FILE" in line
    assert not (data_dir / "clinic.sqlite3").exists()


def test_a_lost_database_stays_lost_while_the_site_runs(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir).up()
    for file in data_dir.glob("clinic.sqlite3*"):
        file.unlink()
    statuses = {get(run.port, "/search/?q=pain").status for _ in range(8)}
    run.process.terminate()
    run.process.wait(TIMEOUT)
    assert not (data_dir / "clinic.sqlite3").exists(), statuses
    assert "There is no database in" in fails("serve", data_dir)


@pytest.mark.parametrize("ending", ["-wal", "-shm"])
def test_a_log_that_was_cut_or_overwritten_loses_nothing_that_was_in_the_database(
    launch: Launcher, data_dir: Path, ending: str
) -> None:
    (data_dir / f"clinic.sqlite3{ending}").write_bytes(b"not a log " * 5000)
    launch.serve(data_dir).up()
    with closing(sqlite3.connect(data_dir / "clinic.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM education_article").fetchone() > (5,)


def test_plain_migrate_makes_nothing_that_others_can_read(plainly_migrated: Path) -> None:
    made = [plainly_migrated, *plainly_migrated.rglob("*")]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in made}
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
    assert "clinic.sqlite3" in modes


def test_a_second_start_on_the_same_folder(launch: Launcher, data_dir: Path) -> None:
    first = launch.serve(data_dir).up()
    line = fails("serve", data_dir)
    assert f"already runs on this data folder (process {first.pid}, http://127.0.0.1:{first.port})" in line
    assert until(first.answers)
    refused = run_command(data_dir, "prepare", "--unless-running")
    assert line in refused.stderr
    assert refused.returncode


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/srv/data"), "/srv/data can't be written to"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
        (OperationalError("database or disk is full"), "The disk is full"),
        (OperationalError("attempt to write a readonly database"), "can't be written to"),
        (OperationalError("no such table: education_user"), "manage.py migrate"),
        (OperationalError('connection refused\n\tIs the server running on "db"?'), "(connection refused)"),
        (OperationalError(), "(OperationalError)"),
    ],
)
def test_every_error_is_explained_in_one_line(error: OSError | OperationalError, words: str) -> None:
    assert words in explain(error)
    assert "\n" not in explain(error)


def test_a_disk_that_is_really_full() -> None:
    with pytest.raises(OSError, match="No space") as caught:
        os.write(os.open("/dev/full", os.O_WRONLY), b"x")
    assert explain(caught.value).startswith("The disk is full")
