"""Whether a cached page is up to date: the changes that `education.pages` writes down, known to every worker."""

import asyncio
import logging
import sqlite3
from pathlib import Path
from typing import Any, Protocol

from clinic_site.edge.page_cache.page import CachedPage

log = logging.getLogger(__name__)
ALL_PAGES = "*"
ATTEMPTS = 20
Row = tuple[str, int, bool]
CHANGES_SINCE = "SELECT path, number, gone FROM education_pagechange WHERE number > %s ORDER BY number"
PUBLISHED_PATHS = "SELECT path FROM education_pageversion ORDER BY path LIMIT %s"


class ChangeLog:
    """The number of each page's last change, as one worker knows it."""

    def __init__(self) -> None:
        self.number = 0
        self.last_change: dict[str, int] = {}  # by path
        self.withdrawn: set[str] = set()
        self.newly_withdrawn: list[str] = []  # since these were last deleted from the cache
        self.epoch = 0  # grows when the database is replaced: numbers of the one before mean nothing any more
        self.database_down = True

    def restart(self, rows: list[Row], *, same_database: bool) -> None:
        self.last_change.clear()
        self.withdrawn.clear()
        self.number = 0
        self.epoch += not same_database
        self.apply(rows)
        self.database_down = False

    def apply(self, rows: list[Row]) -> None:
        """Take in rows of (path, number, whether the page is withdrawn), the lowest number first."""
        for path, number, withdrawn in rows:
            self.last_change[path] = self.number = number
            if withdrawn:
                self.withdrawn.add(path)
                self.newly_withdrawn.append(path)
            else:
                self.withdrawn.discard(path)

    def is_current(self, page: CachedPage) -> bool:
        """Whether `page` was rendered after the last change that concerns it."""
        return page.epoch == self.epoch and self.last_concerning(page) <= page.change <= self.number

    def may_show_outdated(self, page: CachedPage) -> bool:
        """Whether an old copy will do while no new one can be had: not where this page or one above it is withdrawn."""
        parts = page.path.split("/")
        return self.withdrawn.isdisjoint("/".join(parts[:length]) + "/" for length in range(2, len(parts)))

    def last_concerning(self, page: CachedPage) -> int:
        if page.names_others:
            return self.number
        last = self.last_change.get
        return max(last(page.path, 0), last(ALL_PAGES, 0), last(page.sibling_pattern, 0))


class ChangeWatcher(Protocol):
    """Keeps `changes` up to date. `refresh` never waits; `poll` is called ten times a second; `listen` goes on for as
    long as the process does, if there is something to listen to.
    """

    changes: ChangeLog

    def refresh(self) -> None: ...

    def refresh_once_a_turn(self) -> None:
        """Before a response from memory. All requests that the event loop found waiting when its turn began were sent
        before it asks: one answer does for them all.
        """

    async def poll(self) -> None: ...

    async def listen(self) -> None: ...

    async def catch_up(self) -> None:
        """Wait until `changes` holds all that was committed before this call."""

    async def be_sure(self) -> None:
        """Wait until `changes` is so recent that no other worker can have shown anything newer."""

    def may_show_now(self, page: CachedPage) -> bool:
        """Whether `changes` is recent enough, and the other workers know of the last change of this page."""

    async def until_others_know(self, page: CachedPage) -> None:
        """Wait until the other workers know of the last change that concerns this page."""

    async def published_paths(self, limit: int) -> list[str]: ...


class SQLiteWatcher:
    """Asks SQLite before each response whether anybody has written, which takes microseconds: no worker lags behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changes = ChangeLog()
        self.connection: sqlite3.Connection | None = None
        self.file: tuple[int, int] | None = None  # device and inode of the open database
        self.data_version = -1
        self.asked_this_turn = False

    def refresh(self) -> None:
        for _ in range(ATTEMPTS):
            if self.connection is None or self._refreshed():
                return

    def refresh_once_a_turn(self) -> None:
        if not self.asked_this_turn:
            self.refresh()
            self.asked_this_turn = True
            asyncio.get_running_loop().call_soon(self._end_turn)

    def _end_turn(self) -> None:
        self.asked_this_turn = False

    def _refreshed(self) -> bool:
        """False when SQLite was busy for a moment: with its own files, not with a long transaction."""
        try:
            ((version,),) = self._query("PRAGMA data_version")
            if version != self.data_version:
                self.changes.apply(self._query(CHANGES_SINCE, self.changes.number))
                self.data_version = version
        except sqlite3.Error as error:
            if _is_busy(error):
                return False
            self._mark_down(error)
        return True

    async def poll(self) -> None:
        """Notices that the file is gone, or is another one: it was moved, restored, or put back."""
        found = self._file_identity()
        if self.connection is not None and found == self.file:
            self.refresh()  # in case nobody has requested a page since
            return
        if found is None:
            self._mark_down(FileNotFoundError())
        else:
            self._open(found)

    async def listen(self) -> None:
        pass

    async def catch_up(self) -> None:
        self.refresh()

    async def be_sure(self) -> None:
        self.refresh()

    def may_show_now(self, page: CachedPage) -> bool:
        return True

    async def until_others_know(self, page: CachedPage) -> None:
        pass

    async def published_paths(self, limit: int) -> list[str]:
        try:
            return [path for (path,) in self._query(PUBLISHED_PATHS, limit)]
        except sqlite3.Error:
            return []

    def _query(self, sql: str, *values: object) -> list[Any]:
        if self.connection is None:
            raise sqlite3.OperationalError("not connected")
        return self.connection.execute(sql.replace("%s", "?"), values).fetchall()

    def _file_identity(self) -> tuple[int, int] | None:
        try:
            stat = self.path.stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino

    def _open(self, identity: tuple[int, int]) -> None:
        self._close()
        try:
            # Not mode=ro: the first to open must be able to make the shared-memory file beside the database.
            self.connection = sqlite3.connect(f"file:{self.path}?mode=rw", uri=True, timeout=0, isolation_level=None)
            self.connection.execute("PRAGMA query_only=ON")
            ((self.data_version,),) = self.connection.execute("PRAGMA data_version")
            self.changes.restart(self._query(CHANGES_SINCE, 0), same_database=identity == self.file)
            self.file = identity
        except sqlite3.Error as error:
            if not _is_busy(error):
                self._mark_down(error)
            self._close()

    def _mark_down(self, error: Exception) -> None:
        if not self.changes.database_down:
            log_database_down(error)
        self.changes.database_down = True
        self._close()

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def _is_busy(error: sqlite3.Error) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def log_database_down(error: Exception) -> None:
    log.error("the database is down (%s): the last good pages stay", type(error).__name__)
