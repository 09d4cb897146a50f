"""SQLite: a copy is a file like the database itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from education.health.databases.base import MOVE_AWAY, REQUESTS, BackupRefused, Read, working_as

SERVER, FILE = "SQLite", "clinic.sqlite3"


def missing_programs() -> str:
    return ""


@contextmanager
def copied(folder: Path) -> Iterator[Read]:
    """A consistent copy in this folder, made while others read and write. It holds nothing of what was deleted before.
    Yields a way to read it. Raises BackupRefused for a damaged database.
    """
    (folder / FILE).touch(mode=0o600)
    with closing(sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True)) as database:
        database.execute("VACUUM INTO ?", [str(folder / FILE)])
    with opened(folder) as read:
        yield read


@contextmanager
def opened(folder: Path) -> Iterator[Read]:
    """Yields a way to read the copy in this folder. Raises BackupRefused for a damaged one."""
    with closing(sqlite3.connect(folder / FILE)) as database:

        def read(sql: str, *values: object) -> list[tuple[Any, ...]]:
            return database.execute(sql.replace("%s", "?"), values).fetchall()

        if read("PRAGMA integrity_check") != [("ok",)]:
            raise BackupRefused("The database file is damaged.")
        yield read


def working_on(folder: Path) -> AbstractContextManager[None]:
    """In this block, Django works on the copy in this folder. At its end the file is whole, without a log."""
    return working_as(str(folder / FILE))


def require_unused() -> None:
    """Raise BackupRefused if the site's database holds requests, can't be read, or is open in another process."""
    path = Path(settings.DATA_DIR) / FILE
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=1)) as database:
            database.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else has it open
            (count,) = database.execute(f"SELECT count(*) FROM {REQUESTS}").fetchone()  # noqa: S608  # nosec B608
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise BackupRefused(f"The site on {path.parent} is running. End it first.") from None
        if "no such table" not in str(error):
            raise BackupRefused(f"{path.parent} already holds a database, which can't be read. {MOVE_AWAY}") from None
        count = 0
    if count:
        raise BackupRefused(f"{path.parent} already holds a site with requests. {MOVE_AWAY}")


def erased() -> dict[str, date]:
    """What was erased of the database that is to be replaced, and when."""
    path = Path(settings.DATA_DIR) / FILE
    if not path.exists():
        return {}
    try:
        with closing(sqlite3.connect(path)) as database:
            rows = database.execute("SELECT reference, erased_on FROM education_erasure").fetchall()
    except sqlite3.DatabaseError:  # it has no such table yet
        rows = []
    return {reference: date.fromisoformat(day) for reference, day in rows}


def install(folder: Path) -> None:
    """Put the copy in this folder in the place of the database. Done before, there is nothing to do."""
    data = Path(settings.DATA_DIR)
    if (folder / FILE).exists():
        for leftover in (f"{FILE}-wal", f"{FILE}-shm"):
            (data / leftover).unlink(missing_ok=True)
        (folder / FILE).replace(data / FILE)


def discard(folder: Path) -> None:
    """Nothing to do: a copy is nowhere but in its folder."""
