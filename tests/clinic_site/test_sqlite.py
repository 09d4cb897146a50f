"""A disk that could only be read for a while leaves nothing behind that only reads."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from clinic_site.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db
INSERT = "INSERT INTO word VALUES ('a')"


def may_be_written(file: Path, yes: bool) -> None:
    """Byte 18 of an SQLite file says which writers understand it: with 3 it is read-only, for root too."""
    content = bytearray(file.read_bytes())
    content[18] = 2 if yes else 3
    file.write_bytes(content)


def test_a_connection_made_while_nothing_could_be_written_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "words.sqlite3"
    given: dict[str, Any] = {**settings.DATABASES["default"], "NAME": file, "TIME_ZONE": None, "AUTOCOMMIT": True}
    connection = DatabaseWrapper(given)
    connection.cursor().execute("CREATE TABLE word (word TEXT)")
    connection.close()
    may_be_written(file, False)
    with pytest.raises(OperationalError, match="readonly"):
        connection.cursor().execute(INSERT)
    may_be_written(file, True)
    connection.close_if_unusable_or_obsolete()  # as Django does around each request
    connection.cursor().execute(INSERT)
    connection.close()
