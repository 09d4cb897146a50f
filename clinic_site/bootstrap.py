"""Installs what a bare machine lacks, then starts manage.py: `python3 clinic_site/bootstrap.py run`.

`dev`, `chromium`, `nginx`, `redis`, `postgres` and `s3` install what the checks and the tests need; `release` what
packing does.

It runs on the system's own Python, so it uses the standard library only, and no syntax newer than Python 3.6: an old
Python must be able to parse this file to say that it is too old.
"""

import glob
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import Callable

MIN_PYTHON = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
CHROMIUM = "/usr/bin/chromium-headless-shell"  # without windows: a fifth less work than the whole browser
FOR_SETTINGS = {
    "requirements-postgres.txt": ["DATABASE_URL"],
    "requirements-scale.txt": ["CACHE_URL", "MEDIA_STORAGE_URL", "SEARCH_URL", "BACKUP_SECOND_PLACE"],
}
DJANGO = os.environ.get("DJANGO", "")  # another release than the pinned one, for the tests: 6.1, or 6 for its newest
TAIL_LINES = 12
NO_SPACE = "No space left on device"


class Problem(Exception):
    """Ends the run with one clear line."""


def say(line: str) -> None:
    print(line, flush=True)


def version_problem(version: "tuple[int, ...]") -> str:
    """What to tell someone whose Python is too old; empty when it is new enough."""
    if version >= MIN_PYTHON:
        return ""
    have, need = ".".join(map(str, version[:2])), ".".join(map(str, MIN_PYTHON))
    advice = "Install a newer one, then: make run PYTHON=python{}".format(need)
    return "This site needs Python {} or newer; this is {}. {}".format(need, have, advice)


def end_with_parent() -> None:
    """Have Linux end this process when its parent ends, so that a killed `make` leaves nothing behind."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    except (ImportError, OSError, AttributeError):
        pass  # not Linux: a killed `make` then leaves this process running, which does no harm


def has_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def install_hint(package: str) -> str:
    return "Install it (on Debian or Ubuntu: sudo apt-get install {}) and try again.".format(package)


def quietly(command: "list[str]", waiting: str, problem: str) -> None:
    """Run a command without its output: one line now and then while it works, its last lines when it fails."""
    with tempfile.TemporaryFile(mode="w+", errors="replace") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, preexec_fn=end_with_parent
        )
        try:
            while process.poll() is None:
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    say("  … {} ({:.0f} s)".format(waiting, time.monotonic() - started))
        finally:
            if process.poll() is None:
                process.kill()
        if process.returncode == 0:
            return
        output.seek(0)
        lines = [line.rstrip() for line in output if line.strip()]
    for line in lines[-TAIL_LINES:]:
        say("  | " + line)
    if any(NO_SPACE in line for line in lines):
        problem = "The disk is full. Free some space and try again."
    raise Problem(problem)


def fingerprint(requirements: str) -> str:
    """Differs for other packages, and for another Python."""
    with open(os.path.join(ROOT, requirements), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return "{}.{} {}\n".format(sys.version_info[0], sys.version_info[1], digest)


def stamp_of(requirements: str) -> str:
    return os.path.join(VENV, "installed-" + requirements)


def is_installed(requirements: str) -> bool:
    wanted = {stamp_of(requirements): fingerprint(requirements), stamp_of("django"): DJANGO}
    return all(written(stamp) == value for stamp, value in wanted.items()) and os.access(PYTHON, os.X_OK)


def written(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def make_venv() -> None:
    """A virtual environment of this Python. Where ensurepip is missing, as on Debian, the system's pip is used."""
    if not has_module("venv"):
        raise Problem("This Python has no venv module. " + install_hint("python3-venv"))
    without_pip = not has_module("ensurepip")
    if without_pip and not has_module("pip"):
        raise Problem("This Python has neither ensurepip nor pip. " + install_hint("python3-venv"))
    say("Making a virtual environment in .venv")
    command = [sys.executable, "-m", "venv", "--clear"] + (["--without-pip"] if without_pip else []) + [VENV]
    quietly(command, "still working", "The virtual environment could not be made in {}.".format(ROOT))


def venv_fits() -> bool:
    """Whether the Python in .venv runs and has the same version as this one."""
    script = "import sys; print(sys.version_info[:2] == {})".format(tuple(sys.version_info[:2]))
    try:
        return subprocess.check_output([PYTHON, "-c", script], stderr=subprocess.DEVNULL).strip() == b"True"
    except (OSError, subprocess.CalledProcessError):
        return False


def pip() -> "list[str]":
    """The command line of a pip that installs into .venv."""
    has_own = subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    if has_own:
        return [PYTHON, "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", PYTHON]


