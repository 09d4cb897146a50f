"""Django's SQLite, for connections that are kept open, with a file that only this user can read."""

import os
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.sqlite3 import base, features

LOST = "There is no database in {folder}, although {found} shows that a site was here."


class DatabaseFeatures(features.DatabaseFeatures):
    # Django's checks would ask the database, and so make one wherever a command is run, also in a wrong folder.
    supports_json_field = True


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """A site asks the same few hundred questions, and its pages ask dozens."""
        return super().convert_query(query, param_names=param_names) if param_names else _with_question_marks(query)


@lru_cache(maxsize=500)
def _with_question_marks(query: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", query)).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def is_usable(self) -> bool:
        """Called after an error. Never: a connection that was opened while the disk was read-only stays read-only."""
        return False

    def commit(self) -> None:
        """Django would forget the error here, and keep a connection that can never write again."""
        errors_occurred = self.errors_occurred
        super().commit()
        self.errors_occurred = errors_occurred

    def rollback(self) -> None:
        """As `commit`: a transaction can be rolled back on a connection that only reads."""
        errors_occurred = self.errors_occurred
        super().rollback()
        self.errors_occurred = errors_occurred

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        name = str(conn_params["database"])
        if not self.is_in_memory_db() and not name.startswith("file:"):
            _make_file(Path(name))
        return super().get_new_connection(conn_params)


def _make_file(path: Path) -> None:
    """SQLite would make a file that every user of this machine can read, and make it where one was lost."""
    if path.exists() or not path.parent.is_dir():
        return
    if path.parent == settings.DATA_DIR and (found := next(_remains(path), None)):
        raise sqlite3.OperationalError(LOST.format(folder=path.parent, found=found))
    os.close(os.open(path, os.O_CREAT, 0o600))


def _remains(path: Path) -> Iterator[Path]:
    """What only a site leaves that has had a database."""
    yield from path.parent.glob("moved-to-*.sqlite3")  # by manage.py move_database
    yield from path.parent.glob(f"{path.name}-wal")
    yield from Path(settings.SEAL_KEY_DIR).glob("audit_key")
    yield from Path(settings.BACKUP_DIR).glob("*")
    yield from (file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file())
