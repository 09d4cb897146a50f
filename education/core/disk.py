"""What stays on the disk, and what must be gone from it: whole files, locked folders, deleted rows."""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import OperationalError, connection, transaction

PATIENCE_MS = 250  # while this waits for readers, nobody else can write
NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FULL = "the server’s disk is full. Tell whoever looks after the server, who has to free some space"
NOT_ALLOWED = (
    "the site may not write into its own folder. Tell whoever looks after the server, who has to run “manage.py doctor”"
)
AWAY = "it can’t be written down just now. Wait a minute; if that does not help, tell whoever looks after the server"


class NotStored(Exception):
    """Nothing of what was sent could be stored. The message tells whoever sent it why and what to do."""

    def __init__(self, error: OSError | OperationalError, *, again: str = "save again", is_file: bool = False) -> None:
        number = error.errno if isinstance(error, OSError) else None
        why = FULL if number in NO_SPACE or "full" in str(error).lower() else NOT_ALLOWED if number else AWAY
        super().__init__(f"Nothing was saved: {why}. Then {again}.")
        self.is_file = is_file  # it belongs beside the field with the file


def replace_file(path: Path, content: bytes) -> None:
    """Write the whole file or none of it, readable by this user only. Its folder must be there."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a lost disk may keep what was sealed with a key, and not the key's name
    finally:
        os.close(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """In this block, be the only process that holds the folder's lock; the others wait. The lock ends with the process,
    however it ends.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def empty_write_ahead_log() -> bool:
    """Move the write-ahead log into the database and empty it: until then deleted data are still on the disk.

    False when a long reader was in the way; the worker tries again.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, _, _) = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")
    return not busy


def empty_write_ahead_log_on_commit() -> None:
    """Once this transaction, which deleted something, is committed, empty SQLite's log. An error undoes nothing."""
    transaction.on_commit(empty_write_ahead_log, robust=True)
