"""Whether a copy of a page is still true: the changes that `education.pages` writes down, known to every worker."""

import asyncio
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from django.db import connection

from clinic_site.edge.page_cache.page import Page

log = logging.getLogger(__name__)
EVERY = "*"
ATTEMPTS = 20
Row = tuple[str, int, bool]
SINCE = "SELECT path, number, gone FROM education_pagechange WHERE number > %s ORDER BY number"
PUBLISHED = "SELECT path FROM education_pageversion ORDER BY path LIMIT %s"


class Changes:
    """The number of each page's last change. `away`: the database does not answer, and what we know stands."""

    def __init__(self) -> None:
        self.number = 0
        self.last: dict[str, int] = {}
        self.gone: set[str] = set()
        self.taken_back: list[str] = []  # since somebody has last looked here
        self.era = 0  # another database came: what we know of the one before says nothing about it
        self.away = True

    def begin(self, rows: list[Row], *, same: bool) -> None:
        self.last.clear()
        self.gone.clear()
        self.number = 0
        self.era += not same
        self.note(rows)
        self.away = False

    def note(self, rows: list[Row]) -> None:
        for path, number, gone in rows:
            self.last[path] = self.number = number
            if gone:
                self.gone.add(path)
                self.taken_back.append(path)
            else:
                self.gone.discard(path)

    def knows(self, page: Page) -> bool:
        """Whether `page` was made after the last change that concerns it."""
        return page.era == self.era and self._latest(page) <= page.seen <= self.number

    def may_show(self, page: Page) -> bool:
        """Whether an old copy will do while nobody can draw a new one: not of what was taken back, or below it."""
        parts = page.path.split("/")
        return self.gone.isdisjoint("/".join(parts[:length]) + "/" for length in range(2, len(parts)))

    def _latest(self, page: Page) -> int:
        if page.names_others:
            return self.number
        last = self.last.get
        return max(last(page.path, 0), last(EVERY, 0), last(page.shelf, 0))


class Watch(Protocol):
    """Keeps `changes` up to date. `look` is called before each answer, `tick` five times a second."""

    changes: Changes

    def look(self) -> None: ...

    async def tick(self) -> None: ...

    async def published(self, most: int) -> list[str]: ...


class SQLiteWatch:
    """Asks SQLite before each answer whether anybody has written: a few microseconds, and no worker is ever late."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changes = Changes()
        self.connection: sqlite3.Connection | None = None
        self.file: tuple[int, int] | None = None
        self.version = -1

    def look(self) -> None:
        for _ in range(ATTEMPTS):
            if self.connection is None or self._looked():
                return

    def _looked(self) -> bool:
        """False when SQLite was busy for a moment: with its own files, not with a long transaction."""
        try:
            ((version,),) = self._ask("PRAGMA data_version")
            if version != self.version:
                self.changes.note(self._ask(SINCE, self.changes.number))
                self.version = version
        except sqlite3.Error as error:
            if is_busy(error):
                return False
            self._lose(error)
        return True

    async def tick(self) -> None:
        """Notices that the file is gone, or another one: it was moved, restored, or put back."""
        found = self._identity()
        if self.connection is not None and found == self.file:
            self.look()  # nobody may have asked for a page meanwhile
            return
        if found is None:
            self._lose(FileNotFoundError())
        else:
            self._open(found)

    async def published(self, most: int) -> list[str]:
        try:
            return [path for (path,) in self._ask(PUBLISHED, most)]
        except sqlite3.Error:
            return []

    def _ask(self, question: str, *values: object) -> list[Any]:
        if self.connection is None:
            raise sqlite3.OperationalError("not connected")
        return self.connection.execute(question.replace("%s", "?"), values).fetchall()

    def _identity(self) -> tuple[int, int] | None:
        try:
            stat = self.path.stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino

    def _open(self, found: tuple[int, int]) -> None:
        self._close()
        try:
            # Not mode=ro: the first to open must be able to make the shared memory beside the file.
            self.connection = sqlite3.connect(f"file:{self.path}?mode=rw", uri=True, timeout=0, isolation_level=None)
            self.connection.execute("PRAGMA query_only=ON")
            ((self.version,),) = self.connection.execute("PRAGMA data_version")
            self.changes.begin(self._ask(SINCE, 0), same=found == self.file)
            self.file = found
        except sqlite3.Error as error:
            if not is_busy(error):
                self._lose(error)
            self._close()

    def _lose(self, error: Exception) -> None:
        if not self.changes.away:
            log.error("the database is away (%s): the last good pages stay", type(error).__name__)
        self.changes.away = True
        self._close()

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def is_busy(error: sqlite3.Error) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class ServerWatch:
    """Any other database: one question, five times a second, on a thread and a connection of its own."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.thread = ThreadPoolExecutor(1, "edge-watch")

    def look(self) -> None:
        pass

    async def tick(self) -> None:
        away = self.changes.away
        try:
            rows = await self._ask(SINCE, 0 if away else self.changes.number)
        except Exception as error:
            if not away:
                log.error("the database is away (%s): the last good pages stay", type(error).__name__)
            self.changes.away = True
            return
        if away:
            self.changes.begin(rows, same=True)
        else:
            self.changes.note(rows)

    async def published(self, most: int) -> list[str]:
        return [path for (path,) in await self._ask(PUBLISHED, most)]

    async def _ask(self, question: str, *values: int) -> list[Any]:
        return await asyncio.get_running_loop().run_in_executor(self.thread, ask, question, *values)


def ask(question: str, *values: int) -> list[Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(question, values)
            return list(cursor.fetchall())
    except Exception:
        connection.close()  # the next question gets a new one
        raise
