"""`make run` on machines that lack something: one clear line, and what to install."""

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clinic_site import bootstrap
from tests.server import ROOT, TIMEOUT, Launcher, Run, environment, until

WITHOUT = """\
import importlib.util, runpy, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in {missing} else find(name, *rest)
sys.argv = ["bootstrap.py", *sys.argv[2:]]
sys.version_info = {version} or sys.version_info
runpy.run_path("clinic_site/bootstrap.py", run_name="__main__")
"""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A fresh copy of the site in which nothing is installed yet."""
    site = tmp_path / "site"
    site.mkdir()
    for name in ("Makefile", "manage.py", "clinic_site", "education", "templates", "static", "requirements.txt"):
        (site / name).symlink_to(ROOT / name)
    return site


def python_without(folder: Path, *missing: str, version: tuple[int, ...] = ()) -> Path:
    """A `python3` that lacks some modules, or says that it is older."""
    script = folder / "without.py"
    script.write_text(WITHOUT.format(missing=missing, version=version))
    python = folder / "python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    python.chmod(0o755)
    return python


def make_run_fails(site: Path, python: Path | str, **more: str) -> list[str]:
    """What `make run` says before it gives up; make's own last line is not ours."""
    done = subprocess.run(
        ["make", "run", f"PYTHON={python}"], cwd=site, env=environment(site / "var", 8000, **more),
        capture_output=True, text=True, timeout=TIMEOUT,
    )  # fmt: skip
    assert done.returncode, done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    lines = done.stderr.splitlines()
    assert re.match(r"make.*Error 1", lines.pop())
    return [*done.stdout.splitlines(), *lines]


def test_an_older_python_can_parse_what_tells_it_so() -> None:
    ast.parse(Path(bootstrap.__file__).read_text(), feature_version=(3, 6))
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 6))


def test_an_older_python(bare: Path) -> None:
    assert make_run_fails(bare, python_without(bare, version=(3, 9, 2))) == [
        "This site needs Python 3.11 or newer; this is 3.9. Install a newer one, then: make run PYTHON=python3.11"
    ]


def test_no_python(bare: Path) -> None:
    (line,) = make_run_fails(bare, "python3-is-not-here")
    assert line.startswith("python3-is-not-here is missing.")
    assert "apt-get install python3 python3-venv" in line


@pytest.mark.parametrize("missing", [("venv",), ("ensurepip", "pip")])
def test_no_venv_module(bare: Path, missing: tuple[str, ...]) -> None:
    (line,) = make_run_fails(bare, python_without(bare, *missing))
    assert missing[0] in line
    assert "sudo apt-get install python3-venv" in line
    assert not (bare / ".venv").exists()


def test_packages_that_cannot_be_downloaded(bare: Path) -> None:
    """The last lines of pip stay, the rest of its noise does not. Without ensurepip the pip beside Python fills in."""
    (bare / "requirements.txt").unlink()
    (bare / "requirements.txt").write_text(f"nothing-of-that-name==1.0 --hash=sha256:{'0' * 64}\n")
    said = make_run_fails(bare, python_without(bare, "ensurepip"), PIP_NO_INDEX="1", PIP_USER="1")
    assert said[:2] == [
        "Making a virtual environment in .venv",
        "Installing the pinned packages of requirements.txt (a minute or two, once)",
    ]
    assert said[-1] == "The packages could not be installed. Is this machine online? Then try again."
    assert any("nothing-of-that-name" in line for line in said[2:-1])
    assert all(line.startswith("  | ") for line in said[2:-1])


def test_a_folder_in_which_no_virtual_environment_can_be_made(bare: Path) -> None:
    (bare / ".venv").write_text("A file where the folder should be.")
    assert make_run_fails(bare, python_without(bare))[-1].startswith("The virtual environment could not be made in ")


