"""However the site ends, nothing stays behind; whatever dies inside it comes back."""

import os
import re
import signal
from pathlib import Path

import pytest

from tests.server import Launcher, until


def test_it_says_where_it_is_and_ends_with_ctrl_c(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir).up()
    address = re.escape(f"http://127.0.0.1:{run.port}")
    assert re.search(rf"^  Site +{address}/$", run.text(), re.M)
    assert re.search(rf"^  Admin +{address}/admin/$", run.text(), re.M)
    assert re.search(rf"{address}/setup/[^/\s]+/ ", run.text())
    run.signal_all(signal.SIGINT)
    assert run.process.wait(15) == 0
    assert run.left_nothing()
    assert "Traceback" not in run.text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_kill_leaves_nothing_behind(launch: Launcher, data_dir: Path, number: int) -> None:
    run = launch.serve(data_dir).up()
    assert len(run.members()) >= 5  # supervisor, gunicorn, two of its workers, the worker
    run.process.send_signal(number)
    assert until(run.left_nothing, 15), run.members()


def test_a_start_after_a_kill_takes_over(launch: Launcher, data_dir: Path) -> None:
    killed = launch.serve(data_dir).up()
    killed.process.kill()
    again = launch.serve(data_dir, port=killed.port).up()
    assert "The last run was killed. Taking over." in again.text()


def test_a_stale_number_that_belongs_to_a_stranger(launch: Launcher, data_dir: Path) -> None:
    stranger = launch(["sleep", "60"], data_dir)
    (data_dir / "serve.pid").write_text(f"process {stranger.pid}, http://127.0.0.1:8000\n")
    launch.serve(data_dir).up()
    assert stranger.process.poll() is None


def test_a_dead_worker_comes_back(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir).up()
    dead = run.worker()
    os.kill(dead, signal.SIGKILL)
    assert until(lambda: run.worker() not in (0, dead), 10)
    assert run.answers()
    assert "the worker ended by itself" in run.text()


def test_a_dead_web_server_comes_back(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir).up()
    dead = run.web()
    os.kill(dead, signal.SIGKILL)
    assert until(lambda: run.web() not in (0, dead) and run.answers(), 20)
