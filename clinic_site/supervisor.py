"""Runs several children and ends them with itself: the web server and the worker of `manage.py serve`.

Children are forked from a process that has loaded Django already: that starts in half the time and shares memory.
It knows nothing of what a child does.
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
TICK = 0.2
STOP_SECONDS = 12  # for a child to end once it was told to; gunicorn.conf.py gives requests a little less
STEADY_SECONDS = 30  # a child that lived this long starts afresh with the shortest delay
LONGEST_DELAY = 30
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GUNICORN_CONFIG = Path(__file__).with_name("gunicorn.conf.py")


class CannotStart(SystemExit):
    """Ends the program with one clear line that says why, and what to do."""


def end_with_parent(parent: int) -> None:
    """End this process when `parent` ends, even by kill -9 (Linux)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)


@contextmanager
def only_one(path: Path, label: str) -> Iterator[bool]:
    """Hold the pid file `path`; yields whether it was left behind by a run that was killed.

    The lock belongs to the living process, so a stale file, or a number that another program has by now, never counts.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        before = os.read(descriptor, 200).decode(errors="replace").strip()
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise CannotStart(
                f"The site already runs on this data folder ({before or 'just starting'}). "
                "End that one first, or choose another folder with CLINIC_DATA_DIR."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, {label}\n".encode(), 0)
        try:
            yield bool(before)
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def check_port(host: str, port: int, *, wait: float = 0) -> None:
    """Make sure that the web server will get its address; `wait` for the children of a killed run to end."""
    deadline = time.monotonic() + wait
    while True:
        try:
            return _bind(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise CannotStart(_port_problem(error, host, port)) from error
        time.sleep(TICK)


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
    pid: int = 0
    born: float = 0
    due: float = 0
    deaths: int = 0

    def start(self) -> None:
        """Fork. Signals wait meanwhile: one that came between would reach a child that still has our handlers."""
        parent = os.getpid()
        self.born = time.monotonic()
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
        self._live(parent)

    def _live(self, parent: int) -> None:
        """The whole life of the child process. It must never return into the code that the parent runs."""
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
        """Whether it has just died. It is then due again, later each time it dies young."""
        if not self.pid or os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            return False
        self.pid = 0
        now = time.monotonic()
        self.deaths = 0 if now - self.born > STEADY_SECONDS else self.deaths + 1
        self.due = now + min(0.25 * 2**self.deaths, LONGEST_DELAY)
        return True

    def signal(self, number: signal.Signals) -> None:
        if self.pid:
            os.kill(self.pid, number)


@dataclass
class Supervisor:
    """Calls `announce` once the site is `ready`. `before_fork` drops what two processes can't share."""

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
                time.sleep(TICK if self.announced else TICK / 8)
                self._reap()
        finally:
            self._end_all()

    def _stop(self, number: int, _: object) -> None:
        self.stop_signal = number

    def _start_due(self) -> None:
        for child in self.children:
            if not child.pid and time.monotonic() >= child.due:
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
        hurry = self.stop_signal == signal.SIGINT  # Ctrl-C: gunicorn then drops idle connections at once
        for child in self.children:
            child.signal(signal.SIGINT if hurry else signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.pid for child in self.children):
            for child in self.children:
                child.reap()
                if child.pid and time.monotonic() > deadline:
                    child.signal(signal.SIGKILL)
            time.sleep(TICK / 8)


def answers(host: str, port: int, names: list[str]) -> bool:
    """Whether the site says that it is alive. It answers to one of `names` only."""
    name = names[0].lstrip(".*") or host
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health/live", headers={"Host": name, "Connection": "close"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def web_server() -> None:
    """gunicorn, in this process: the same as `gunicorn -c clinic_site/gunicorn.conf.py clinic_site.asgi`."""
    sys.argv = ["gunicorn", "-c", str(GUNICORN_CONFIG), "clinic_site.asgi"]
    run_gunicorn(prog="gunicorn")
