"""Draws what is published before anybody asks, so that every page outlives the database. One worker does it for all."""

import asyncio
import fcntl
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from clinic_site.edge.page_cache.lookup import Pages
from clinic_site.edge.responses import Scope

log = logging.getLogger(__name__)
MOST = 2_000
PAUSE = 0.02  # between two pages: readers come first
MOST_OF_MEMORY = 0.5


class Warmer:
    def __init__(self, pages: Pages, folder: Path, scope_of: Callable[[str], Scope], always: tuple[str, ...]) -> None:
        self.pages = pages
        self.folder = folder
        self.scope_of = scope_of
        self.always = always
        self.lease: TextIO | None = None
        self.done = -1

    async def tick(self) -> None:
        changes = self.pages.watch.changes
        if changes.away or self.done == changes.number or not self._chosen():
            return
        number = changes.number
        for path in [*self.always, *await self.pages.watch.published(MOST)]:
            self.pages.watch.look()
            if self.pages.store.current(path) is None:
                await self._draw(path)
                await asyncio.sleep(PAUSE)
            if self.pages.store.size > self.pages.store.limit * MOST_OF_MEMORY:
                break
        self.done = number

    async def _draw(self, path: str) -> None:
        try:
            await self.pages.draw(path, self.scope_of(path))
        except Exception as error:
            log.warning("%s could not be drawn beforehand (%s)", path, type(error).__name__)

    def _chosen(self) -> bool:
        """Whether this is the worker that does it: whoever holds the lock, until it ends."""
        if self.lease is None:
            try:
                self.folder.mkdir(mode=0o700, exist_ok=True)
                lease = (self.folder / ".warm").open("w")
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.lease = lease
            except OSError:
                return False
        return True
