"""Databases on the server of this run, and a site to put into one."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.server import ROOT, TIMEOUT, Launcher, copied, environment, manage

NewDatabase = Callable[..., str]
SENDS = """
from tests.consultations import asking
from education.consultations.upkeep import ingest
for name in {names}:
    asking.request(name, full_name=name, email=f"{{name.lower()}}@example.org", main_reason="x" * 3000)
ingest.ingest_new()
"""
ERASES = """
from tests import cast
from education.accounts.models import User
from education.consultations.models import ConsultationRequest
from education.consultations.disclosure import actions
mona = User.objects.filter(username="mona").first() or cast.staff("mona", "manager", "intake")
actions.erase_person(ConsultationRequest.objects.order_by("-id")[:1], by=mona)
"""
OPENS = """
from education.accounts.models import User
from education.consultations.models import ConsultationRequest
from education.consultations.triage.record import open_for
mona = User.objects.get(username="mona")
for row in ConsultationRequest.objects.exclude(key_id="").order_by("id"):
    print(row.pk, open_for(row, by=mona).answers["full_name"])
"""
# The command ends itself where the function of this module is called for the given time, or when it is done.
KILLED = """
import os, signal
from django.core.management import call_command
from {module} import {name} as own
import {module} as module
calls = []
def kill(*args, **options):
    calls.append(1)
    if len(calls) == {time}:
        os.kill(os.getpid(), signal.SIGKILL)
    return own(*args, **options)
module.{name} = kill
call_command({command})
"""


def execute(sql: str, *, database: str = "") -> list[tuple[Any, ...]]:
    """On a connection of its own, outside any transaction of a test."""
    psycopg = connection.Database
    parameters = {**connection.get_connection_params(), "dbname": database or "postgres"}
    plain = {name: parameters[name] for name in ("dbname", "host", "port", "user", "password") if parameters.get(name)}
    with psycopg.connect(**plain, autocommit=True) as own:
        done = own.execute(sql)
        return list(done.fetchall()) if done.description else []


@pytest.fixture
def new_database() -> Iterator[NewDatabase]:
    """Makes an empty database, or a copy of another; returns its DATABASE_URL."""
    made: list[str] = []

    def make(like: str = "template1") -> str:
        made.append(f"own_{secrets.token_hex(4)}")
        execute(f"CREATE DATABASE {made[-1]} TEMPLATE {like}")
        return address_of(made[-1])

    yield make
    for name in made:
        execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def made_once(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What `prepare` makes of an empty data folder and an empty database. To be copied, not used."""
    folder, name = tmp_path_factory.mktemp("prepared") / "data", f"prepared_{secrets.token_hex(4)}"
    execute(f"CREATE DATABASE {name}")
    manage(folder, "prepare", DATABASE_URL=address_of(name))
    return folder, name


@pytest.fixture
def site(made_once: tuple[Path, str], new_database: NewDatabase, tmp_path: Path) -> tuple[Path, str]:
    """The data folder of a site that is ready to start, and its DATABASE_URL."""
    folder, name = made_once
    return copied(folder, tmp_path / "site"), new_database(name)


@pytest.fixture
def data_dir(prepared: Path, tmp_path: Path) -> Path:
    return copied(prepared, tmp_path / "data")


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path)
    yield launcher
    launcher.end_all()


def address_of(name: str) -> str:
    return f"{os.environ['TEST_DATABASE_URL'].rpartition('/')[0]}/{name}"


def name_of(address: str) -> str:
    return address.rpartition("/")[2]


def python(data_dir: Path, code: str, *, killed: bool = False, **settings: str) -> str:
    """Run code on this site; what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code], cwd=ROOT, stdin=subprocess.DEVNULL,
        env=environment(data_dir, 8000, **settings), capture_output=True, text=True, timeout=TIMEOUT,
    )  # fmt: skip
    assert done.returncode == (-9 if killed else 0), done.stdout + done.stderr
    return done.stdout
