"""Renders published pages before anybody asks, so that all of them outlive the database. One worker does it for all."""

import asyncio
import fcntl
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from clinic_site.edge.page_cache.lookup import PageCache
from clinic_site.edge.responses import Scope

log = logging.getLogger(__name__)
MAX_PAGES = 2_000
PAUSE_SECONDS = 0.02  # between two pages: readers come first
MAX_SHARE_OF_MEMORY = 0.5


class Warmer:
    """`always` are public paths that are no published page themselves, such as the home page."""

    def __init__(
        self, page_cache: PageCache, folder: Path, own_scope: Callable[[str], Scope], always: tuple[str, ...]
    ) -> None:
        self.page_cache = page_cache
        self.folder = folder
        self.own_scope = own_scope
        self.always = always
        self.lock: TextIO | None = None
        self.done_up_to = -1  # the number of the last change that was known when all pages were rendered

    async def tick(self) -> None:
        cache = self.page_cache
        changes = cache.watcher.changes
        if changes.database_down or self.done_up_to == changes.number or not self._is_chosen():
            return
        number = changes.number
        for path in [*self.always, *await cache.watcher.published_paths(MAX_PAGES)]:
            cache.watcher.refresh()
            if cache.memory.get(path) is None:
                await self._render(path)
                await asyncio.sleep(PAUSE_SECONDS)
            if cache.memory.size > cache.memory.limit * MAX_SHARE_OF_MEMORY:
                break
        self.done_up_to = number

    async def _render(self, path: str) -> None:
        try:
            await self.page_cache.render(path, self.own_scope(path))
        except Exception as error:
            log.warning("%s could not be rendered in advance (%s)", path, type(error).__name__)

    def _is_chosen(self) -> bool:
        """Whether this worker does it: the one that holds the lock does, until it ends."""
        if self.lock is None:
            try:
                self.folder.mkdir(mode=0o700, exist_ok=True)
                lock = (self.folder / ".warm").open("w")
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.lock = lock
            except OSError:
                return False
        return True
