"""Changes of pages on a database server: told by it at once, asked for ten times a second in case nobody is told.

Workers on several machines hear of a change some milliseconds apart, and yet nobody may get the older page after the
newer one. So a worker shows what it knows for SURE_SECONDS only, then it asks again; and what it has just heard of it
shows after SURE_SECONDS, when no other worker can still show what was there before. Nobody's clock has to be right.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from clinic_site.edge.page_cache.changes import (
    CHANGES_SINCE,
    PUBLISHED_PATHS,
    ChangeLog,
    Row,
    log_database_down,
)
from clinic_site.edge.page_cache.page import CachedPage

SURE_SECONDS = 0.15
PATIENCE = 2.0  # seconds for an answer: after that the database counts as down, and the last good pages stay
LISTEN_AGAIN_SECONDS = 2.0
LISTEN = "LISTEN education_pagechange"


class ListeningWatcher:
    """Queries run on one thread and a connection of their own; another connection listens."""

    def __init__(self) -> None:
        self.changes = ChangeLog()
        self.thread = ThreadPoolExecutor(1, "edge-changes")
        self.known_at = 0.0  # when the question was asked whose answer is known, as time.monotonic() counts
        self.heard_at: dict[int, float] = {}  # by number, of the last changes
        self.asking: asyncio.Task[None] | None = None

    def refresh(self) -> None:
        pass

    def refresh_once_a_turn(self) -> None:
        pass

    async def poll(self) -> None:
        """Joins a question that is being asked."""
        if self.asking is None or self.asking.done():
            self.asking = asyncio.get_running_loop().create_task(self._ask())
        done, _ = await asyncio.wait([self.asking], timeout=PATIENCE)
        if not done:
            self._mark_down(TimeoutError())

    async def listen(self) -> None:
        """Ask as soon as the server says that there is something. Cut off, it tries again; `poll` goes on meanwhile."""
        while True:
            try:
                await self._listen()
            except Exception:  # the driver has errors of its own; what matters is said by `poll`
                await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    async def catch_up(self) -> None:
        now = time.monotonic()
        while self.known_at < now and not self.changes.database_down:
            await self.poll()

    async def be_sure(self) -> None:
        if not self._is_sure():
            await self.catch_up()

    def may_show_now(self, page: CachedPage) -> bool:
        return self._is_sure() and not self._seconds_until_others_know(page)

    async def until_others_know(self, page: CachedPage) -> None:
        if seconds := self._seconds_until_others_know(page):
            await asyncio.sleep(seconds)

    async def published_paths(self, limit: int) -> list[str]:
        return [path for (path,) in await self._query(PUBLISHED_PATHS, limit)]

    def _is_sure(self) -> bool:
        return self.changes.database_down or time.monotonic() < self.known_at + SURE_SECONDS

    def _seconds_until_others_know(self, page: CachedPage) -> float:
        heard_at = self.heard_at.get(self.changes.last_concerning(page))
        return max(0.0, heard_at + SURE_SECONDS - time.monotonic()) if heard_at else 0.0

    async def _ask(self) -> None:
        was_down, asked_at = self.changes.database_down, time.monotonic()
        try:
            rows = await self._query(CHANGES_SINCE, 0 if was_down else self.changes.number)
        except Exception as error:
            self._mark_down(error)
            return
        self._note(rows, was_down=was_down)
        self.known_at = asked_at

    def _note(self, rows: list[Row], *, was_down: bool) -> None:
        before, now = self.changes.number, time.monotonic()
        if was_down:
            self.changes.restart(rows, same_database=True)
        else:
            self.changes.apply(rows)
        self.heard_at = {number: at for number, at in self.heard_at.items() if now < at + SURE_SECONDS}
        self.heard_at |= {number: now for _, number, _ in rows if number > before}

    def _mark_down(self, error: Exception) -> None:
        if not self.changes.database_down:
            log_database_down(error)
        self.changes.database_down = True

    async def _query(self, sql: str, *values: int) -> list[Any]:
        return await asyncio.get_running_loop().run_in_executor(self.thread, _query_django, sql, *values)

    async def _listen(self) -> None:
        psycopg: Any = connection.Database  # type: ignore[attr-defined]
        address = await asyncio.get_running_loop().run_in_executor(self.thread, _address)
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as listening:
            await listening.execute(LISTEN)
            await self.poll()  # what was told before it listened
            async for _ in listening.notifies():
                await self.poll()


def _query_django(sql: str, *values: int) -> list[Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    except Exception:
        connection.close()  # the next query gets a new connection
        raise


def _address() -> str:
    """The address of the connection on which this thread asks."""
    connection.ensure_connection()
    info = connection.connection.info
    psycopg: Any = connection.Database  # type: ignore[attr-defined]
    return str(psycopg.conninfo.make_conninfo(**info.get_parameters(), password=info.password))
