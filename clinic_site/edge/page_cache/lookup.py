"""Finds a published page: in memory, else on disk, else Django renders it, once however many readers ask."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from clinic_site.edge.page_cache.changes import ChangeWatcher
from clinic_site.edge.page_cache.disk import DiskCache
from clinic_site.edge.page_cache.memory import FOREVER, NOT_PUBLIC, MemoryCache, page_from, uncacheable_because
from clinic_site.edge.page_cache.page import CachedPage, Variant
from clinic_site.edge.responses import Response, Scope

log = logging.getLogger(__name__)
Render = Callable[[Scope], Awaitable[Response]]
ATTEMPTS = 5  # at a page that changes while it is rendered
MAX_UNCACHEABLE_PATHS = 2_000
# With these, a response would be for one browser instead of for everybody.
PERSONAL_HEADERS = frozenset(
    [
        *(b"accept-encoding", b"accept-language", b"if-match", b"if-none-match", b"if-modified-since"),
        *(b"if-unmodified-since", b"if-range", b"range"),
    ]
)


class NotAcceptable(Exception):
    """The browser accepts none of the content codings that there are."""


class PageCache:
    """`render` asks Django for a page as everybody gets it."""

    def __init__(self, memory: MemoryCache, watcher: ChangeWatcher, disk: DiskCache, render: Render) -> None:
        self.memory = memory
        self.watcher = watcher
        self.disk = disk
        self.render_by_django = render
        self.rendering: dict[str, asyncio.Task[CachedPage | Response]] = {}
        self.uncacheable: OrderedDict[str, None] = OrderedDict()  # paths known to have no page for everybody
        self.background = ThreadPoolExecutor(1, "edge-page-cache")  # compresses and writes while nobody waits for it

    def get_now(self, path: str, query: str, headers: dict[bytes, bytes]) -> Variant | None:
        """The page from memory. For the fast lane, so it never waits."""
        self.watcher.refresh_once_a_turn()
        page = self.memory.get(self.memory.key(path, query))
        return page.variant_for(headers) if page and self.watcher.may_show_now(page) else None

    async def get(self, scope: Scope, headers: dict[bytes, bytes]) -> Response | None:
        """The page for everybody; None where there is none, and Django must be asked for this one browser. Raises
        NotAcceptable.
        """
        path = scope["path"]
        key = self.memory.key(path, scope["query_string"].decode("latin-1"))
        await self.watcher.be_sure()
        page = self.memory.get(key)
        if page is None:
            if path in self.uncacheable or (b"cookie" in headers and path not in self.memory.query_rules):
                return None
            is_first = key not in self.rendering
            found = await self._rendered_since_now(key, scope)
            if isinstance(found, Response):
                return found if is_first else None
            page = found
        await self.watcher.until_others_know(page)
        variant = page.variant_for(headers)
        if variant is None:
            raise NotAcceptable
        return variant.response()

    async def _rendered_since_now(self, key: str, scope: Scope) -> CachedPage | Response:
        """Whoever joins others that wait may know of a change that their page lacks: then it is rendered again."""
        changes = self.watcher.changes
        asked_at = changes.number
        for _ in range(ATTEMPTS):
            found = await self.render(key, scope)
            if isinstance(found, Response) or found.change >= asked_at or changes.database_down:
                break
        return found

    async def render(self, key: str, scope: Scope) -> CachedPage | Response:
        """Render the page once for all who wait for it. It goes on when those who asked have left."""
        task = self.rendering.get(key)
        if task is None:
            task = self.rendering[key] = asyncio.get_running_loop().create_task(self._render(key, scope))
        return await asyncio.shield(task)

    async def _render(self, key: str, scope: Scope) -> CachedPage | Response:
        try:
            return self._from_disk(key, scope["path"]) or await self._from_django(key, scope)
        finally:
            del self.rendering[key]

    def _from_disk(self, key: str, path: str) -> CachedPage | None:
        """The page as another worker rendered it, or this one before a restart."""
        if key != path:
            return None
        changes = self.watcher.changes
        page = self.disk.load(path, epoch=changes.epoch, any_release=changes.database_down)
        if page is None or not self.memory.may_show(page):
            return None
        self._put(key, page)
        return page

    async def _from_django(self, key: str, scope: Scope) -> CachedPage | Response:
        path = scope["path"]
        change, epoch = self.watcher.changes.number, self.watcher.changes.epoch
        try:
            response = await self.render_by_django(anonymous(scope))
        except Exception:
            if page := self._last_good(key, path):
                return page
            raise
        if response.status >= 500:
            return self._last_good(key, path) or response
        if reason := uncacheable_because(response):
            return self._not_cached(key, path, response, reason)
        page = page_from(path, response, change=change, epoch=epoch)
        await self.watcher.catch_up()
        if self.memory.is_fresh(page):  # else it has changed while it was rendered
            self._put_everywhere(page, scope)
        return page

    def _put_everywhere(self, page: CachedPage, scope: Scope) -> None:
        self.memory.query_rules[page.path] = page.query_parameters
        key = self.memory.key(page.path, scope["query_string"].decode("latin-1"))
        self._put(key, page)
        if page.max_age != FOREVER and key == page.path:
            self._in_background(self.disk.save, page)

    def _last_good(self, key: str, path: str) -> CachedPage | None:
        """The page before, for when Django can't render the new one; never a withdrawn page."""
        page = self.memory.pages.get(key)
        if page is None and key == path:
            page = self.disk.load(path, epoch=self.watcher.changes.epoch, any_release=True)
        if page is None or not self.watcher.changes.may_show_outdated(page):
            return None
        log.error("%s could not be rendered: the last good one stays", path)
        return page

    def _not_cached(self, key: str, path: str, response: Response, reason: str) -> Response:
        if reason != NOT_PUBLIC:
            log.error("%s is marked public, but %s: it was not kept", path, reason)
        self.memory.drop(key)
        if key == path:
            self._in_background(self.disk.delete, path)
        self.uncacheable[path] = None
        while len(self.uncacheable) > MAX_UNCACHEABLE_PATHS:
            self.uncacheable.popitem(last=False)
        return response

    def note_uncached(self, path: str, response: Response) -> None:
        """Django was asked for one browser: its response shows whether the address has become public."""
        if path in self.uncacheable and not uncacheable_because(response):
            del self.uncacheable[path]

    def delete_withdrawn(self) -> None:
        """A withdrawn page must not come back from the disk either, when the site starts without its database."""
        changes = self.watcher.changes
        paths, changes.newly_withdrawn = changes.newly_withdrawn, []
        for path in set(paths) & changes.withdrawn:
            self.memory.drop(path)
            self._in_background(self.disk.delete_tree, path)

    def _put(self, key: str, page: CachedPage) -> None:
        self.uncacheable.pop(page.path, None)
        self.memory.put(key, page)
        before = page.size
        done = self._in_background(page.add_brotli)
        done.add_done_callback(lambda _: self.memory.note_growth(key, page, before))

    def _in_background(self, action: Callable[..., object], *values: Any) -> "asyncio.Future[object]":
        return asyncio.get_running_loop().run_in_executor(self.background, action, *values)


def anonymous(scope: Scope) -> Scope:
    """The same request, from nobody in particular."""
    headers = [pair for pair in scope["headers"] if pair[0] not in PERSONAL_HEADERS]
    return {**scope, "method": "GET", "headers": headers}
