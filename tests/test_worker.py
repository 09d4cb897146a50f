"""What happens by itself goes on happening, whatever fails."""

import itertools
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from education import worker
from education.health import inspection
from education.worker import Job, jobs, run_forever, run_once


def broken() -> None:
    raise OperationalError("Jane Doe could not be stored")


@pytest.fixture(autouse=True)
def _connection_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing it before a job would end the transaction that a test runs in: SQLite's in memory ignores that."""
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)


@pytest.fixture(autouse=True)
def _lanes_need_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its language is all that a lane asks for here. The connection that it would open for that in its own thread,
    nobody could close: Django leaves those of a database in memory open.
    """
    monkeypatch.setattr(worker, "in_language_of_clinic", nullcontext)


@pytest.fixture
def signals_as_before() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.django_db
def test_a_job_that_fails_is_told_without_its_text_and_the_others_run(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []
    table = [Job("first", broken, every=1), Job("second", lambda: done.append("second"), every=1)]
    assert run_once(table) == ["first"]
    assert done == ["second"]
    assert "job first failed (OperationalError)" in caplog.text
    assert "Jane" not in caplog.text


@pytest.mark.django_db
def test_a_job_that_keeps_failing_is_tried_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 0)
    job = Job("ingest", broken, every=1)
    waits = [job.due for _ in range(12) if job.run() is False]
    assert waits[:4] == [2, 4, 8, 16]
    assert max(waits) == worker.MAX_RETRY_SECONDS
    job.action = lambda: None
    assert job.run()
    assert (job.due, job.failures) == (1, 0)


@pytest.mark.django_db
def test_a_slow_job_that_fails_keeps_its_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 0)
    job = Job("purge", broken, every=3600)
    job.run()
    assert job.due == 3600


@pytest.mark.django_db
def test_it_runs_what_is_due_and_ends_when_told(signals_as_before: None, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(time, "sleep", lambda _: None)
    runs: list[str] = []

    def often() -> None:
        runs.append("often")
        if len(runs) > 10:
            os.kill(os.getpid(), signal.SIGTERM)

    run_forever([Job("often", often, every=1), Job("seldom", lambda: runs.append("seldom"), every=10_000)])
    assert runs.count("seldom") == 1
    assert runs.count("often") > 5


@pytest.mark.django_db
def test_a_mail_server_that_hangs_holds_up_nothing_else(
    signals_as_before: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LAST_MAIL_SECONDS", 0)
    hangs, ends = threading.Event(), threading.Event()
    runs: list[str] = []

    def send() -> None:
        hangs.set()
        ends.wait()

    def ingest() -> None:
        hangs.wait()
        runs.append("ingest")
        if len(runs) > 2:
            os.kill(os.getpid(), signal.SIGTERM)

    run_forever([Job("mail", send, every=0, lane=worker.MAIL), Job("ingest", ingest, every=0)])
    ends.set()
    assert len(runs) == 3


def test_what_may_take_long_has_a_lane_of_its_own() -> None:
    assert [job.name for job in jobs() if job.lane == worker.MAIL] == ["mail"]
    assert [job.name for job in jobs() if job.lane == worker.WATCH] == [
        "watchdog",
        "alarms",
        "outgoing heartbeat",
        "figures",
    ]
    assert [job.name for job in jobs() if job.lane == worker.ASK] == ["studies looked up"]
    slow = [job.name for job in jobs() if job.lane == worker.SLOW]
    assert slow == ["purge", "audit head", "backup", "planner statistics"]
    assert [job.name for job in jobs() if job.lane == worker.COPIES] == ["second place for backups"]
    assert [job.name for job in jobs() if job.lane == worker.CDN] == ["CDN"]


@pytest.mark.django_db
def test_a_worker_that_waits_for_its_keys_raises_the_alarm(
    signals_as_before: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "RETRY_SECONDS", 0)
    looked = threading.Event()
    table = [Job("alarms", looked.set, every=0, lane=worker.WATCH), Job("never", broken, every=1)]

    def start_problem() -> str:
        if looked.wait(30):
            os.kill(os.getpid(), signal.SIGTERM)
        return "keys away"

    run_forever(table, start_problem=start_problem)
    assert looked.is_set()
    assert not table[1].failures


def test_systemd_hears_of_a_worker_that_goes_round_and_not_of_one_that_hangs(tmp_path: Path, settings: Any) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        settings.NOTIFY_SOCKET = str(tmp_path / "notify")
        worker.beats.main_lane.note()
        worker.tell_systemd()
        assert systemd.recv(100) == b"WATCHDOG=1"
        worker.beats.main_lane.at -= worker.beats.HUNG_SECONDS + 1
        worker.tell_systemd()
        with pytest.raises(BlockingIOError):
            systemd.recv(100)
    worker.beats.main_lane.note()
    for unit in ("clinic-worker.service", "clinic-web.service"):
        words = (Path(__file__).parent.parent / "clinic_site" / "deploy" / "systemd" / unit).read_text()
        assert "Type=notify\n" in words
        assert "WatchdogSec=" in words


@pytest.mark.django_db
def test_it_ends_when_whoever_started_it_is_gone(signals_as_before: None, monkeypatch: pytest.MonkeyPatch) -> None:
    parents = iter([1, 2])
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    run_forever([Job("never", broken, every=1)])
    assert list(parents) == []


def test_new_requests_are_looked_for_at_least_every_two_seconds() -> None:
    every = {job.name: job.every for job in jobs()}
    assert list(every)[:3] == ["heartbeat", "ingest", "mail"]
    assert {"purge", "checkpoint", "audit head", "backup"} <= set(every)
    assert every["ingest"] + worker.TICK_SECONDS <= 2
    assert every["planned publications"] <= 10
    assert every["heartbeat"] * 2 < inspection.HEARTBEAT_LATE.total_seconds()


@pytest.mark.django_db
def test_one_pass_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    table = [job for job in jobs() if job.name != "checkpoint"]  # not possible inside a test's transaction
    monkeypatch.setattr("education.management.commands.worker.jobs", lambda: table)
    call_command("worker", "--once")
    assert inspection.worker() == ""
    table[:] = [Job("mail", broken, every=1)]
    with pytest.raises(SystemExit, match="These jobs failed: mail"):
        call_command("worker", "--once")


def test_the_loop_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    tables: list[object] = []
    monkeypatch.setattr("education.management.commands.worker.run_forever", lambda table, **_: tables.append(table))
    call_command("worker")
    assert len(tables) == 1
