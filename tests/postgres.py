"""`make test DATABASE=postgres`: the tests on a PostgreSQL server of their own, which leaves nothing behind.

The server listens in a folder of its own, not on the network, and keeps nothing safe: its data live as long as the run.
PostgreSQL refuses to run as root, so root starts it as another user.
"""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clinic_site.bootstrap import end_with_parent, postgres_programs
from tests.server import ROOT, until

OWNER = "clinic"  # of the databases
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SQLITE_ONLY = ("tests/browser", "tests/faults", "tests/bench", "tests/upgrade")  # they start sites on SQLite
PATIENCE = 300


def main(arguments: list[str]) -> int:
    end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is ended then, too
    if not postgres_programs():
        sys.exit("There is no PostgreSQL here. Run `make test DATABASE=postgres`, which installs it.")
    left_out = [f"--ignore={path}" for path in SQLITE_ONLY]
    command = [sys.executable, "-m", "pytest", *left_out, *arguments]
    try:
        with server() as url:
            tests = os.environ | {"TEST_DATABASE_URL": url}
            return subprocess.run(command, cwd=ROOT, env=tests, preexec_fn=end_with_parent).returncode
    except KeyboardInterrupt:
        return 130


@contextmanager
def server() -> Iterator[str]:
    """The DATABASE_URL of a new server, for as long as the block lasts."""
    with cluster() as folder, running(folder / "data") as url:
        yield url


@contextmanager
def cluster() -> Iterator[Path]:
    """A folder with the data of a new server, which does not run yet."""
    with tempfile.TemporaryDirectory(prefix="clinic-postgres-") as name:
        folder = Path(name)
        call(folder, "initdb", "-D", str(folder / "data"), "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        yield folder


@contextmanager
def running(data: Path, *more: str) -> Iterator[str]:
    """A server on this data, with more settings."""
    folder = data.parent
    settings = [f"unix_socket_directories={folder}", "listen_addresses=", *FAST, *more]
    command = [
        f"{postgres_programs()}/postgres",
        "-D",
        str(data),
        *(word for each in settings for word in ("-c", each)),
    ]
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(
            command, cwd=folder, stderr=log, start_new_session=True, preexec_fn=end_with_parent, **_account(folder)
        )
    try:
        _wait(process, data)
        yield f"postgres://{OWNER}@/{folder}/postgres"
    finally:
        process.send_signal(signal.SIGINT)  # "fast": whoever is connected is cut off
        process.wait(PATIENCE)


def call(folder: Path, program: str, *words: str) -> str:
    """One of PostgreSQL's programs, as the owner of the databases."""
    command = [f"{postgres_programs()}/{program}", "-U", OWNER, *words]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, **_account(folder)).stdout


def _account(folder: Path) -> dict[str, Any]:
    """How to start a program as the user of the server, who gets the folder. Nothing to say unless we are root."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait(process: "subprocess.Popen[bytes]", data: Path) -> None:
    ready = data / "postmaster.pid"  # its last line says so
    until(lambda: process.poll() is not None or (ready.is_file() and "ready" in ready.read_text()), PATIENCE)
    if process.poll() is not None or "ready" not in ready.read_text():
        sys.exit(f"PostgreSQL did not start:\n{(data.parent / 'log').read_text()}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
