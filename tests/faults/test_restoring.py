"""Erased stays erased through every restore; a restore never deletes a key, and killed at any point leaves nothing."""

import shutil
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.asking import call, form_token, post, rows
from tests.faults.backups import manage, recovery_key
from tests.server import TIMEOUT, Launcher, copied, run_command, until

REQUESTS = "education_consultationrequest"
SENDS = """
from tests.consultations import asking
from education.consultations.upkeep import ingest
for name in ("Ana", "Bea"):
    asking.request(name, full_name=name, email=f"{name}@example.org", main_reason="x" * 3000)
ingest.ingest_new()
"""
ERASES = """
from tests import cast
from education.accounts.models import User
from education.consultations.models import ConsultationRequest
from education.consultations.disclosure import actions
mona = User.objects.filter(username="mona").first() or cast.staff("mona", "manager", "intake")
actions.erase_person(ConsultationRequest.objects.order_by("id")[:1], by=mona)
"""
# The restore kills itself where the named function is called for the given time.
KILLED = """
import os, signal
from django.core.management import call_command
from education.health import restoring
own, calls = restoring.{name}, []
def kill(*args, **options):
    calls.append(1)
    if len(calls) == {time}:
        os.kill(os.getpid(), signal.{signal})
    return own(*args, **options)
restoring.{name} = kill
call_command("restore", "{backup}")
"""


@dataclass(frozen=True)
class Erased:
    """A site of two requests, its backup of both, and that one of them was erased since."""

    folder: Path
    key: str
    backup: Path
    erased: str
    kept: str
    sealed: bytes  # of the request that was erased

    def restore(self, data_dir: Path, backup: Path | None = None) -> str:
        return manage(data_dir, "restore", str(backup or self.backup), typed=f"{self.key}\n")


@pytest.fixture(scope="module")
def site(shared_dir: Path) -> Erased:
    key = recovery_key(shared_dir)
    python(shared_dir, SENDS)
    backup = shared_dir / "backups" / "clinic-1.backup"
    manage(shared_dir, "backup", str(backup))
    ((erased, sealed), (kept, _)) = rows(shared_dir, f"SELECT reference, sealed FROM {REQUESTS} ORDER BY id")
    python(shared_dir, ERASES)
    return Erased(shared_dir, key, backup, str(erased), str(kept), bytes(sealed))  # type: ignore[call-overload]


def python(data_dir: Path, code: str, *, typed: str = "", status: int = 0) -> str:
    done = run_command(data_dir, "shell", "--no-imports", "-c", code, typed=typed)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def references(data_dir: Path) -> list[object]:
    return [reference for (reference,) in rows(data_dir, f"SELECT reference FROM {REQUESTS}")]


def unpacked(data_dir: Path) -> list[str]:
    """What a restore or a drill works in."""
    return [path.name for path in data_dir.glob(".*") if path.is_dir()]


def test_nothing_of_an_erased_request_is_left_in_the_database_or_its_log(site: Erased) -> None:
    stored = b"".join(path.read_bytes() for path in site.folder.glob("clinic.sqlite3*"))
    assert site.kept.encode() in stored
    pieces = [site.sealed[start : start + 64] for start in range(0, len(site.sealed) - 64, 512)]
    assert pieces
    assert [piece for piece in pieces if piece in stored] == []
    events = rows(site.folder, "SELECT detail FROM education_auditevent WHERE verb = 'person_erased'")
    assert site.erased in str(events), "that it was erased is on record"


def test_an_older_backup_restored_twice_on_a_new_machine_brings_nobody_back(site: Erased, tmp_path: Path) -> None:
    """Only the folder of backups was saved. The second restore finds the list where the first has put it."""
    safe = tmp_path / "safe"
    shutil.copytree(site.backup.parent, safe)
    first = tmp_path / "first"
    assert "erased again: 1" in site.restore(first, safe / site.backup.name)
    assert references(first) == [site.kept]
    assert unpacked(first) == []

    alone = shutil.copy(site.backup, tmp_path / "alone.backup")
    (first / "clinic.sqlite3").unlink()
    assert "erased again: 1" in site.restore(first, Path(alone))
    assert references(first) == [site.kept]
    assert "Whole:" in manage(first, "audit_verify")

    later = first / "backups" / "later.backup"  # a backup made now knows by itself, without any list beside it
    manage(first, "backup", str(later))
    moved = shutil.copy(later, tmp_path / "moved.backup")
    site.restore(tmp_path / "third", Path(moved))
    (tmp_path / "third" / "clinic.sqlite3").unlink()
    assert "erased again: 1" in site.restore(tmp_path / "third", Path(alone))
    assert references(tmp_path / "third") == [site.kept]


def test_the_list_of_a_database_that_is_replaced_is_not_lost(site: Erased, tmp_path: Path) -> None:
    data_dir = copied(site.folder, tmp_path / "data")
    shutil.rmtree(data_dir / "backups")
    alone = Path(shutil.copy(site.backup, tmp_path / "alone.backup"))
    with closing(sqlite3.connect(data_dir / "clinic.sqlite3")) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute(f"DELETE FROM {REQUESTS}")
        database.commit()
    assert "erased again: 1" in site.restore(data_dir, alone)
    assert references(data_dir) == [site.kept]


