"""What SQLite and PostgreSQL say in different words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


def drop_triggers(table: str) -> None:
    """Without them its rows can be changed, as by somebody who has the database in hand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or this table would still be waiting for its checks
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for verb in ("update", "delete", "replace", "truncate"):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")


def defer_foreign_keys() -> None:
    """To the end of the transaction, which is PostgreSQL's habit anyway."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA defer_foreign_keys = ON")


@contextmanager
def read_only() -> Iterator[None]:
    """The database refuses to write, and takes it up again afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("SET LOCAL transaction_read_only = on")
        try:
            yield
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA query_only = OFF")
            transaction.set_rollback(True)  # with it PostgreSQL leaves the mode
