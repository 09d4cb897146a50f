"""Published pages: from memory when they lie ready, else from the disk or from Django, once however many ask."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from clinic_site.edge.page_cache.changes import Watch
from clinic_site.edge.page_cache.disk import Spill
from clinic_site.edge.page_cache.memory import FOREVER, Store, page_of, refusal
from clinic_site.edge.page_cache.page import Page, Ready
from clinic_site.edge.responses import Answer, Scope

log = logging.getLogger(__name__)
AskDjango = Callable[[Scope], Awaitable[Answer]]
ATTEMPTS = 5  # at a page that changes while it is drawn
MOST_PRIVATE = 2_000
# They would make an answer for one browser out of the answer for all.
ONE_BROWSERS = frozenset(
    [
        *(b"accept-encoding", b"accept-language", b"if-match", b"if-none-match", b"if-modified-since"),
        *(b"if-unmodified-since", b"if-range", b"range"),
    ]
)


class NotAcceptable(Exception):
    """The browser takes none of the codings that there are."""


class Pages:
    def __init__(self, store: Store, watch: Watch, spill: Spill, ask: AskDjango) -> None:
        self.store = store
        self.watch = watch
        self.spill = spill
        self.ask = ask
        self.drawing: dict[str, asyncio.Task[Page | Answer]] = {}
        self.private: OrderedDict[str, None] = OrderedDict()  # addresses known to have no page for everybody
        self.helper = ThreadPoolExecutor(1, "edge-pages")  # compresses and writes, while nobody waits for it

    def ready(self, path: str, query: str, headers: dict[bytes, bytes]) -> Ready | None:
        """The answer that lies ready. For the fast lane, so it never waits."""
        self.watch.look()
        page = self.store.current(self.store.key(path, query))
        return page.choose(headers) if page else None

    async def find(self, scope: Scope, headers: dict[bytes, bytes]) -> Answer | None:
        """The answer for everybody; None where there is no such thing, and Django must be asked for this one."""
        path = scope["path"]
        key = self.store.key(path, scope["query_string"].decode("latin-1"))
        self.watch.look()
        page = self.store.current(key)
        if page is None:
            if path in self.private or (b"cookie" in headers and path not in self.store.queries):
                return None
            first = key not in self.drawing
            found = await self._drawn_since_now(key, scope)
            if isinstance(found, Answer):
                return found if first else None
            page = found
        answer = page.choose(headers)
        if answer is None:
            raise NotAcceptable
        return answer.answer()

    async def _drawn_since_now(self, key: str, scope: Scope) -> Page | Answer:
        """Whoever joins others that wait may know of a change that their page does not: then it is drawn again."""
        changes = self.watch.changes
        asked_at = changes.number
        for _ in range(ATTEMPTS):
            found = await self.draw(key, scope)
            if isinstance(found, Answer) or found.seen >= asked_at or changes.away:
                break
        return found

    async def draw(self, key: str, scope: Scope) -> Page | Answer:
        """Draw the page once for all who wait. Those who leave do not stop it."""
        task = self.drawing.get(key)
        if task is None:
            task = self.drawing[key] = asyncio.get_running_loop().create_task(self._draw(key, scope))
        return await asyncio.shield(task)

    async def _draw(self, key: str, scope: Scope) -> Page | Answer:
        try:
            return self._from_disk(key, scope["path"]) or await self._from_django(key, scope)
        finally:
            del self.drawing[key]

    def _from_disk(self, key: str, path: str) -> Page | None:
        """As another worker drew it, or this one before it was started again."""
        if key != path:
            return None
        changes = self.watch.changes
        page = self.spill.load(path, era=changes.era, any_release=changes.away)
        if page is None or not (self.store.is_true(page) or (changes.away and changes.may_show(page))):
            return None
        self._keep(key, page)
        return page

    async def _from_django(self, key: str, scope: Scope) -> Page | Answer:
        path = scope["path"]
        seen, era = self.watch.changes.number, self.watch.changes.era
        try:
            answer = await self.ask(for_everybody(scope))
        except Exception:
            if good := self._last_good(key, path):
                return good
            raise
        if answer.status >= 500:
            return self._last_good(key, path) or answer
        if why := refusal(answer):
            return self._refused(key, path, answer, why)
        page = page_of(path, answer, seen=seen, era=era)
        self.watch.look()
        if self.store.is_true(page):  # else it has changed while it was drawn
            self._keep_everywhere(page, scope)
        return page

    def _keep_everywhere(self, page: Page, scope: Scope) -> None:
        self.store.queries[page.path] = page.query
        key = self.store.key(page.path, scope["query_string"].decode("latin-1"))
        self._keep(key, page)
        if page.keep != FOREVER and key == page.path:
            self._later(self.spill.save, page)

    def _last_good(self, key: str, path: str) -> Page | None:
        """When Django can't draw a page: the one before, unless it was taken back."""
        page = self.store.pages.get(key)
        if page is None and key == path:
            page = self.spill.load(path, era=self.watch.changes.era, any_release=True)
        if page is None or not self.watch.changes.may_show(page):
            return None
        log.error("%s could not be drawn: the last good one stays", path)
        return page

    def _refused(self, key: str, path: str, answer: Answer, why: str) -> Answer:
        if why != "not public":
            log.error("%s is marked public, but %s: it was not kept", path, why)
        self.store.drop(key)
        if key == path:
            self._later(self.spill.forget, path)
        self.private[path] = None
        while len(self.private) > MOST_PRIVATE:
            self.private.popitem(last=False)
        return answer

    def passed(self, path: str, answer: Answer) -> None:
        """Django was asked for one browser: an address may have become public meanwhile."""
        if path in self.private and not refusal(answer):
            del self.private[path]

    def forget_what_is_gone(self) -> None:
        """What was taken back must not come back from the disk either, when the site starts without its database."""
        changes = self.watch.changes
        paths, changes.taken_back = changes.taken_back, []
        for path in set(paths) & changes.gone:
            self.store.drop(path)
            self._later(self.spill.forget_below, path)

    def _keep(self, key: str, page: Page) -> None:
        self.private.pop(page.path, None)
        self.store.put(key, page)
        before = page.size
        self._later(page.compress).add_done_callback(lambda _: self.store.grown(key, page, before))

    def _later(self, what: Callable[..., object], *values: Any) -> "asyncio.Future[object]":
        return asyncio.get_running_loop().run_in_executor(self.helper, what, *values)


def for_everybody(scope: Scope) -> Scope:
    """The same question, asked by nobody in particular."""
    headers = [pair for pair in scope["headers"] if pair[0] not in ONE_BROWSERS]
    return {**scope, "method": "GET", "headers": headers}
