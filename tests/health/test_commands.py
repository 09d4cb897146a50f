"""`prepare` and `serve` end with one line when they can't go on. (tests/faults starts real processes.)"""

import errno
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from clinic_site import supervisor
from education.health import actions, inspection


def test_prepare_says_each_step_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "prepare", lambda say, **_: say("A step"))
    out = StringIO()
    call_command("prepare", stdout=out)
    assert out.getvalue() == "A step\n"


def test_prepare_on_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(say: object, **_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(actions, "prepare", full)
    with pytest.raises(SystemExit, match="The disk is full"):
        call_command("prepare")


def test_prepare_changes_nothing_below_a_running_site_if_told_so(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """As `make run` tells it; a release prepares while the site of before still runs."""
    settings.DATA_DIR, steps = tmp_path, list[str]()
    monkeypatch.setattr(actions, "prepare", lambda say, **_: steps.append("prepared"))
    call_command("prepare", unless_running=True)
    pid_file = tmp_path / supervisor.PID_FILE
    pid_file.write_text("process 1, http://127.0.0.1:8000\n")
    call_command("prepare", unless_running=True)
    assert pid_file.read_text(), "what a killed run left is for the start to see"
    script = "import fcntl, sys; fcntl.lockf(f := open(sys.argv[1], 'r+'), fcntl.LOCK_EX); print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script, pid_file], stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(SystemExit, match=r"already runs on this data folder \(process 1, http://127.0.0.1:8000\)"):
            call_command("prepare", unless_running=True)
        call_command("prepare")
        other.communicate("\n")
    assert steps == ["prepared"] * 3


class Stage:
    """A supervisor that starts nothing: it asks and announces as the real one does."""

    def __init__(
        self,
        *,
        children: list[supervisor.Child],
        ready: Callable[[], bool],
        announce: Callable[[], None],
        before_fork: Callable[[], None],
    ) -> None:
        assert [child.name for child in children] == ["web server", "worker"]
        self.children, self.ready, self.announce = children, ready, announce

    def run(self) -> None:
        assert not self.ready()
        self.announce()


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.PORT = 1
    monkeypatch.setattr(supervisor, "Supervisor", Stage)
    monkeypatch.setattr(supervisor, "require_free_port", lambda *_, **__: None)
    monkeypatch.setattr(inspection, "start_problem", lambda: "")
    monkeypatch.setattr(actions, "welcome", lambda: "Welcome.")


def serve() -> str:
    out = StringIO()
    with redirect_stdout(out):
        call_command("serve")
    return out.getvalue()


def test_serve_welcomes_and_says_when_it_has_stopped(stage: None) -> None:
    assert serve() == "Welcome.\nStopped.\n"
    assert serve() == "Welcome.\nStopped.\n"


def test_serve_after_a_kill(stage: None, tmp_path: Path) -> None:
    (tmp_path / "serve.pid").write_text("process 1, http://127.0.0.1:8000\n")
    assert serve() == "The last run was killed. Taking over.\nWelcome.\nStopped.\n"


def test_serve_when_something_stops_the_start(stage: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "start_problem", lambda: "This stops the start.")
    with pytest.raises(SystemExit, match=r"This stops the start\."):
        serve()


def test_serve_without_a_database(stage: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked() -> str:
        raise OperationalError("database is locked")

    monkeypatch.setattr(inspection, "start_problem", locked)
    with pytest.raises(SystemExit, match="locked by another program"):
        serve()


def test_a_port_that_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, words in ((errno.EACCES, "needs special rights"), (errno.EADDRNOTAVAIL, "not one of this machine")):
        error = OSError(number, "no")

        def bind(*_: object, error: OSError = error) -> None:
            raise error

        monkeypatch.setattr(supervisor, "_bind", bind)
        with pytest.raises(supervisor.CannotStart, match=words):
            supervisor.require_free_port("127.0.0.1", 80)
