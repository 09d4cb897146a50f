"""Runs child processes, restarts those that end, and ends them with itself: web server and worker of `manage.py serve`.

Children are forked after Django has been loaded, so they start in half the time and share its memory. What a child does
is not known here.
"""

import ctypes
import errno
import fcntl
import http.client
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gunicorn.app.wsgiapp import run as run_gunicorn

log = logging.getLogger(__name__)
TICK_SECONDS = 0.2
STOP_SECONDS = 12  # for a child to end once it was told to; gunicorn.conf.py gives requests a little less
STEADY_SECONDS = 30  # a child that ran this long is restarted without a delay that has grown
MAX_RESTART_DELAY = 30  # seconds
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PID_FILE = "serve.pid"  # in the data folder
GUNICORN_CONFIG = Path(__file__).with_name("gunicorn.conf.py")


class CannotStart(SystemExit):
    """Ends the program with one clear line that says why, and what to do about it."""


def end_with_parent(parent: int) -> None:
    """Have Linux end this process when `parent` ends, even by kill -9."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # it had ended already
        sys.exit(1)


@contextmanager
def single_instance(path: Path, label: str) -> Iterator[bool]:
    """Lock the pid file `path`; yields whether it was left behind by a run that was killed. Raises CannotStart.

    The lock ends with the process that holds it, so a stale file, or a process id that another program has got since,
    does no harm.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        before = _lock(descriptor)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, {label}\n".encode(), 0)
        try:
            yield bool(before)
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def require_not_running(path: Path) -> None:
    """Raise CannotStart while a process holds the pid file `path`. Changes nothing."""
    if path.exists():
        with path.open("r+") as file:
            _lock(file.fileno())


def _lock(descriptor: int) -> str:
    """Lock the pid file; what stood in it before. Raises CannotStart."""
    before = os.read(descriptor, 200).decode(errors="replace").strip()
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise CannotStart(
            f"The site already runs on this data folder ({before or 'just starting'}). "
            "End that one first, or choose another folder with CLINIC_DATA_DIR."
        ) from None
    return before


def require_free_port(host: str, port: int, *, wait: float = 0) -> None:
    """Raise CannotStart if the web server can't have this address. Waits up to `wait` seconds for the children of a
    killed run to end.
    """
    deadline = time.monotonic() + wait
    while True:
        try:
            return _bind(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise CannotStart(_port_problem(error, host, port)) from error
        time.sleep(TICK_SECONDS)


def _bind(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _port_problem(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. End it, or choose another port, for example PORT={port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} needs special rights. Choose one above 1023, for example PORT=8000."
    return f"The address {host} is not one of this machine ({error.strerror}). Set HOST to one that is."


@dataclass
class Child:
    name: str
    main: Callable[[], None]
    pid: int = 0  # 0 while it does not run
    started_at: float = 0
    start_at: float = 0  # not before this time
    early_ends: int = 0  # in a row

    def start(self) -> None:
        """Fork. Signals are blocked meanwhile: one could reach a child that still has its parent's handlers."""
        parent = os.getpid()
        self.started_at = time.monotonic()
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        self.pid = os.fork()
        if self.pid:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
            return
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        self._run(parent)

    def _run(self, parent: int) -> None:
        """In the child process, which must never return into the code that the parent runs."""
        status = 1
        try:
            end_with_parent(parent)
            self.main()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            log.exception("%s ended", self.name)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status & 0xFF)

    def reap(self) -> bool:
        """Whether it has just ended. It is then started again, after a delay that grows while it keeps ending early."""
        if not self.pid or os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            return False
        self.pid = 0
        now = time.monotonic()
        self.early_ends = 0 if now - self.started_at > STEADY_SECONDS else self.early_ends + 1
        self.start_at = now + min(0.25 * 2**self.early_ends, MAX_RESTART_DELAY)
        return True

    def signal(self, number: signal.Signals) -> None:
        if self.pid:
            os.kill(self.pid, number)


@dataclass
class Supervisor:
    """Calls `announce` once, when `ready` says so. `before_fork` closes what two processes can't share."""

    children: list[Child]
    ready: Callable[[], bool]
    announce: Callable[[], None]
    before_fork: Callable[[], None]
    stop_signal: int = field(default=0, init=False)
    announced: bool = field(default=False, init=False)

    def run(self) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        try:
            while not self.stop_signal:
                self._start_due()
                self._announce_once()
                time.sleep(TICK_SECONDS if self.announced else TICK_SECONDS / 8)
                self._reap()
        finally:
            self._end_all()

    def _stop(self, number: int, _: object) -> None:
        self.stop_signal = number

    def _start_due(self) -> None:
        for child in self.children:
            if not child.pid and time.monotonic() >= child.start_at:
                self.before_fork()
                child.start()

    def _announce_once(self) -> None:
        if not self.announced and self.ready():
            self.announced = True
            self.announce()

    def _reap(self) -> None:
        for child in self.children:
            if not child.reap() or self.stop_signal:
                continue
            if not self.announced:
                raise CannotStart(f"The {child.name} ended before the site was up. The lines above say why.")
            log.warning("the %s ended by itself; it starts again in a moment", child.name)

    def _end_all(self) -> None:
        at_once = self.stop_signal == signal.SIGINT  # Ctrl-C: gunicorn then closes idle connections at once
        for child in self.children:
            child.signal(signal.SIGINT if at_once else signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.pid for child in self.children):
            for child in self.children:
                child.reap()
                if child.pid and time.monotonic() > deadline:
                    child.signal(signal.SIGKILL)
            time.sleep(TICK_SECONDS / 8)


def is_alive(host: str, port: int, names: list[str]) -> bool:
    """Whether the site answers at /health/live. It answers to the host names in `names` only."""
    name = names[0].lstrip(".*") or host
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health/live", headers={"Host": name, "Connection": "close"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def run_web_server() -> None:
    """gunicorn, in this process: the same as `gunicorn -c clinic_site/gunicorn.conf.py clinic_site.asgi`."""
    sys.argv = ["gunicorn", "-c", str(GUNICORN_CONFIG), "clinic_site.asgi"]
    run_gunicorn(prog="gunicorn")
