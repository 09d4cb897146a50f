"""The real site as an operator starts it: real processes, on a data folder and a port of their own."""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from clinic_site.bootstrap import end_with_parent
from tests import copies

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT = 300  # seconds: nothing here takes a twentieth of that, except on a busy machine
PORTS = range(10_000, 32_000)  # below those that the system gives to whoever connects to a server


def environment(data_dir: Path, port: int, **more: str) -> dict[str, str]:
    return {**copies.plain_environment(), "CLINIC_DATA_DIR": str(data_dir), "PORT": str(port), **more}


def run_command(
    data_dir: Path,
    *words: str,
    typed: str = "",
    port: int = 8000,
    before: Callable[[], None] | None = None,
    anew: bool = False,
    **more: str,
) -> "subprocess.CompletedProcess[str]":
    """Run a command of manage.py on this data folder to its end. `before` runs in its process before it. `anew`: in one
    that loads the site itself, as an operator's does."""
    own = environment(data_dir, port, **more)
    if copies.fits(more) and not before and not anew:
        return copies.run(words, own, typed, 5 * TIMEOUT)
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=own, input=typed,
        capture_output=True, text=True, timeout=5 * TIMEOUT, preexec_fn=before,
    )  # fmt: skip


def manage(data_dir: Path, *words: str, typed: str = "", anew: bool = False, **more: str) -> str:
    """Run a command that must succeed; what it printed."""
    done = run_command(data_dir, *words, typed=typed, anew=anew, **more)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def free_port() -> int:
    """Drawn by chance, in each process another one. What the system proposes may be taken by a connection before a site
    has come up at it."""
    return next(port for port in iter(lambda: secrets.choice(PORTS), 0) if port_is_free(port))


def until(condition: Callable[[], object], timeout: float = TIMEOUT) -> bool:
    """Wait for the condition; whether it came true in time."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def copied(original: Path, copy: Path) -> Path:
    """A copy of a data folder. Static files are linked instead, where that can be: nobody writes into them, and there
    are hundreds."""

    def copy_or_link(source: str, target: str) -> None:
        if "static" in Path(source).relative_to(original).parts:
            with contextlib.suppress(OSError):  # the copy lies on another disk
                os.link(source, target)
                return
        shutil.copy2(source, target)

    return Path(shutil.copytree(original, copy, copy_function=copy_or_link))


def processes() -> dict[int, tuple[int, int]]:
    """pid: (parent, session) of everything that lives."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, _, session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if state != "Z":
            found[int(path.parent.name)] = (int(parent), int(session))
    return found


@dataclass
class Run:
    """One command in a session of its own, so that whatever it leaves behind is found."""

    process: subprocess.Popen[str] | copies.Copy
    port: int
    output: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def text(self) -> str:
        return self.output.read_text()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def up(self) -> "Run":
        assert until(lambda: "The site is up" in self.text() or self.process.poll() is not None), self.text()
        assert self.process.poll() is None, self.text()
        assert until(self.answers), self.text()
        assert until(self.is_whole), self.text()
        return self

    def is_whole(self) -> bool:
        """Whether it has both web workers and the worker. gunicorn starts its own one after another."""
        alive = processes()
        parents = {parent for parent, _ in alive.values()}
        return sum(session == self.pid and pid not in parents for pid, (_, session) in alive.items()) >= 3

    def members(self) -> list[int]:
        return [pid for pid, (_, session) in processes().items() if session == self.pid]

    def children(self, parent: int = 0) -> list[int]:
        return sorted(pid for pid, (above, _) in processes().items() if above == (parent or self.pid))

    def worker(self) -> int:
        """The child that has no children: gunicorn has some."""
        return next((pid for pid in self.children() if not self.children(pid)), 0)

    def web(self) -> int:
        return next((pid for pid in self.children() if self.children(pid)), 0)

    def signal_all(self, number: int) -> None:
        """As the terminal does for Ctrl-C: to the whole group."""
        os.killpg(self.pid, number)

    def left_nothing(self) -> bool:
        self.process.poll()
        return not self.members() and port_is_free(self.port)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass
class Launcher:
    """`for_tests`: sites start as copies of a process that has loaded the site, wherever that comes to the same, and
    render a page when it is asked for, unless `in_advance` says otherwise.
    """

    folder: Path
    for_tests: bool = False
    in_advance: bool = field(init=False)
    runs: list[Run] = field(default_factory=list)
    locks: list[TextIO] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.in_advance = not self.for_tests

    def __call__(
        self, command: list[str], data_dir: Path, *, port: int = 0, cwd: Path = ROOT, keeps: tuple[int, ...] = (),
        **more: str,
    ) -> Run:  # fmt: skip
        """`keeps`: files of ours that the command has open, too."""
        self._hold_pages_back(data_dir)
        port = port or free_port()
        output = self.folder / f"output-{len(self.runs)}.txt"
        with output.open("w") as file:
            process = subprocess.Popen(
                command, cwd=cwd, env=environment(data_dir, port, **more), stdout=file, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True, text=True, preexec_fn=end_with_parent, pass_fds=keeps,
            )  # fmt: skip
        return self._added(process, port, output)

    def serve(self, data_dir: Path, *, port: int = 0, **more: str) -> Run:
        if not self.for_tests or not copies.fits(more):
            return self([sys.executable, "manage.py", "serve"], data_dir, port=port, **more)
        self._hold_pages_back(data_dir)
        port = port or free_port()
        output = self.folder / f"output-{len(self.runs)}.txt"
        with output.open("w") as file, Path(os.devnull).open() as nothing:
            own = environment(data_dir, port, **more)
            copy = copies.original().start(["serve"], own, [nothing, file, file], own_session=True)
        return self._added(copy, port, output)

    def _hold_pages_back(self, data_dir: Path) -> None:
        """By itself a site renders all pages in advance, in whichever process holds this lock: that takes longer than
        most tests."""
        if self.in_advance:
            return
        (data_dir / "pages").mkdir(mode=0o700, exist_ok=True)
        lock = (data_dir / "pages" / ".warm").open("w")
        self.locks.append(lock)
        with contextlib.suppress(BlockingIOError):  # it is ours, from when the site ran before
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _added(self, process: "subprocess.Popen[str] | copies.Copy", port: int, output: Path) -> Run:
        self.runs.append(Run(process, port, output))
        return self.runs[-1]

    def end_all(self) -> None:
        for run in self.runs:
            for pid in run.members():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            run.process.wait()
        for lock in self.locks:
            lock.close()
