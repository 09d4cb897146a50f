"""Errors of the system and the database in one line that says what to do: no command ends in a traceback."""

import errno
import os
import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from education.core.disk import NO_SPACE

NO_ACCESS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.EISDIR)

LOST_DATABASE = (
    "Put the file back, or run: manage.py restore FILE. If it was moved to PostgreSQL, set DATABASE_URL. A new site "
    "needs an empty folder: CLINIC_DATA_DIR."
)
DAMAGED = "How to put it aside and restore a backup: “The database is damaged” in clinic_site/deploy/troubles.md."


def explain(error: OSError | DatabaseError | sqlite3.Error) -> str:
    """The error in one line for the operator."""
    return _system(error) if isinstance(error, OSError) else _database(error)


def disk_full() -> str:
    return f"The disk is full. Free some space for {settings.DATA_DIR} and try again."


def not_writable(folder: Path | str) -> str:
    return f"{folder} can't be written to. Give this user the right to, or set CLINIC_DATA_DIR to another folder."


def _system(error: OSError) -> str:
    if error.errno in NO_SPACE:
        return disk_full()
    if error.errno in NO_ACCESS:
        return not_writable(error.filename or settings.DATA_DIR)
    return f"The system refused: {error.strerror or error}. The data folder is {settings.DATA_DIR}."


def _has_no_database() -> bool:
    return not Path(settings.DATABASES["default"]["NAME"]).exists()


def _of_the_file(words: str, first: str) -> str:
    if "image is malformed" in words or "file is not a database" in words:
        return f"The database file in {settings.DATA_DIR} is damaged ({first}). {DAMAGED}"
    if "full" in words or "disk i/o" in words:
        return disk_full()
    if "locked" in words or "busy" in words:
        return "The database is locked by another program. Close what has it open, then try again."
    return ""


def _database(error: DatabaseError | sqlite3.Error) -> str:
    words = str(error).lower()
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    if "a site was here" in words:
        return f"{error} {LOST_DATABASE}"
    if line := _of_the_file(words, first):
        return line
    if "unable to open" in words and os.access(settings.DATA_DIR, os.W_OK) and _has_no_database():
        return f"There is no site in {settings.DATA_DIR}. Set CLINIC_DATA_DIR to its folder, or run: manage.py migrate"
    if "read-only transaction" in words:
        return "The database server only lets itself be read. Point DATABASE_URL at the one that takes writes."
    if "readonly" in words or "unable to open" in words:
        return not_writable(settings.DATA_DIR)
    if "no such table" in words or "does not exist" in words:
        return "The database is not set up yet. Run: manage.py migrate"
    return f"The database does not answer ({first}). Check DATABASE_URL, or the file in {settings.DATA_DIR}."
