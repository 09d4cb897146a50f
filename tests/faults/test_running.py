"""However the site ends, nothing stays behind; whatever dies inside it comes back."""

import os
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import pytest

from tests.faults.asking import call
from tests.server import TIMEOUT, Launcher, Run, free_port, until


@pytest.fixture(scope="module")
def stranger() -> Iterator["Popen[bytes]"]:
    """A process of somebody else's that has by now the number of an earlier run."""
    process = Popen(["sleep", "3600"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def site(launch_shared: Launcher, shared_dir: Path, stranger: "Popen[bytes]") -> Run:
    (shared_dir / "serve.pid").write_text(f"process {stranger.pid}, http://127.0.0.1:8000\n")
    return launch_shared([sys.executable, "manage.py", "serve"], shared_dir).up()  # as an operator does


def test_a_stale_pid_that_another_process_has_by_now(site: Run, stranger: "Popen[bytes]") -> None:
    assert "The last run was killed. Taking over." in site.text()
    assert stranger.poll() is None


def test_it_prints_its_addresses(site: Run) -> None:
    address = re.escape(f"http://127.0.0.1:{site.port}")
    assert re.search(rf"^  Site +{address}/$", site.text(), re.M)
    assert re.search(rf"^  Admin +{address}/admin/$", site.text(), re.M)
    assert re.search(rf"{address}/setup/[^/\s]+/ ", site.text())


def test_a_dead_worker_comes_back(site: Run) -> None:
    dead = site.worker()
    os.kill(dead, signal.SIGKILL)
    assert until(lambda: site.worker() not in (0, dead))
    assert until(site.answers)
    assert "the worker ended by itself" in site.text()


def test_a_dead_web_server_comes_back(site: Run) -> None:
    dead = site.web()
    os.kill(dead, signal.SIGKILL)
    assert until(lambda: site.web() not in (0, dead) and site.answers())


def test_it_ends_with_ctrl_c(launch: Launcher, data_dir: Path) -> None:
    run = launch([sys.executable, "manage.py", "serve"], data_dir).up()
    run.signal_all(signal.SIGINT)
    assert run.process.wait(TIMEOUT) == 0
    assert run.left_nothing()
    assert "Traceback" not in run.text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_leaves_nothing_behind(launch: Launcher, data_dir: Path, number: int) -> None:
    run = launch.serve(data_dir).up()
    assert len(run.members()) >= 5  # supervisor, gunicorn, two of its workers, the worker
    run.process.send_signal(number)
    assert until(run.left_nothing), run.members()


def test_a_start_after_a_kill_takes_over(launch: Launcher, data_dir: Path) -> None:
    killed = launch.serve(data_dir).up()
    killed.process.kill()
    assert until(lambda: killed.process.poll() is not None)  # a busy machine takes a moment to end it
    again = launch.serve(data_dir, port=killed.port).up()
    assert "The last run was killed. Taking over." in again.text()


def test_the_figures_of_all_web_processes_are_added_up_and_survive_one_of_them(
    launch: Launcher, data_dir: Path
) -> None:
    """On a port of their own: the site's has no such address."""
    metrics, launch.in_advance = free_port(), True
    run = launch.serve(data_dir, METRICS_PORT=str(metrics)).up()

    def reads() -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics", timeout=60) as answer:
            words = answer.read().decode()
        found = re.findall(r'^clinic_answer_seconds_count\{source="store",status="2xx"\} (.+)$', words, re.M)
        return sum(map(float, found))

    def answers() -> bool:
        with suppress(OSError):
            return reads() >= 0
        return False

    for _ in range(20):
        assert call(run.port, "GET", "/").status == 200
    assert until(answers)
    assert reads() == 20
    for number in run.children(run.web()):
        os.kill(number, signal.SIGKILL)
    assert until(run.answers)
    for _ in range(5):
        assert call(run.port, "GET", "/").status == 200
    assert until(answers)
    assert reads() == 25
    assert call(run.port, "GET", "/metrics/").status == 404
    run.process.terminate()
    assert run.process.wait(TIMEOUT) == 0, "it takes its figures out of memory"
