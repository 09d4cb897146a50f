"""What both kinds of database server have in common here."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from django.db import connection

Read = Callable[..., list[tuple[Any, ...]]]  # read(sql, *values), with %s for each value
REQUESTS = "education_consultationrequest"
MOVE_AWAY = "Move that folder away, or set CLINIC_DATA_DIR to a new one."


class BackupRefused(Exception):
    """Why no backup was made, or why one can't be used. The message may be shown to the operator."""


class Server(Protocol):
    """What `sqlite.py` and `postgresql.py` have for backups and restores. A copy is called FILE."""

    SERVER: str
    FILE: str

    def missing_programs(self) -> str: ...

    def copied(self, folder: Path) -> AbstractContextManager[Read]: ...

    def opened(self, folder: Path) -> AbstractContextManager[Read]: ...

    def working_on(self, folder: Path) -> AbstractContextManager[None]: ...

    def require_unused(self) -> None: ...

    def erased(self) -> dict[str, date]: ...

    def install(self, folder: Path) -> None: ...

    def discard(self, folder: Path) -> None: ...


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
        cursor.execute(sql, values or None)  # type: ignore[arg-type]
        return list(cursor.fetchall())
