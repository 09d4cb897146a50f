"""What SQLite needs so that deleted data are gone from the disk."""

from django.db import connection, transaction

PATIENCE_MS = 250  # while this waits for readers, nobody else can write


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
    """After this transaction, which deleted something. It is done by then: an error here does not undo it."""
    transaction.on_commit(empty_write_ahead_log, robust=True)
