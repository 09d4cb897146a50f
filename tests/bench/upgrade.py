"""An upgrade from an earlier version under load, and one that is taken back: `install.sh` and `upgrade.sh` as they are,
in a folder in place of a machine's root. systemd is played: it holds the address, and starts and stops what it is told.

Run by `.venv/bin/python -m tests.bench.upgrade [COMMIT]`, which takes some minutes and prints what it found; exit code
1 if anybody was failed or anything was lost. Without a commit, the earlier version is the one before the newest
migration.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from clinic_site.bootstrap import end_with_parent
from tests.faults.asking import Crowd, assert_all_are_there
from tests.faults.publishing import Readers
from tests.server import ROOT, environment, free_port

READERS, PATIENTS, PAUSE = 50, 2, 0.5
START_SECONDS, STOP_SECONDS = 90, 20
WEB, WORKER = "clinic-web.service", "clinic-worker.service"
COMMANDS = {
    WEB: [".venv/bin/gunicorn", "-c", "clinic_site/gunicorn.conf.py", "clinic_site.asgi"],
    WORKER: [".venv/bin/python", "manage.py", "worker"],
}
SYSTEMCTL = """#!{python}
import socket, sys
with socket.socket(socket.AF_UNIX) as systemd:
    systemd.connect({path!r})
    systemd.sendall(" ".join(sys.argv[1:]).encode())
    systemd.shutdown(socket.SHUT_WR)
    sys.exit(int(systemd.recv(9) or 1))
"""
PYTHON = """#!/bin/sh
# In place of installing the packages: those of this machine.
ln -sfn {venv} "$(dirname "$(dirname "$1")")/.venv"
"""
NOT_WELL = '\n\nready = no_store(lambda request: _plain("not well\\n", status=503))\n'


class Machine:
    """`folder` is its root, `port` the site's address."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.data, self.log = folder / "data", (folder / "log").open("ab")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.held = socket.create_server(("127.0.0.1", self.port), backlog=1024)
        self.notified, self.asked = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), socket.socket(socket.AF_UNIX)
        self.notified.bind(str(folder / "notify"))
        self.notified.settimeout(START_SECONDS)
        self.asked.bind(str(folder / "systemd"))
        self.asked.listen()
        (folder / "bin").mkdir()
        self._program("systemctl", SYSTEMCTL.format(python=sys.executable, path=str(folder / "systemd")))
        self._program("python", PYTHON.format(venv=ROOT / ".venv"))
        (folder / "etc").mkdir()
        settings = {"CLINIC_DATA_DIR": self.data, "PORT": self.port, "INTAKE_LIMIT_PER_HOUR": 0}
        settings |= {"ALLOWED_HOSTS": "127.0.0.1", "STAFF_MAIL": "desk@clinic.test"}
        lines = [f"{name}={value}\n" for name, value in settings.items()]
        (folder / "etc" / "clinic-site.env").write_text("".join(lines))
        self.settings = {name: str(value) for name, value in settings.items()}
        threading.Thread(target=self._serve, daemon=True).start()

    def _program(self, name: str, words: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(words)
        path.chmod(0o755)

    def run(self, source: Path, script: str) -> "subprocess.CompletedProcess[str]":
        own = environment(
            self.data, self.port, CLINIC_ROOT=str(self.folder), PYTHON=str(self.folder / "bin" / "python")
        )
        own |= {"PATH": f"{self.folder / 'bin'}:{own['PATH']}", "CLINIC_READY_TRIES": "5"}
        command = ["bash", str(source / "clinic_site" / "deploy" / script)]
        return subprocess.run(command, env=own, capture_output=True, text=True, check=False)

    def manage(self, *words: str) -> None:
        current = self.folder / "opt" / "clinic-site" / "current"
        subprocess.run(
            [".venv/bin/python", "manage.py", *words], cwd=current, env=environment(self.data, self.port), check=True,
            stdout=self.log, stderr=self.log,
        )  # fmt: skip

    def _serve(self) -> None:
        while True:
            connection, _ = self.asked.accept()
            with connection:
                verb, *names = connection.makefile().read().split()
                connection.sendall(b"0" if all(self._does(verb, name) for name in names) else b"1")

    def _does(self, verb: str, name: str) -> bool:
        if name not in COMMANDS:
            return True
        if verb in ("stop", "restart"):
            self._stop(name)
        return verb == "stop" or name in self.running or self._start(name)

    def _stop(self, name: str) -> None:
        process = self.running.pop(name, None)
        if process:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, name: str) -> bool:
        """As a unit of Type=notify: until it says that it is ready."""
        given = f"exec 3<&{self.held.fileno()}; export LISTEN_FDS=1 LISTEN_PID=$$; " if name == WEB else ""
        own = environment(self.data, self.port, **self.settings, NOTIFY_SOCKET=str(self.folder / "notify"))
        self.running[name] = subprocess.Popen(
            ["bash", "-c", f'{given}exec "$0" "$@"', *COMMANDS[name]], cwd=self.folder / "opt/clinic-site/current",
            env=own, pass_fds=[self.held.fileno()], preexec_fn=end_with_parent, stdout=self.log, stderr=self.log,
        )  # fmt: skip
        with contextlib.suppress(TimeoutError):
            while b"READY=1" not in self.notified.recv(4096):
                pass
            return True
        return False

    def end(self) -> None:
        for name in list(self.running):
            self._stop(name)
        self.held.close()