def install(requirements: str) -> None:
    """Install `requirements` into .venv unless they are there, each package checked against its pinned hash."""
    if is_installed(requirements):
        return
    if not os.access(ROOT, os.W_OK):
        raise Problem("The folder {} can't be written to. Copy the site to a folder of your own.".format(ROOT))
    if not venv_fits():
        make_venv()
    say("Installing the pinned packages of {} (a minute or two, once)".format(requirements))
    for name in ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME"):
        os.environ.pop(name, None)
    pip_install("The packages", "--require-hashes", "-r", os.path.join(ROOT, requirements))
    if DJANGO:
        pip_install("Django " + DJANGO, "--upgrade", "Django=={}.*".format(DJANGO))
    for stamp, value in ((stamp_of("django"), DJANGO), (stamp_of(requirements), fingerprint(requirements))):
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(value)


def pip_install(what: str, *arguments: str) -> None:
    options = ["install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-user"]
    problem = "{} could not be installed. Is this machine online? Then try again.".format(what)
    quietly(pip() + options + list(arguments), "still installing", problem)


def has_chromium() -> bool:
    return os.access(CHROMIUM, os.X_OK)


def nginx_program() -> str:
    """The path of nginx; empty when there is none. Debian keeps it out of the PATH of ordinary users."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or ""


def redis_program() -> str:
    """The path of Redis's server, which must be started under the name redis-server; empty when there is none."""
    return shutil.which("redis-server") or shutil.which("redis-check-rdb") or ""


def postgres_programs() -> str:
    """The folder that holds PostgreSQL's initdb and server; empty when there is none."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)  # Debian keeps them out of the PATH
    folders += [os.path.dirname(found) for found in [shutil.which("initdb")] if found]
    for folder in folders:
        if all(os.access(os.path.join(folder, name), os.X_OK) for name in ("initdb", "postgres")):
            return folder
    return ""


def install_chromium() -> None:
    """The browser for the tests. Only the system's package manager installs it with all that it needs."""
    needed = "The browser tests need Chromium at {}.".format(CHROMIUM)
    install_package("chromium-headless-shell", has_chromium, "Chromium for the browser tests", needed)


def install_nginx() -> None:
    """The proxy behind which the tests in production mode run: a process of their own, with files of its own."""
    install_package("nginx-light", nginx_program, "nginx for the tests", "The tests behind a proxy need nginx.")


def install_redis() -> None:
    """The cache that the tests kill. In Debian, the server is in this package too, which starts no service."""
    install_package("redis-tools", redis_program, "Redis for the tests", "The tests of a cache that dies need Redis.")


def install_postgres() -> None:
    """The server that `make test DATABASE=postgres` starts for itself, and the driver."""
    needed = "The tests on PostgreSQL need its server."
    install_package("postgresql", postgres_programs, "PostgreSQL for the tests", needed)
    install("requirements-postgres.txt")


def install_package(package: str, is_there: "Callable[[], object]", what: str, needed: str) -> None:
    """A package of the system, unless it is there."""
    if is_there():
        return
    by_hand = "{} {}".format(needed, install_hint(package))
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if not shutil.which("apt-get") or (sudo and not shutil.which("sudo")):
        raise Problem(by_hand)
    say("Installing {} (a minute or two, once)".format(what))
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]
    quietly([*apt, "update"], "still looking", by_hand)
    quietly([*apt, "install", "--yes", "--no-install-recommends", package], "still installing", by_hand)
    if not is_there():
        raise Problem(by_hand)


def run() -> None:
    """Install and prepare everything, then replace this process by the site."""
    install("requirements.txt")
    manage = os.path.join(ROOT, "manage.py")
    status = subprocess.Popen([PYTHON, manage, "prepare", "--unless-running"], preexec_fn=end_with_parent).wait()
    if status:
        sys.exit(status)
    os.execv(PYTHON, [PYTHON, manage, "serve"])


def s3() -> None:
    """The bucket that `make test MEDIA=s3` starts for itself."""
    install("requirements-s3.txt")


def packages() -> None:
    """What the site needs to run with its settings: install.sh does the rest."""
    install("requirements.txt")
    for requirements, names in FOR_SETTINGS.items():
        if any(os.environ.get(name) or os.environ.get(name + "_FILE") for name in names):
            install(requirements)


def release() -> None:
    """What packing a version needs, beside what the checks do."""
    install("requirements-release.txt")


def dev() -> None:
    """What the checks and tests need."""
    install("requirements-dev.txt")


COMMANDS = {
    "run": run,
    "packages": packages,
    "dev": dev,
    "release": release,
    "chromium": install_chromium,
    "nginx": install_nginx,
    "redis": install_redis,
    "postgres": install_postgres,
    "s3": s3,
}


def main(arguments: "list[str]") -> int:
    problem = version_problem(sys.version_info[:2])
    if not problem and (len(arguments) != 1 or arguments[0] not in COMMANDS):
        problem = "Use one of: {}.".format(", ".join(COMMANDS))
    try:
        if problem:
            raise Problem(problem)
        end_with_parent()
        COMMANDS[arguments[0]]()
    except Problem as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        advice = "Free some space, or copy the site to a folder that you may write to."
        print("{}. {}".format(error, advice), file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
