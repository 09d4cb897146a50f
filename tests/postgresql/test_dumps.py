"""Backup, drill and restore on PostgreSQL: the same commands, and what was erased stays erased."""

from pathlib import Path

import pytest

from tests.faults.backups import KEY
from tests.postgresql.conftest import ERASES, KILLED, OPENS, SENDS, NewDatabase, execute, name_of, python
from tests.server import manage, run_command

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
RESTORING = "education.health.restoring"


def databases() -> list[str]:
    """Those of this server that a drill or a restore might leave behind."""
    return [
        str(name) for (name,) in execute("SELECT datname FROM pg_database WHERE datname ~ 'restore|drill|replaced'")
    ]


def test_a_backup_is_drilled_and_restored_without_what_was_erased_since(
    site: tuple[Path, str], new_database: NewDatabase, tmp_path: Path
) -> None:
    data_dir, address = site
    printed = KEY.search(manage(data_dir, "seal_keys", "recovery", DATABASE_URL=address))
    assert printed
    typed = f"{printed[1]}\n"
    python(data_dir, SENDS.format(names=("Ana", "Bea")), DATABASE_URL=address)
    backup = data_dir / "backups" / "clinic-1.backup"
    said = manage(data_dir, "backup", str(backup), DATABASE_URL=address)
    assert "2 education_consultationrequest" in said
    assert b"PGDMP" not in backup.read_bytes()

    said = manage(data_dir, "restore", "--drill", str(backup), typed=typed, DATABASE_URL=address)
    assert "could be restored" in said
    assert "2 requests opened as a check" in said
    python(data_dir, ERASES, DATABASE_URL=address)
    assert "already holds a site with requests" in refused(data_dir, backup, typed, DATABASE_URL=address)
    assert "This backup is one of PostgreSQL" in refused(tmp_path / "sqlite", backup, typed)
    assert databases() == []

    new = new_database()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("_bring_up_to_date", "_install_keys"):  # before it is ready, and after
        code = KILLED.format(module=RESTORING, name=name, time=1, command=f'"restore", "{backup}"')
        restored = run_command(elsewhere, "shell", "--no-imports", "-c", code, typed=typed, DATABASE_URL=new)
        assert restored.returncode == -9, restored.stderr
        if name == "_bring_up_to_date":
            assert execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", database=name_of(new)) == []
    manage(elsewhere, "worker", "--once", DATABASE_URL=new)  # the next start finishes what was ready
    assert python(elsewhere, OPENS.replace("mona = ", f"{MONA}\nmona = "), DATABASE_URL=new).split() == ["1", "Ana"]
    assert "Whole:" in manage(elsewhere, "audit_verify", DATABASE_URL=new)
    assert databases() == []
    assert [path.name for path in elsewhere.glob(".*") if path.is_dir()] == []


MONA = "from tests import cast; cast.staff('mona', 'manager', 'intake')"


def refused(data_dir: Path, backup: Path, typed: str, **settings: str) -> str:
    done = run_command(data_dir, "restore", str(backup), typed=typed, **settings)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr
