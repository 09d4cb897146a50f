"""install.sh and upgrade.sh, rehearsed in a folder with a small site that only notes what is asked of it."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.played import HERE, Quiet, running
from tests.server import ROOT

DEPLOY = ROOT / "clinic_site" / "deploy"
MANAGE = """
import os, sys
from pathlib import Path
here = Path(__file__).resolve().parent
words = " ".join(sys.argv[1:])
with open(os.environ["ASKED"], "a") as log:
    log.write(f"{(here / 'version').read_text()} {words}\\n")
if words.startswith("showmigrations"):
    print("[X]  education.0001_initial\\n[X]  education.0007_last\\n[ ]  education.0008_next")
if words == "seal_keys list":
    print("" if "keys made" in Path(os.environ["ASKED"]).read_text() else "There are no keys yet.")
if words == "seal_keys new":
    open(os.environ["ASKED"], "a").write("keys made\\n")
if (here / "broken").exists() and words == (here / "broken").read_text():
    sys.exit("broken")
"""
BOOTSTRAP = f"""
import os, pathlib
python = pathlib.Path(__file__).parent.parent / ".venv" / "bin" / "python"
python.parent.mkdir(parents=True, exist_ok=True)
python.exists() or os.symlink({sys.executable!r}, python)
"""
SYSTEMCTL = '#!/bin/sh\necho "systemctl $*" >> "$ASKED"\n'


class Machine:
    """A folder in place of a machine's root, and a web server at the site's address."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.log = folder, port, folder / "asked"
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "systemctl").write_text(SYSTEMCTL)
        (folder / "bin" / "systemctl").chmod(0o755)
        self.log.touch()

    def version(self, name: str, *, broken: str = "") -> Path:
        """What the operator unpacked."""
        source = self.folder / "unpacked" / name
        shutil.copytree(DEPLOY, source / "clinic_site" / "deploy")
        (source / "education").mkdir()
        files = {"manage.py": MANAGE, "clinic_site/bootstrap.py": BOOTSTRAP, "version": name}
        files |= {"pyproject.toml": f'version = "{name}"\n', ".env.example": "SECRET_KEY=<change-me>\n"}
        for path, content in (files | ({"broken": broken} if broken else {})).items():
            (source / path).write_text(content)
        return source

    def run(self, source: Path, script: str, *words: str) -> "subprocess.CompletedProcess[str]":
        self.log.write_text("keys made\n" if "keys made" in self.log.read_text() else "")
        own = {
            "CLINIC_ROOT": str(self.folder),
            "ASKED": str(self.log),
            "PYTHON": sys.executable,
            "CLINIC_READY_TRIES": "1",
        }
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        command = ["bash", str(source / "clinic_site" / "deploy" / script), *words]
        return subprocess.run(command, env={"PATH": path, **own}, capture_output=True, text=True, check=False)

    def settings(self) -> Path:
        path = self.folder / "etc" / "clinic-site.env"
        own = f"CLINIC_DATA_DIR={self.folder}/data\nPORT={self.port}\nALLOWED_HOSTS=a.test,b.test\nEMAIL_URL='a$b c'\n"
        path.write_text(f"# words\n{own}")
        return path

    def asked(self) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if line != "keys made"]

    @property
    def current(self) -> str:
        return (self.folder / "opt" / "clinic-site" / "current" / "version").read_text()


class Answers(Quiet):
    status = 200

    def do_GET(self) -> None:
        fits = self.path == "/health/ready" and self.headers["Host"] == "a.test"
        self.send_response(Answers.status if fits else 404)
        self.end_headers()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Of the web server at the site's address."""
    with running(ThreadingHTTPServer(HERE, Answers)) as server:
        yield server.server_port


@pytest.fixture
def machine(tmp_path: Path, port: int) -> Machine:
    return Machine(tmp_path, port)


@pytest.fixture(scope="module")
def installed_once(tmp_path_factory: pytest.TempPathFactory, port: int) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("installed"), port)
    source = machine.version("1.0")
    machine.run(source, "install.sh")
    machine.settings()
    assert machine.run(source, "install.sh").returncode == 0
    shutil.copytree(machine.folder, f"{machine.folder}-as-installed", symlinks=True)
    return machine


@pytest.fixture
def installed(installed_once: Machine) -> Machine:
    """With version 1.0, and as it was then: what another test did there is undone."""
    shutil.rmtree(installed_once.folder)
    shutil.copytree(f"{installed_once.folder}-as-installed", installed_once.folder, symlinks=True)
    return installed_once


@pytest.mark.thorough
def test_the_first_run_makes_the_settings_and_the_second_installs(machine: Machine) -> None:
    source = machine.version("1.0")
    first = machine.run(source, "install.sh")
    env = machine.folder / "etc" / "clinic-site.env"
    assert first.returncode == 3, first.stderr
    assert "Fill in the rest, then run this again" in first.stdout
    assert stat.S_IMODE(env.stat().st_mode) == 0o640
    assert len(env.read_text().partition("SECRET_KEY=")[2].strip()) > 50
    assert machine.asked() == []
    machine.settings()
    second = machine.run(source, "install.sh")
    assert second.returncode == 0, second.stderr
    assert machine.asked() == [
        "1.0 check",
        "1.0 prepare",
        "systemctl daemon-reload",
        "1.0 seal_keys list",
        "1.0 seal_keys new",
        "systemctl enable --now clinic-web.socket clinic-web.service clinic-worker.service clinic-alarm.timer",
        "1.0 doctor",
    ]
    assert stat.S_IMODE((machine.folder / "data").stat().st_mode) == 0o700
    units = machine.folder / "etc" / "systemd" / "system"
    assert f"ListenStream=127.0.0.1:{machine.port}\n" in (units / "clinic-web.socket").read_text()
    assert f"ReadWritePaths={machine.folder}/data\n" in (units / "clinic-worker.service").read_text()
    assert stat.S_IMODE((machine.folder / "opt/clinic-site/current/manage.py").stat().st_mode) & 0o022 == 0


@pytest.mark.thorough
def test_a_public_host_waits_for_its_key_and_has_no_worker_and_no_backup(machine: Machine) -> None:
    source = machine.version("1.0")
    machine.run(source, "install.sh")
    settings = machine.settings()
    settings.write_text(f"{settings.read_text()}CLINIC_ROLE=public\n")
    waiting = machine.run(source, "install.sh")
    assert waiting.returncode == 1
    assert "Bring the public key here" in waiting.stderr
    assert (machine.folder / "usr/local/bin/clinic-manage").is_file()
    (machine.folder / "data/keys").mkdir()
    (machine.folder / "data/keys/seal_public_1.pem").touch()
    assert machine.run(source, "install.sh").returncode == 0
    starts = "systemctl enable --now clinic-web.socket clinic-web.service"
    assert machine.asked() == ["1.0 check", "1.0 prepare", "systemctl daemon-reload", starts, "1.0 doctor"]
    assert machine.run(machine.version("2.0"), "upgrade.sh").returncode == 0
    assert machine.current == "2.0"
    assert not any("worker" in line or "backup" in line for line in machine.asked())


@pytest.mark.thorough
def test_one_command_runs_manage_py_with_the_settings_as_they_are_written(installed: Machine) -> None:
    (installed.folder / "opt/clinic-site/current/manage.py").write_text(
        "import os, sys; print(os.environ['EMAIL_URL'], *sys.argv[1:], sys.stdin.read())"
    )
    command = [str(installed.folder / "usr" / "local" / "bin" / "clinic-manage"), "seal_keys", "test"]
    environment = {"PATH": os.environ["PATH"], "CLINIC_ROOT": str(installed.folder)}
    done = subprocess.run(command, env=environment, input="typed", capture_output=True, text=True, check=True)
    assert done.stdout == "a$b c seal_keys test typed\n"


@pytest.mark.thorough
def test_installing_again_makes_nothing_twice(installed: Machine) -> None:
    before = installed.settings().read_text()
    again = installed.run(installed.folder / "unpacked" / "1.0", "install.sh")
    assert again.returncode == 0, again.stderr
    assert "1.0 seal_keys new" not in installed.asked()
    assert (installed.folder / "etc" / "clinic-site.env").read_text() == before
    assert len(list((installed.folder / "opt/clinic-site/releases").iterdir())) == 1