def test_no_key_is_ever_deleted(site: Erased, prepared: Path, tmp_path: Path) -> None:
    """The folder holds another site without requests, with keys of its own."""
    data_dir = copied(prepared, tmp_path / "data")
    recovery_key(data_dir)
    before = {path.read_bytes() for path in (data_dir / "keys").rglob("*") if path.is_file()}
    site.restore(data_dir)
    after = {path.read_bytes() for path in (data_dir / "keys").rglob("*") if path.is_file()}
    assert before <= after
    assert {path.read_bytes() for path in (site.folder / "keys").rglob("*") if path.is_file()} <= after
    assert len(list((data_dir / "keys").glob("recovery_public_*"))) == 1
    assert "Whole:" in manage(data_dir, "audit_verify")
    manage(data_dir, "seal_keys", "test", typed=f"{site.key}\n")


def test_nothing_is_restored_under_a_running_site(
    site: Erased, launch: Launcher, prepared: Path, tmp_path: Path
) -> None:
    data_dir = copied(prepared, tmp_path / "data")
    run = launch.serve(data_dir).up()
    typed = f"{site.key}\n"
    assert "already runs" in manage(data_dir, "restore", str(site.backup), typed=typed, fails=True)
    (data_dir / "serve.pid").unlink()  # as if web server and worker had been started one by one
    assert "is running" in manage(data_dir, "restore", str(site.backup), typed=typed, fails=True)
    assert post(run.port, form_token(run.port), "Ana").status == 303
    run.signal_all(signal.SIGTERM)
    run.process.wait(TIMEOUT)
    assert "with requests" in manage(data_dir, "restore", str(site.backup), typed=typed, fails=True)


def test_a_damaged_database_is_not_taken_for_an_empty_one(site: Erased, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clinic.sqlite3").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    said = manage(tmp_path / "data", "restore", str(site.backup), typed=f"{site.key}\n", fails=True)
    assert "can't be read" in said
    assert (tmp_path / "data" / "clinic.sqlite3").stat().st_size > 5000


KILLS = [
    ("_extract", 3, False),
    ("call_command", 1, False),
    ("_put", 2, True),
    ("erasures.update_file", 1, True),
]


@pytest.mark.parametrize(("name", "time", "ready"), KILLS, ids=[name for name, _, _ in KILLS])
def test_a_restore_that_is_killed_has_changed_nothing_or_is_finished_by_the_next_start(
    site: Erased, prepared: Path, tmp_path: Path, name: str, time: int, ready: bool
) -> None:
    data_dir = copied(prepared, tmp_path / "data")
    before = {path.name: path.read_bytes() for path in (data_dir / "keys").iterdir()}
    code = KILLED.format(name=name, time=time, signal="SIGKILL", backup=site.backup)
    python(data_dir, code, typed=f"{site.key}\n", status=-signal.SIGKILL)
    assert unpacked(data_dir) != [], "it was at work"
    manage(data_dir, "prepare")
    assert unpacked(data_dir) == []
    assert references(data_dir) == ([site.kept] if ready else [])
    assert "Whole:" in manage(data_dir, "audit_verify")
    if not ready:
        assert {path.name: path.read_bytes() for path in (data_dir / "keys").iterdir()} == before
        site.restore(data_dir)
    assert references(data_dir) == [site.kept]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_restore_that_is_told_to_end_tidies_up_by_itself(
    site: Erased, tmp_path: Path, number: signal.Signals
) -> None:
    # A shell lets what runs in the background ignore Ctrl-C, and so would the tests, and what they start.
    code = KILLED.format(name="_checked", time=1, signal=number.name, backup=site.backup)
    shell = (tmp_path / "data", "shell", "--no-imports", "-c", code)
    done = run_command(*shell, typed=f"{site.key}\n", before=lambda: signal.signal(number, signal.SIG_DFL))
    assert done.returncode != 0
    assert unpacked(tmp_path / "data") == []
    assert not (tmp_path / "data" / "clinic.sqlite3").exists()


def test_a_withdrawal_on_a_running_site_empties_the_log_at_once(
    launch: Launcher, prepared: Path, tmp_path: Path
) -> None:
    data_dir = copied(prepared, tmp_path / "data")
    run = launch.serve(data_dir).up()
    receipt = post(run.port, form_token(run.port), "Ana").location
    assert until(lambda: rows(data_dir, f"SELECT 1 FROM {REQUESTS} WHERE ingested_at IS NOT NULL"))
    ((sealed,),) = rows(data_dir, f"SELECT sealed FROM {REQUESTS}")
    assert isinstance(sealed, bytes)

    def stored() -> bytes:
        return b"".join(path.read_bytes() for path in data_dir.glob("clinic.sqlite3*"))

    assert sealed[100:164] in stored()
    call(run.port, "POST", f"{receipt}withdraw/", "withdraw-contact=ana%40example.org")
    assert until(lambda: sealed[100:164] not in stored())  # at once, or as soon as nobody reads
