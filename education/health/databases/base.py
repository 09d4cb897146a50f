"""What both kinds of database server have in common here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

Read = Callable[..., list[tuple[Any, ...]]]  # read(sql, *values), with %s for each value
REQUESTS = "education_consultationrequest"
MOVE_AWAY = "Move that folder away, or set CLINIC_DATA_DIR to a new one."


class BackupRefused(Exception):
    """Why no backup was made, or why one can't be used. The message may be shown to the operator."""


@contextmanager
def working_as(name: str) -> Iterator[None]:
    """In this block, Django works on another database of the same server. At its end nothing has it open any more."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def read_by_django(sql: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())
