"""`manage.py move_database`: what was on SQLite is on PostgreSQL, or nothing is."""

from pathlib import Path

import pytest

from tests.faults.asking import NO_LIMIT, call, form_token, post
from tests.postgresql.conftest import ERASES, KILLED, OPENS, SENDS, NewDatabase, execute, name_of, python
from tests.server import Launcher, manage, run_command

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
MOVING = "education.health.databases.moving"


@pytest.fixture
def at_work(data_dir: Path) -> Path:
    """The starter pages as editions, two requests that staff can open, and a third that was erased."""
    python(data_dir, SENDS.format(names=("Ana", "Bea", "Cleo")))
    python(data_dir, ERASES)
    return data_dir


def test_a_site_moves_whole_even_when_it_was_killed_halfway(
    at_work: Path, new_database: NewDatabase, launch: Launcher
) -> None:
    address = new_database()
    code = KILLED.format(module=MOVING, name="_copy", time=30, command='"move_database"')
    python(at_work, code, killed=True, DATABASE_URL=address)
    assert execute("SELECT count(*) FROM education_article", database=name_of(address)) == [(0,)]
    assert (at_work / "clinic.sqlite3").exists()

    said = manage(at_work, "move_database", typed=f"{address}\n")
    assert "In each table as many arrived as left." in said
    assert "2 requests were opened as a check" in said
    assert not (at_work / "clinic.sqlite3").exists()
    refused = run_command(at_work, "audit_verify").stderr
    assert "moved-to-postgresql.sqlite3 shows that a site was here" in refused
    assert "set DATABASE_URL" in refused

    (at_work / "moved-to-postgresql.sqlite3").rename(at_work / "clinic.sqlite3")  # as if killed before that
    assert "Everything was moved before" in manage(at_work, "move_database", DATABASE_URL=address)

    site = launch.serve(at_work, DATABASE_URL=address, **NO_LIMIT).up()
    assert "lupus" in call(site.port, "GET", "/search/?q=lupus").body
    assert call(site.port, "GET", "/autoimmune-conditions/lupus/").status == 200
    assert post(site.port, form_token(site.port), "Dora").status == 303
    manage(at_work, "worker", "--once", DATABASE_URL=address)
    opened = python(at_work, OPENS, DATABASE_URL=address)
    assert opened.split() == ["1", "Ana", "2", "Bea", "4", "Dora"], "the number of an erased request is not given again"
    for command in ("audit_verify", "editions_verify"):
        manage(at_work, command, DATABASE_URL=address)


def test_nothing_is_moved_into_a_database_with_other_data_or_under_a_running_site(
    data_dir: Path, site: tuple[Path, str], new_database: NewDatabase, launch: Launcher
) -> None:
    others, (_, another_site) = new_database(), site
    execute("CREATE TABLE accounts_of_somebody_else (id int)", database=name_of(others))
    refused = run_command(data_dir, "move_database", others)
    assert "holds what is not this site's (accounts_of_somebody_else)" in refused.stderr
    assert "already holds a site" in run_command(data_dir, "move_database", another_site).stderr

    launch.serve(data_dir).up()
    refused = run_command(data_dir, "move_database", new_database())
    assert "already runs on this data folder" in refused.stderr
    assert refused.returncode != 0