@pytest.mark.thorough
def test_the_version_that_runs_installs_what_new_settings_need(installed: Machine) -> None:
    again = installed.run(installed.folder / "opt" / "clinic-site" / "current", "install.sh")
    assert again.returncode == 0, again.stderr
    assert installed.current == "1.0"
    assert len(list((installed.folder / "opt/clinic-site/releases").iterdir())) == 1


@pytest.mark.thorough
def test_the_way_back_begins_in_the_folder_of_the_version_before(installed: Machine) -> None:
    """Nobody looks for an archive at night."""
    before = (installed.folder / "opt" / "clinic-site" / "current").resolve()
    assert installed.run(installed.version("2.0"), "upgrade.sh").returncode == 0
    back = installed.run(before, "upgrade.sh", "--backup-made")
    assert back.returncode == 0, back.stderr
    assert installed.current == "1.0"
    assert not any("backup" in line for line in installed.asked())
    assert len(list((installed.folder / "opt/clinic-site/releases").iterdir())) == 2


@pytest.mark.thorough
def test_an_upgrade_backs_up_first_and_switches_last(installed: Machine) -> None:
    done = installed.run(installed.version("2.0"), "upgrade.sh")
    assert done.returncode == 0, done.stderr
    asked = installed.asked()
    assert asked[0] == "2.0 check"
    assert asked[1].startswith(f"1.0 backup {installed.folder}/data/backups/clinic-2")
    assert asked[2:] == [
        "1.0 showmigrations education --plan",
        "systemctl stop clinic-worker.service",
        "2.0 prepare",
        "systemctl daemon-reload",
        "systemctl restart clinic-web.service",
        "systemctl start clinic-worker.service",
        "systemctl enable --now clinic-alarm.timer",
        "2.0 doctor",
    ]
    assert installed.current == "2.0"
    again = installed.run(installed.folder / "unpacked" / "2.0", "upgrade.sh")
    assert "runs already" in again.stdout
    assert installed.asked() == []


@pytest.mark.thorough
@pytest.mark.parametrize("broken", ["prepare", ""])
def test_a_version_that_is_not_well_is_taken_back(
    installed: Machine, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not broken:
        monkeypatch.setattr(Answers, "status", 503)
    done = installed.run(installed.version("2.0", broken=broken), "upgrade.sh")
    assert done.returncode == 1
    assert "The upgrade failed" in done.stderr
    assert installed.current == "1.0"
    asked = installed.asked()
    assert asked[asked.index("2.0 migrate education 0007_last --verbosity 0") :] == [
        "2.0 migrate education 0007_last --verbosity 0",
        "systemctl daemon-reload",
        "1.0 prepare",
        "systemctl restart clinic-web.service",
        "systemctl start clinic-worker.service",
    ]


@pytest.mark.thorough
@pytest.mark.parametrize(("broken", "words"), [("check", "Nothing was changed"), ("", "Without a backup nothing")])
def test_nothing_changes_with_wrong_settings_or_without_a_backup(installed: Machine, broken: str, words: str) -> None:
    if not broken:
        current = installed.folder / "opt" / "clinic-site" / "current"
        log = "import sys; sys.exit('no backup' if sys.argv[1] == 'backup' else 0)"
        (current / "manage.py").write_text(log)
    done = installed.run(installed.version("2.0", broken=broken), "upgrade.sh")
    assert done.returncode == 1
    assert words in done.stderr
    assert installed.current == "1.0"
    assert not any(line.startswith("systemctl") for line in installed.asked())


def test_the_units_the_scripts_and_the_manual_name_the_same_places() -> None:
    manual = (DEPLOY / "README.md").read_text()
    for unit in (DEPLOY / "systemd").glob("*.service"):
        words = unit.read_text()
        assert "EnvironmentFile=/etc/clinic-site.env\n" in words
        assert "WorkingDirectory=/opt/clinic-site/current\n" in words
    for name in (
        "clinic-manage",
        "install.sh",
        "upgrade.sh",
        "Caddyfile",
        "nginx.conf",
        "Dockerfile",
        "compose.yml",
        "systemd/",
    ):
        assert name in manual
