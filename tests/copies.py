"""Commands of manage.py that start in a tenth of the time: as copies of a process that has loaded the site."""

import atexit
import ctypes
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from clinic_site.bootstrap import end_with_parent

ROOT = Path(__file__).resolve().parent.parent
OURS = re.compile(
    r"^(CLINIC_|SITE_URL|SECRET_KEY|ALLOWED_HOSTS|HOST$|PORT$|.*_URL$|MAIL_FROM|STAFF_|DJANGO_|COVERAGE_|MAKE|MFLAGS)"
)
# What settings.py reads and no module keeps from the moment when it is loaded: tests/faults/test_copies.py looks.
READ_ANEW = {"INTAKE_LIMIT_PER_HOUR", "STAFF_MAIL", "EMAIL_URL", "SECRET_KEY", "GUNICORN_CMD_ARGS", "TMPDIR"}
MARK, NUMBER = "of-the-original", 65_123  # in the settings as long as nothing is started
PR_SET_CHILD_SUBREAPER = 36


def fits(variables: Mapping[str, str]) -> bool:
    """Whether a copy with these variables is what a process of its own would be."""
    return variables.keys() <= READ_ANEW


class Copy:
    """As much of `subprocess.Popen` as tests use."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.end = os.pidfd_open(pid)

    def poll(self) -> int | None:
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
                os.close(self.end)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.poll() is None:
            watch = select.poll()
            watch.register(self.end, select.POLLIN)
            if not watch.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        ended = self.poll()
        assert ended is not None
        return ended

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Original:
    """The process that has loaded the site. It ends with this one."""

    def __init__(self) -> None:
        # Its grandchildren become children of this process, which so learns how they end.
        assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1) == 0
        self.lock = threading.Lock()
        self.orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.loaded", str(theirs.fileno())], cwd=ROOT, env=_environment(),
                stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True,
                preexec_fn=end_with_parent,
            )  # fmt: skip

        atexit.register(self.close)

    def close(self) -> None:
        self.orders.close()
        self.process.wait()

    def start(
        self, words: list[str], environment: dict[str, str], files: list[IO[Any]], *, own_session: bool = False
    ) -> Copy:
        """`files` are those that it reads from, writes to, and writes errors to."""
        umask = os.umask(0)
        os.umask(umask)
        order = {"words": words, "environment": environment, "umask": umask, "own_session": own_session}
        with self.lock:
            socket.send_fds(self.orders, [json.dumps(order).encode()], [file.fileno() for file in files])
            return Copy(int(self.orders.recv(100)))


def plain_environment() -> dict[str, str]:
    """This machine's, without what a developer may have set for the site, and not measured: it must be fast."""
    return {name: value for name, value in os.environ.items() if not OURS.match(name)}


def _environment() -> dict[str, str]:
    marked = {
        "CLINIC_DATA_DIR": f"/{MARK}",
        "SECRET_KEY": MARK.ljust(50, "-"),
        "SITE_URL": f"http://{MARK}",
        "STAFF_MAIL": MARK,
        "EMAIL_URL": f"smtp://{MARK}",
    }
    return plain_environment() | marked | dict.fromkeys(("PORT", "INTAKE_LIMIT_PER_HOUR"), str(NUMBER))


@cache
def original() -> Original:
    return Original()


def run(
    words: tuple[str, ...], environment: dict[str, str], typed: str, timeout: float
) -> "subprocess.CompletedProcess[str]":
    """A command to its end."""
    with (
        tempfile.TemporaryFile("w+") as given,
        tempfile.TemporaryFile("w+") as said,
        tempfile.TemporaryFile("w+") as bad,
    ):
        given.write(typed)
        given.seek(0)
        copy = original().start([*words], environment, [given, said, bad])
        try:
            copy.wait(timeout)
        except subprocess.TimeoutExpired:
            copy.kill()
            raise
        for file in (said, bad):
            file.seek(0)
        return subprocess.CompletedProcess(["manage.py", *words], copy.wait(), said.read(), bad.read())
