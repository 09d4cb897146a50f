"""PostgreSQL: a copy is a file of `pg_dump`. To be read, it is restored into a database of its own on that server."""

import os
import shutil
import subprocess  # nosec B404
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from education.health.databases.base import REQUESTS, BackupRefused, Read, read_by_django, working_as

SERVER, FILE = "PostgreSQL", "clinic.pgdump"
NAME = "database.txt"  # beside an unpacked copy: the name of the database that it was restored into
MAINTENANCE = "postgres"  # the database from which others are made, renamed and deleted
REPLACED = "_replaced"
DEBIAN = Path("/usr/lib/postgresql")
# Of an address, what PostgreSQL's own programs understand too, whatever their version.
CONNECTION = ("service", "host", "port", "dbname", "user", "sslmode", "sslrootcert", "sslcert", "sslkey", "options")
MAY_NOT_CREATE = (
    "A restore and a drill need a database of their own, and the user of DATABASE_URL may not make one. "
    'As PostgreSQL\'s administrator run: ALTER ROLE "{user}" CREATEDB'
)


def missing_programs() -> str:
    """What has to be installed for backups; empty when it is there."""
    if _program("pg_dump") and _program("pg_restore"):
        return ""
    return "pg_dump is missing, so no backup can be made. Run: apt install postgresql-client"


@contextmanager
def copied(folder: Path) -> Iterator[Read]:
    """A consistent copy in this folder, made while others read and write. Yields a way to read what it holds."""
    (folder / FILE).touch(mode=0o600)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        ((snapshot,),) = read_by_django("SELECT pg_export_snapshot()")
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={folder / FILE}")
        _run("pg_restore", "--file=/dev/null", str(folder / FILE), connects=False)  # whole, and can be read
        yield read_by_django


@contextmanager
def opened(folder: Path) -> Iterator[Read]:
    """Yields a way to read the copy in this folder."""
    if not (folder / NAME).exists():
        _unpack(folder)
    with working_on(folder):
        yield read_by_django


def working_on(folder: Path) -> AbstractContextManager[None]:
    """In this block, Django works on the copy in this folder."""
    return working_as((folder / NAME).read_text())


def require_unused() -> None:
    """Raise BackupRefused if the site's database holds requests or what is not this site's, or is in use."""
    require_own()
    there = REQUESTS in connection.introspection.table_names()
    if there and read_by_django(f"SELECT 1 FROM {REQUESTS} LIMIT 1"):  # noqa: S608  # nosec B608  our own name
        name = connection.settings_dict["NAME"]
        raise BackupRefused(f"The database {name} already holds a site with requests. Make an empty one.")
    connection.close()


def require_own() -> None:
    """Raise BackupRefused if the site's database holds what is not this site's, or somebody else is connected to it."""
    name = connection.settings_dict["NAME"]
    others = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND usename IS NOT NULL AND pid <> pg_backend_pid()"
    if read_by_django(others, name):
        raise BackupRefused(f"Somebody is connected to the database {name}. End the site, on every machine, first.")
    foreign = [
        table for table in sorted(connection.introspection.table_names()) if not table.startswith(own_prefixes())
    ]
    if foreign:
        raise BackupRefused(f"The database {name} holds what is not this site's ({foreign[0]}). Name an empty one.")


def own_prefixes() -> tuple[str, ...]:
    """How the names of this site's tables begin."""
    return ("django_", *(f"{app.label}_" for app in apps.get_app_configs()))


def erased() -> dict[str, date]:
    """What was erased of the database that is to be replaced, and when."""
    if "education_erasure" not in connection.introspection.table_names():
        return {}
    return dict(read_by_django("SELECT reference, erased_on FROM education_erasure"))


def install(folder: Path) -> None:
    """Put the copy in this folder in the place of the database. Done before, there is nothing to do."""
    own, new = connection.settings_dict["NAME"], (folder / NAME).read_text()
    with working_as(MAINTENANCE):
        if read_by_django("SELECT 1 FROM pg_database WHERE datname = %s", new):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"ALTER DATABASE {_quoted(own)} RENAME TO {_quoted(own + REPLACED)}")
                cursor.execute(f"ALTER DATABASE {_quoted(new)} RENAME TO {_quoted(own)}")
        _drop(own + REPLACED)


def discard(folder: Path) -> None:
    """Delete the database that the copy in this folder was restored into."""
    if (folder / NAME).exists():
        with working_as(MAINTENANCE):
            _drop((folder / NAME).read_text())


def _unpack(folder: Path) -> None:
    own = connection.settings_dict["NAME"]
    name = f"{own}_{folder.name.strip('.')}"[:60]
    like = "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"
    ((collate, ctype),) = read_by_django(like)
    (folder / NAME).write_text(name)  # before it is made: whoever finds the folder knows what to delete
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE DATABASE {_quoted(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE %s LC_CTYPE %s",
                [collate, ctype],
            )
    except DatabaseError as error:
        if "permission denied" not in str(error):
            raise
        raise BackupRefused(MAY_NOT_CREATE.format(user=connection.settings_dict["USER"])) from None
    plain = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", *plain, str(folder / FILE), database=name)


def _drop(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)}")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _program(name: str) -> str:
    """The path of this program of PostgreSQL, empty if there is none. Debian keeps those of the newest version out of
    the PATH.
    """
    versions = {int(path.parent.parent.name): str(path) for path in DEBIAN.glob(f"[0-9]*/bin/{name}")}
    return versions[max(versions)] if versions else shutil.which(name) or ""


def _run(name: str, *words: str, database: str = "", connects: bool = True) -> None:
    """Run one of PostgreSQL's programs. The password goes to it in its environment, where nobody else can read it."""
    if problem := missing_programs():
        raise BackupRefused(problem)
    said = connection.get_connection_params() | ({"dbname": database} if database else {})
    parameters = {name: said[name] for name in CONNECTION if said.get(name)}
    psycopg: Any = connection.Database  # type: ignore[attr-defined]
    to = psycopg.conninfo.make_conninfo(**parameters)
    server = ["--no-password", f"--dbname={to}"] if connects else []
    done = subprocess.run(  # noqa: S603  # nosec B603
        [_program(name), *server, *words],
        env={"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": str(said.get("password", ""))},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        found = [line for line in done.stderr.splitlines() if "error:" in line] or [f"exit code {done.returncode}"]
        raise BackupRefused(f"{name} failed: {found[0].partition('error:')[2].strip() or found[0]}")
