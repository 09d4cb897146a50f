"""Whoever has a connection when the site stops is answered; whoever comes later is refused. Nobody is reset."""

import contextlib
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.wire import CLOSE, HOST, connect, rest
from tests.server import ROOT, TIMEOUT, Launcher, Run, until

REQUEST = b"GET /health/live HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n"
AT_ONCE = 20  # seconds; the kernel lets in whoever may come, whatever else the machine does
SERVERS = {"edge": ["clinic_site.asgi"], "without the edge": ["-k", "gthread", "--threads", "6", "clinic_site.wsgi"]}
CONFIG = """
import time
from pathlib import Path
from clinic_site.edge.server import gunicorn_internals, stopping

exec(compile(Path({config!r}).read_text(), {config!r}, "exec"))
workers = 1

def pausing(function, name):
    def paused(*words):
        result = function(*words)
        Path({folder!r}, name).touch()
        while {pauses} and not Path({folder!r}, "goes on").exists():
            time.sleep(0.02)
        return result
    return paused
"""
# Between a worker's look for connections and the closing of its socket.
LAST_MOMENT = CONFIG + 'gunicorn_internals.accept_all = pausing(gunicorn_internals.accept_all, "has looked")\n'
# The master waits for as long as it takes.
PATIENT = CONFIG + 'stopping.unaccepted, stopping.WAIT_SECONDS = pausing(stopping.unaccepted, "has looked"), 3600\n'


def start(
    launch: Launcher, data_dir: Path, folder: Path, config: str, server: str, held: socket.socket | None = None
) -> Run:
    """`held` is a socket that listens already, as systemd gives it."""
    path = folder / "config.py"
    original = str(ROOT / "clinic_site" / "gunicorn.conf.py")
    path.write_text(config.format(config=original, folder=str(folder), pauses=config is LAST_MOMENT))
    command = [sys.executable, "-m", "gunicorn", "-c", str(path), *SERVERS[server]]
    if held:
        given = f'exec 3<&{held.fileno()}; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$0" "$@"'
        run = launch(["bash", "-c", given, *command], data_dir, port=held.getsockname()[1], keeps=(held.fileno(),))
    else:
        run = launch(command, data_dir)
    assert until(lambda: run.answers() or run.process.poll() is not None), run.text()
    return run


def test_who_comes_in_the_last_moment_is_refused_not_reset(launch: Launcher, data_dir: Path, tmp_path: Path) -> None:
    run = start(launch, data_dir, tmp_path, LAST_MOMENT, "edge")
    run.process.terminate()
    assert until((tmp_path / "has looked").exists), run.text()
    with socket.socket() as late:
        late.setblocking(False)
        late.connect_ex(("127.0.0.1", run.port))
        is_connected = bool(select.select([], [late], [], 1)[1])
        (tmp_path / "goes on").touch()
        assert not is_connected, f"then {outcome(late)}"
        assert outcome(late) == "refused"
    assert run.process.wait(TIMEOUT) == 0


def outcome(late: socket.socket) -> str:
    """Of somebody who sends a request as soon as there is a connection."""
    late.settimeout(TIMEOUT)
    select.select([], [late], [], TIMEOUT)
    if late.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        return "refused"
    with contextlib.suppress(OSError):
        late.sendall(REQUEST)
    return rest(late)[:12].decode() or "reset"


@contextlib.contextmanager
def asleep(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("server", SERVERS)
def test_who_waits_in_the_kernel_is_answered(launch: Launcher, data_dir: Path, tmp_path: Path, server: str) -> None:
    """A worker that is busy has not taken them yet when the site is told to stop."""
    run = start(launch, data_dir, tmp_path, PATIENT, server)
    (worker,) = run.children()
    with contextlib.ExitStack() as waiting:
        with asleep(worker):
            patients = [waiting.enter_context(connect(run.port)) for _ in range(5)]
            for patient in patients:
                patient.sendall(REQUEST)
            run.process.terminate()
            assert until(lambda: (tmp_path / "has looked").exists() or run.process.poll() is not None)
            assert (tmp_path / "has looked").exists(), f"it ended without a look: {run.text()}"
        assert [rest(patient)[:12] for patient in patients] == [b"HTTP/1.1 200"] * 5
    assert run.process.wait(TIMEOUT) == 0


def test_who_comes_between_two_servers_waits_for_the_next(launch: Launcher, data_dir: Path, tmp_path: Path) -> None:
    """systemd holds the address meanwhile; played here."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as held:
        first = start(launch, data_dir, tmp_path, PATIENT, "edge", held)
        first.process.terminate()
        assert first.process.wait(TIMEOUT) == 0
        with connect(first.port, timeout=AT_ONCE) as patient:
            patient.settimeout(TIMEOUT)
            patient.sendall(REQUEST)
            start(launch, data_dir, tmp_path, PATIENT, "edge", held)
            assert rest(patient).startswith(b"HTTP/1.1 200")
