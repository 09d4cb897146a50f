"""The real site as an operator starts it: real processes, on a data folder and a port of their own."""

import contextlib
import os
import re
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

from clinic_site.bootstrap import end_with_parent

ROOT = Path(__file__).resolve().parent.parent
OURS = re.compile(
    r"^(CLINIC_|SITE_URL|SECRET_KEY|ALLOWED_HOSTS|HOST$|PORT$|.*_URL$|MAIL_FROM|STAFF_|DJANGO_|COVERAGE_|MAKE|MFLAGS)"
)
TIMEOUT = 300  # seconds: nothing here takes a twentieth of that, except on a busy machine
PORTS = range(10_000, 32_000)  # below those that the system gives to whoever connects to a server


def environment(data_dir: Path, port: int, **more: str) -> dict[str, str]:
    """This machine's, without what a developer may have set for the site, and not measured: it must be fast."""
    plain = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    return {**plain, "CLINIC_DATA_DIR": str(data_dir), "PORT": str(port), **more}


def run_command(
    data_dir: Path,
    *words: str,
    typed: str = "",
    port: int = 8000,
    before: Callable[[], None] | None = None,
    **more: str,
) -> "subprocess.CompletedProcess[str]":
    """Run a command of manage.py on this data folder to its end. `before` runs in its process before it."""
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment(data_dir, port, **more), input=typed,
        capture_output=True, text=True, timeout=5 * TIMEOUT, preexec_fn=before,
    )  # fmt: skip


def manage(data_dir: Path, *words: str, typed: str = "", **more: str) -> str:
    """Run a command that must succeed; what it printed."""
    done = run_command(data_dir, *words, typed=typed, **more)
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
    """A copy of a data folder. Static files are linked instead: nobody writes into them, and there are hundreds."""

    def copy_or_link(source: str, target: str) -> None:
        (os.link if "static" in Path(source).relative_to(original).parts else shutil.copy2)(source, target)

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

    process: subprocess.Popen[str]
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
        return self

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
    folder: Path
    runs: list[Run] = field(default_factory=list)

    def __call__(self, command: list[str], data_dir: Path, *, port: int = 0, cwd: Path = ROOT, **more: str) -> Run:
        port = port or free_port()
        output = self.folder / f"output-{len(self.runs)}.txt"
        with output.open("w") as file:
            process = subprocess.Popen(
                command, cwd=cwd, env=environment(data_dir, port, **more), stdout=file, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True, text=True, preexec_fn=end_with_parent,
            )  # fmt: skip
        self.runs.append(Run(process, port, output))
        return self.runs[-1]

    def serve(self, data_dir: Path, *, port: int = 0, **more: str) -> Run:
        return self([sys.executable, "manage.py", "serve"], data_dir, port=port, **more)

    def end_all(self) -> None:
        for run in self.runs:
            for pid in run.members():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            run.process.wait()
