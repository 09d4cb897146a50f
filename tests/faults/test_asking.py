"""Never lost, never doubled: killed workers, a killed server, one token from everywhere, a full or locked database."""

import os
import resource
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.faults.asking import Crowd, call, form_token, post, rows
from tests.server import Launcher, Run, until

NO_LIMIT = {"INTAKE_LIMIT_PER_HOUR": "0", "STAFF_MAIL": "desk@clinic.test"}
SECONDS, CLIENTS = 15, 8
REQUESTS = "education_consultationrequest"


def web_workers(run: Run) -> list[int]:
    return [pid for parent in [run.web()] if parent for pid in run.children(parent)]


def assert_all_are_there(data_dir: Path, crowd: Crowd) -> None:
    """Every acknowledged receipt has its row, and each row its audit event and its mail to staff."""
    known = {str(row[0]) for row in rows(data_dir, f"SELECT receipt_hash FROM {REQUESTS}")}
    lost = [where for where in crowd.acknowledged if sha256(where.split("/")[2].encode()).hexdigest() not in known]
    assert len(crowd.acknowledged) > 20
    assert lost == []
    assert until(lambda: not rows(data_dir, f"SELECT 1 FROM {REQUESTS} WHERE ingested_at IS NULL"), 60)
    (counts,) = rows(
        data_dir,
        f"SELECT (SELECT count(*) FROM {REQUESTS}),"
        " (SELECT count(DISTINCT about) FROM education_auditevent WHERE verb = 'request_received'),"
        " (SELECT count(*) FROM education_outboxmessage WHERE key LIKE '%/staff/0')",
    )
    assert counts[0] == counts[1] == counts[2]


def test_workers_killed_every_second_lose_nothing(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir, **NO_LIMIT).up()
    crowd = Crowd(run.port, CLIENTS, SECONDS)
    thread = crowd.start()
    killed = 0
    while thread.is_alive():
        time.sleep(1)
        for pid in [*web_workers(run)[:1], *([run.worker()] if killed % 3 == 0 and run.worker() else [])]:
            os.kill(pid, signal.SIGKILL)
            killed += 1
    assert killed >= SECONDS // 2
    assert_all_are_there(data_dir, crowd)


def test_a_server_killed_as_a_whole_loses_nothing(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir, **NO_LIMIT).up()
    crowd = Crowd(run.port, CLIENTS, 6)
    thread = crowd.start()
    time.sleep(4)
    os.killpg(run.pid, signal.SIGKILL)
    thread.join()
    launch.serve(data_dir, port=run.port, **NO_LIMIT).up()
    assert_all_are_there(data_dir, crowd)


def test_fifty_posts_of_one_token_at_once_are_one_request(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir, **NO_LIMIT).up()
    token = form_token(run.port)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: post(run.port, token, "Dora Double"), range(50)))
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert rows(data_dir, f"SELECT count(*) FROM {REQUESTS}") == [(1,)]
    assert rows(data_dir, "SELECT count(*) FROM education_sealedamendment") == [(0,)]


@pytest.mark.parametrize(("seconds", "stored"), [(3, True), (30, False)])
def test_a_locked_database_is_waited_for_or_said(launch: Launcher, data_dir: Path, seconds: int, stored: bool) -> None:
    run = launch.serve(data_dir, **NO_LIMIT).up()
    token = form_token(run.port)
    with closing(sqlite3.connect(data_dir / "clinic.sqlite3", timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = ThreadPoolExecutor(1).submit(post, run.port, token, "Lola Locked")
        until(waiting.done, seconds)
        other.execute("ROLLBACK")
        answer = waiting.result(30)
    if stored:
        assert answer.status == 303
    else:
        assert answer.status == 503
        assert_kept(answer.body, "Lola Locked")
    assert post(run.port, token, "Lola Locked").status == 303
    assert rows(data_dir, f"SELECT count(*) FROM {REQUESTS}") == [(1,)]


def test_a_full_disk_keeps_the_answers_and_recovers_without_a_restart(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir, **NO_LIMIT).up()
    post(run.port, form_token(run.port), "First")
    token = form_token(run.port)
    pids = web_workers(run)
    usual = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
    for pid, (_, hard) in zip(pids, usual, strict=True):  # no file may grow: what a full disk says to a program
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        answer = post(run.port, token, "Fay Full")
        assert answer.status == 503
        assert_kept(answer.body, "Fay Full")
        assert call(run.port, "GET", "/health/live").status == 200
    finally:
        for pid, limits in zip(pids, usual, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
    assert post(run.port, token, "Fay Full").status == 303
    assert set(web_workers(run)) == set(pids), "no worker had to be started anew"


def assert_kept(body: str, name: str) -> None:
    assert f'value="{name}"' in body
    assert "Nothing has been sent yet" in body
    assert "try again in a minute" in body


def test_a_database_that_may_only_be_read_keeps_the_answers_and_recovers_without_a_restart(
    launch: Launcher, data_dir: Path
) -> None:
    run = launch.serve(data_dir, **NO_LIMIT).up()
    token = form_token(run.port)
    before = web_workers(run)
    _may_be_written(data_dir, False)
    for pid in before:  # connections made from now on only read
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: web_workers(run) and not set(web_workers(run)) & set(before))
    for _ in range(3):
        answer = post(run.port, token, "Rita Readonly")
        assert answer.status == 503
        assert_kept(answer.body, "Rita Readonly")
    pids = web_workers(run)
    _may_be_written(data_dir, True)
    # Each thread has a connection of its own, and each may fail once more.
    assert until(lambda: {post(run.port, token, "Rita Readonly").status for _ in range(10)} == {303}, 20)
    assert web_workers(run) == pids, "no worker had to be started anew"
    assert rows(data_dir, f"SELECT count(*) FROM {REQUESTS}") == [(1,)]


def _may_be_written(data_dir: Path, yes: bool) -> None:
    """Byte 18 of an SQLite file says which writers understand it: with 3 it is read-only, for root too."""
    with closing(sqlite3.connect(data_dir / "clinic.sqlite3", timeout=30)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (data_dir / "clinic.sqlite3").open("r+b") as file:
        file.seek(18)
        file.write(bytes([2 if yes else 3]))