def test_a_package_with_another_hash_than_the_pinned_one(bare: Path, tmp_path: Path) -> None:
    """A pinned hash that does not match stops everything."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "some_package-1.0-py3-none-any.whl").write_bytes(b"not what was pinned")
    (bare / "requirements.txt").unlink()
    (bare / "requirements.txt").write_text(f"some-package==1.0 --hash=sha256:{'0' * 64}\n")
    said = make_run_fails(
        bare, python_without(bare, "ensurepip"), PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels)
    )  # fmt: skip
    assert any("HASHES" in line or "hash" in line for line in said)


def installed(site: Path, data_dir: Path) -> Path:
    """Make `bare` look installed: its .venv is the one that runs this test."""
    python = site / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    digest = bootstrap.fingerprint("requirements.txt").split()[1]
    (site / ".venv" / "installed-requirements.txt").write_text(f"{version} {digest}\n")
    return data_dir


@pytest.fixture
def made(launch: Launcher, bare: Path, data_dir: Path) -> Run:
    """`make run`, as its second start finds things."""
    installed(bare, data_dir)
    return launch(["make", "run", f"PYTHON={sys.executable}"], data_dir, cwd=bare).up()


def test_make_run_ends_with_ctrl_c(made: Run) -> None:
    made.signal_all(signal.SIGINT)
    made.process.wait(TIMEOUT)
    assert until(made.left_nothing)
    assert "Traceback" not in made.text()
    assert "Stopped." in made.text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_kill_of_make_leaves_nothing_behind(made: Run, number: int) -> None:
    made.process.send_signal(number)
    assert until(made.left_nothing), made.members()


def test_chromium_that_cannot_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "CHROMIUM", str(tmp_path / "chromium"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bootstrap.Problem, match="apt-get install chromium-headless-shell"):
        bootstrap.install_chromium()


def test_chromium_from_the_package_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """apt-get is asked to look first, then to install; through sudo where we are not root."""
    chromium, log = tmp_path / "chromium", tmp_path / "log"
    for name in ("apt-get", "sudo"):
        body = f'echo "$@" >> {log}; case "$*" in *install*) touch {chromium}; chmod +x {chromium};; esac'
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(bootstrap, "CHROMIUM", str(chromium))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    bootstrap.install_chromium()
    update, install = log.read_text().splitlines()
    assert "update" in update
    assert "chromium" in install
    log.unlink()
    bootstrap.install_chromium()
    assert not log.exists()


def test_a_chromium_whose_installation_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("apt-get", "sudo"):
        shutil.copy("/bin/false", tmp_path / name)
    monkeypatch.setattr(bootstrap, "CHROMIUM", str(tmp_path / "chromium"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(bootstrap.Problem, match="apt-get install chromium-headless-shell"):
        bootstrap.install_chromium()


def test_nginx_that_cannot_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "nginx_program", str)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bootstrap.Problem, match="apt-get install nginx-light"):
        bootstrap.install_nginx()


def test_postgres_that_cannot_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "postgres_programs", str)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bootstrap.Problem, match="apt-get install postgresql"):
        bootstrap.install_postgres()


def test_what_the_settings_need_is_installed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(bootstrap, "install", installed.append)
    for name in ("DATABASE_URL", "CACHE_URL", "MEDIA_STORAGE_URL"):
        monkeypatch.delenv(name, raising=False)
    bootstrap.packages()
    monkeypatch.setenv("DATABASE_URL_FILE", "/etc/clinic-database")
    monkeypatch.setenv("MEDIA_STORAGE_URL", "s3://key:secret@s3.test/pictures")
    bootstrap.packages()
    assert installed == ["requirements.txt", "requirements.txt", "requirements-postgres.txt", "requirements-scale.txt"]


def test_another_django_stands_in_until_it_is_no_longer_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path))
    monkeypatch.setattr(bootstrap, "PYTHON", str(tmp_path / "bin" / "python"))
    monkeypatch.setattr(bootstrap, "quietly", lambda command, *_: ran.append(command[command.index("install") :]))

    def made(django: str) -> list[str]:
        ran.clear()
        monkeypatch.setattr(bootstrap, "DJANGO", django)
        bootstrap.dev()
        return [command[-1] for command in ran]

    pinned = str(ROOT / "requirements-dev.txt")
    assert made("") == [pinned]
    assert made("") == []
    assert made("6.1") == [pinned, "Django==6.1.*"]
    assert made("6.1") == []
    assert made("6") == [pinned, "Django==6.*"]
    assert made("") == [pinned]
