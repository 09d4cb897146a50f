"""What readers get while pages change, from four workers that each ask PostgreSQL for themselves."""

from pathlib import Path

import pytest

from tests.faults.publishing import Readers, publisher
from tests.postgresql.conftest import execute, name_of
from tests.server import TIMEOUT, Launcher, until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROUNDS = 12
LISTENING = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"


def test_nobody_gets_an_older_page_after_a_newer_one_even_when_nobody_can_listen(
    site: tuple[Path, str], launch: Launcher
) -> None:
    data_dir, address = site
    run = launch.serve(data_dir, DATABASE_URL=address, GUNICORN_CMD_ARGS="--workers 4").up()
    assert until(lambda: len(execute(LISTENING, database=name_of(address))) == 4), "each worker listens"
    with Readers(run, pause=0.01) as readings:
        publishing = publisher(data_dir, rounds=ROUNDS, pause=0.3, DATABASE_URL=address)
        assert until(lambda: readings.newest >= ROUNDS // 2)
        assert len(execute(CUT, database=name_of(address))) == 4
        said, _ = publishing.communicate(timeout=2 * TIMEOUT)
        assert until(lambda: readings.newest == ROUNDS)
    assert (readings.torn, readings.backwards, readings.failed) == (0, 0, 0)
    assert len(readings.first_seen) > ROUNDS // 2, "they read while it was published"
    assert len(said.splitlines()) == ROUNDS
