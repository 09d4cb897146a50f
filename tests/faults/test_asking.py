"""Never lost, never doubled: killed workers, a killed server, one token from everywhere, a full or locked database."""

import os
import resource
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.asking import FORM, NO_LIMIT, REQUESTS, Crowd, assert_all_are_there, call, form_token, post, rows
from tests.faults.production import in_trial
from tests.faults.wire import get
from tests.server import Launcher, Run, until

CLIENTS, KILLS = 8, 8
LONGEST_WAIT = 60  # seconds; the database is waited for ten, and a busy machine is forgiven the rest
SOON = 20  # seconds; a reader is promised one, and a machine that runs other tests too is forgiven the rest


@pytest.fixture(scope="module")
def site(launch_shared: Launcher, shared_dir: Path) -> Run:
    return launch_shared.serve(shared_dir, **NO_LIMIT).up()


def stored(data_dir: Path) -> int:
    """How many requests there are."""
    ((count,),) = rows(data_dir, f"SELECT count(*) FROM {REQUESTS}")
    return int(str(count))


def web_workers(run: Run) -> list[int]:
    return [pid for parent in [run.web()] if parent for pid in run.children(parent)]


def test_workers_killed_again_and_again_lose_nothing(launch: Launcher, data_dir: Path) -> None:
    """A web worker each time and now and then the worker too, always while requests come in."""
    run = launch.serve(data_dir, **NO_LIMIT).up()
    with Crowd(run.port, CLIENTS) as crowd:
        for number in range(KILLS):
            crowd.wait_for_more(3)
            assert until(lambda: web_workers(run) and run.worker())
            victims = [web_workers(run)[0], *([run.worker()] if number % 3 == 0 else [])]
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
        crowd.wait_for_more(3)
    assert_all_are_there(data_dir, crowd)


def test_a_server_killed_as_a_whole_loses_nothing(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir, **NO_LIMIT).up()
    with Crowd(run.port, CLIENTS) as crowd:
        crowd.wait_for_more(20)
        os.killpg(run.pid, signal.SIGKILL)
    launch.serve(data_dir, port=run.port, **NO_LIMIT).up()
    assert_all_are_there(data_dir, crowd)


def test_fifty_posts_of_one_token_at_once_make_one_request(site: Run, shared_dir: Path) -> None:
    token, before = form_token(site.port), stored(shared_dir)
    amendments = rows(shared_dir, "SELECT count(*) FROM education_sealedamendment")
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: post(site.port, token, "Dora Double"), range(50)))
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert stored(shared_dir) == before + 1
    assert rows(shared_dir, "SELECT count(*) FROM education_sealedamendment") == amendments


@pytest.mark.parametrize("released", [True, False], ids=["for a second", "for longer than it waits"])
def test_a_locked_database_is_waited_for_and_in_the_end_reported(site: Run, shared_dir: Path, released: bool) -> None:
    token, before = form_token(site.port), stored(shared_dir)
    with closing(sqlite3.connect(shared_dir / "clinic.sqlite3", timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began, waiting = time.monotonic(), ThreadPoolExecutor(1).submit(post, site.port, token, "Lola Locked")
        if released:
            time.sleep(1)
            assert not waiting.done()
            other.execute("ROLLBACK")
        else:
            assert max(get(site.port, path).seconds for path in ("/", FORM)) < SOON
        answer = waiting.result()
        assert time.monotonic() - began < LONGEST_WAIT
    if released:
        assert answer.status == 303
    else:
        assert answer.status == 503
        assert_kept(answer.body, "Lola Locked")
    assert post(site.port, token, "Lola Locked").status == 303
    assert stored(shared_dir) == before + 1


def test_with_a_full_disk_the_form_keeps_the_answers_until_there_is_space(site: Run) -> None:
    post(site.port, form_token(site.port), "First")
    token = form_token(site.port)
    pids = web_workers(site)
    with full_disk(pids):
        answer = post(site.port, token, "Fay Full")
        assert answer.status == 503
        assert_kept(answer.body, "Fay Full")
        assert call(site.port, "GET", "/health/live").status == 200
    assert post(site.port, token, "Fay Full").status == 303
    assert set(web_workers(site)) == set(pids), "no worker had to be started anew"


def test_with_a_full_disk_what_staff_typed_comes_back(launch: Launcher, staffed: Path) -> None:
    """The database only notices at the end of the transaction, after the form's own view is done."""
    study = {"text": "TY  - JOUR\nTI  - A study of rest\nPY  - 2020\nER  -\n", "take": "1", "kind-1": "rct"}
    forms = {
        "/admin/education/topic/add/": ({"title": "Long covid", "slug": "long-covid", "order": "1"}, "Long covid"),
        "/admin/education/reference/import/": (study, "A study of rest"),
    }
    with in_trial(launch, staffed, "full") as site:
        editor = site.staff("editor")
        with full_disk(web_workers(site.run)):
            for path, (typed, kept) in forms.items():
                page = editor.send(path, typed)
                assert (page.status, kept in page.body) == (507, True), page.body
                assert "Nothing was saved: " in page.body
        assert [editor.send(path, typed).status for path, (typed, _) in forms.items()] == [302, 302]


@contextmanager
def full_disk(pids: list[int]) -> Iterator[None]:
    """No file of these processes may grow, which is what a full disk says to a program."""
    usual = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
    for pid, (_, hard) in zip(pids, usual, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limits in zip(pids, usual, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def assert_kept(body: str, name: str) -> None:
    assert f'value="{name}"' in body
    assert "Nothing has been sent yet" in body
    assert "try again in a minute" in body


def test_with_a_read_only_database_the_form_keeps_the_answers_until_it_can_be_written(
    launch: Launcher, data_dir: Path
) -> None:
    run = launch.serve(data_dir, **NO_LIMIT).up()
    token = form_token(run.port)
    before = web_workers(run)
    _allow_writing(data_dir, False)
    for pid in before:  # connections made from now on only read
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: len(set(web_workers(run)) - set(before)) == len(before))
    for _ in range(3):
        answer = post(run.port, token, "Rita Readonly")
        assert answer.status == 503
        assert_kept(answer.body, "Rita Readonly")
    pids = web_workers(run)
    _allow_writing(data_dir, True)
    # Each thread has a connection of its own, and each may fail once more.
    assert until(lambda: {post(run.port, token, "Rita Readonly").status for _ in range(10)} == {303})
    assert web_workers(run) == pids, "no worker had to be started anew"
    assert stored(data_dir) == 1


def _allow_writing(data_dir: Path, yes: bool) -> None:
    """Byte 18 of an SQLite file says which writers understand it: with 3 it is read-only, for root too."""
    with closing(sqlite3.connect(data_dir / "clinic.sqlite3", timeout=60)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (data_dir / "clinic.sqlite3").open("r+b") as file:
        file.seek(18)
        file.write(bytes([2 if yes else 3]))
