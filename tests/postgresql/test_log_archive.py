"""What the manual says of PostgreSQL's own archive of its log: any minute comes back, without who was erased since."""

from pathlib import Path

import pytest

from tests.postgres import call, cluster, running
from tests.postgresql.conftest import ERASES, OPENS, SENDS, python
from tests.postgresql.test_dumps import MONA
from tests.server import manage, until

pytestmark = pytest.mark.postgres
OPENS_ALL = OPENS.replace("mona = ", f"{MONA}\nmona = ")


def sql(folder: Path, words: str) -> str:
    return call(folder, "psql", "-h", str(folder), "-Atc", words, "postgres").strip()


def test_a_minute_between_two_backups_comes_back_without_who_was_erased_after_it(tmp_path: Path) -> None:
    with cluster() as folder:
        archive, base, site = folder / "archive", folder / "base", tmp_path / "site"
        keeps = ("archive_mode=on", f"archive_command=mkdir -p {archive} && cp %p {archive}/%f")
        with running(folder / "data", *keeps) as address:
            manage(site, "prepare", DATABASE_URL=address)
            python(site, SENDS.format(names=("Ana",)), DATABASE_URL=address)
            call(folder, "pg_basebackup", "-h", str(folder), "-D", str(base), "--checkpoint=fast")
            python(site, SENDS.format(names=("Bea", "Cara")), DATABASE_URL=address)
            minute = sql(folder, "SELECT clock_timestamp()")
            python(site, ERASES, DATABASE_URL=address)
            last = sql(folder, "SELECT pg_walfile_name(pg_switch_wal())")
            assert until((archive / last).is_file)
        back = (
            f"restore_command=cp {archive}/%f %p",
            f"recovery_target_time={minute}",
            "recovery_target_action=promote",
        )
        (base / "recovery.signal").touch()
        with running(base, *back) as address:
            assert python(site, OPENS_ALL, DATABASE_URL=address).split() == ["1", "Ana", "2", "Bea", "3", "Cara"]
            assert "Erasing 1 request again" in manage(site, "prepare", DATABASE_URL=address)
            assert python(site, OPENS, DATABASE_URL=address).split() == ["1", "Ana", "2", "Bea"]
            assert "Whole:" in manage(site, "audit_verify", DATABASE_URL=address)
