"""Readers are given the current page, or the last known one when the database is gone."""

import json
import os
import signal
import sys
from pathlib import Path

from tests.faults.publishing import PAGE, Readers, publisher
from tests.faults.wire import get
from tests.server import TIMEOUT, Launcher, Run, manage, until

ROUNDS = 12
CALM = 0.02  # seconds between two reads: often enough to catch an outdated page, and the publisher gets its turn
FOUR = {"GUNICORN_CMD_ARGS": "--workers 4"}


def test_four_workers_never_serve_an_outdated_page_or_half_of_one(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir, **FOUR).up()
    with Readers(run, pause=CALM) as readings:
        publishing = publisher(data_dir, rounds=ROUNDS, pause=0.2)
        said, _ = publishing.communicate(timeout=2 * TIMEOUT)
        assert until(lambda: readings.newest == ROUNDS)
    committed = {int(number): float(when) for number, when in (line.split() for line in said.splitlines())}
    assert (readings.torn, readings.backwards, readings.failed) == (0, 0, 0)
    assert len(readings.first_seen) > 2, "they read while it was published"
    for number in range(1, ROUNDS + 1):  # once a round is committed, nobody who asks gets the one before
        older = [when for seen, when in readings.last_seen.items() if seen < number]
        assert max(older) < committed[number] + 0.5


def published_paths(run: Run) -> list[str]:
    sitemap = get(run.port, "/sitemap.xml").body.decode()
    return [part.partition("<")[0].partition(str(run.port))[2] for part in sitemap.split("<loc>")[1:]]


def kept(data_dir: Path) -> set[str]:
    """The addresses of the pages that are kept on disk."""
    files = (data_dir / "pages").rglob("*.page")
    return {json.loads(file.read_bytes().partition(b"\n")[0])["path"] for file in files}


def test_published_pages_are_served_without_the_database_even_after_a_restart(launch: Launcher, data_dir: Path) -> None:
    manage(data_dir, "shell", "--no-imports", "-c", "from tests import cast; cast.clinic(telephone='+1 555 0199')")
    launch.in_advance = True
    run = launch.serve(data_dir).up()
    paths = published_paths(run)
    assert len(paths) >= 5
    get(run.port, "/search/?q=pain")  # which shows the clinic
    assert until(lambda: set(paths) <= kept(data_dir))
    with Readers(run, pause=CALM) as readings:
        away = move(data_dir, "clinic.sqlite3", "away.sqlite3")
        so_far = readings.count
        assert until(lambda: readings.count > so_far + 50)
        assert {path: get(run.port, path).status for path in paths} == dict.fromkeys(paths, 200)
        assert get(run.port, "/request-a-consultation/").status in (200, 503)
    assert (readings.failed, readings.refused) == (0, 0)
    run.process.terminate()
    run.process.wait(TIMEOUT)
    command = [*launch_command(), "--bind", f"127.0.0.1:{run.port}"]
    again = launch(command, data_dir, port=run.port)
    assert until(again.answers)
    assert {path: get(again.port, path).status for path in paths} == dict.fromkeys(paths, 200)
    for path in ("/search/?q=pain", "/request-a-consultation/"):
        answer = get(again.port, path)
        assert (answer.status, b"tel:+15550199" in answer.body) == (503, True), answer.body
    move(data_dir, away, "clinic.sqlite3")
    assert until(lambda: get(again.port, "/a-z/?fresh").status == 200)
    assert until(lambda: get(again.port, "/health/ready").status == 200)


def launch_command() -> list[str]:
    """The web server alone: `serve` looks whether the database is there."""
    return [sys.executable, "-m", "gunicorn", "-c", "clinic_site/gunicorn.conf.py", "clinic_site.asgi"]


def move(folder: Path, old: str, new: str) -> str:
    for ending in ("-wal", "-shm", ""):
        if (folder / f"{old}{ending}").exists():
            (folder / f"{old}{ending}").replace(folder / f"{new}{ending}")
    return new


def test_a_withdrawn_page_is_not_served_even_without_the_database(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir).up()
    assert get(run.port, PAGE).status == 200
    manage(data_dir, "shell", "--no-imports", "-c", WITHDRAW)
    assert {get(run.port, PAGE).status for _ in range(20)} == {410}
    assert until(lambda: PAGE not in kept(data_dir))
    move(data_dir, "clinic.sqlite3", "away.sqlite3")
    assert 200 not in {get(run.port, PAGE).status for _ in range(20)}


WITHDRAW = """
from education.articles.publishing import actions
from education.articles.models import Article
actions.withdraw(Article.objects.get(slug="fibromyalgia"), reason="It was wrong.", by=None)
"""


def test_a_reload_and_a_stop_under_load_lose_no_request(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir).up()
    with Readers(run) as readings:
        before = set(run.children(run.web()))
        os.kill(run.web(), signal.SIGHUP)
        assert until(lambda: len(set(run.children(run.web())) - before) == 2 and not alive(before))
        so_far = readings.count
        assert until(lambda: readings.count > so_far + 200)
        assert readings.refused == 0
        run.process.terminate()
        run.process.wait(TIMEOUT)
    assert readings.errors == []  # in the end connections are refused, but whatever was accepted got its answer


def alive(pids: set[int]) -> bool:
    return any(Path(f"/proc/{pid}").exists() for pid in pids)