def unpacked(commit: str, folder: Path, *, broken: bool = False) -> Path:
    folder.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    if broken:
        with (folder / "education" / "health" / "views.py").open("a") as views:
            views.write(NOT_WELL)
    return folder


def earlier() -> str:
    command = ["git", "log", "-1", "--format=%H^", "--diff-filter=A", "--", "education/migrations"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def under_load(machine: Machine, source: Path, *, well: bool) -> list[str]:
    """Upgrade while people read and ask; what went wrong."""
    site: Any = SimpleNamespace(port=machine.port)
    began = time.monotonic()
    with Readers(site, READERS, pause=PAUSE) as readings, Crowd(machine.port, PATIENTS) as crowd:
        crowd.wait_for_more(5)
        done = machine.run(source, "upgrade.sh")
        crowd.wait_for_more(5)
    assert_all_are_there(machine.data, crowd)
    name = "upgrade" if well else "upgrade that is taken back"
    failed = readings.failed + readings.refused
    print(
        f"{name}: {time.monotonic() - began:.0f} s, {readings.count} reads, {failed} failed; "
        f"{len(crowd.acknowledged)} requests acknowledged, none lost, {len(crowd.failed)} failed"
    )
    current = (machine.folder / "opt" / "clinic-site" / "current").resolve()
    went = (done.returncode == 0) is well
    return [
        *([f"{name}: {done.stdout[-500:]}{done.stderr[-500:]} ({current})"] * (not went)),
        *([f"{name}: {readings.errors} {crowd.failed}"] * bool(failed or crowd.failed)),
    ]


def main() -> int:
    commit = sys.argv[1] if len(sys.argv) > 1 else earlier()
    with tempfile.TemporaryDirectory(prefix="clinic-upgrade-") as name:
        folder = Path(name)
        machine = Machine(folder)
        try:
            installed = machine.run(unpacked(commit, folder / "old"), "install.sh")
            if installed.returncode:
                print(installed.stdout[-1000:], installed.stderr[-1000:])
                return 1
            machine.manage("seal_keys", "recovery")
            wrong = under_load(machine, unpacked("HEAD", folder / "broken", broken=True), well=False)
            wrong += under_load(machine, unpacked("HEAD", folder / "new"), well=True)
        finally:
            machine.end()
    print("; ".join(wrong) or "Nobody was failed, nothing was lost.")
    return bool(wrong)


if __name__ == "__main__":
    os.environ.pop("NOTIFY_SOCKET", None)
    sys.exit(main())
