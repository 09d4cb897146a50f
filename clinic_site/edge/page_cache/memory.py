"""The pages that lie ready in memory, and the check that each must pass before it does."""

import re
import time
from collections import OrderedDict
from urllib.parse import parse_qsl, urlencode

from clinic_site.edge.page_cache.changes import Changes
from clinic_site.edge.page_cache.page import DROPPED, Page
from clinic_site.edge.responses import Answer

LARGEST = 1_000_000
MOST_QUERIES = 2_000
FOREVER = 86_400 * 365.0
SECRETS = re.compile(rb"csrfmiddlewaretoken|\bname=[\"']?token\b|\bnonce=|/my-request/[\w-]{20}|/setup/[\w-]{20}")


def refusal(answer: Answer) -> str:
    """Why this answer of Django's may not be kept for everybody; empty when it may. "not public" is no fault."""
    control = answer.value(b"cache-control")
    if answer.status != 200 or not (answer.value(b"surrogate-control") or b"immutable" in control):
        return "not public"
    if b"public" not in control or b"private" in control or b"no-store" in control:
        return "its Cache-Control is not public"
    if answer.value(b"set-cookie"):
        return "it sets a cookie"
    if {name.strip().lower() for name in answer.value(b"vary").split(b",")} - {b"", b"accept-encoding"}:
        return "it varies"
    if b"'nonce-" in answer.value(b"content-security-policy"):
        return "its policy holds a nonce"
    if answer.file is not None or len(answer.body) > LARGEST:
        return "not public"  # too large: a file is served as it is
    return "it holds a token" if SECRETS.search(answer.body) else ""


def page_of(path: str, answer: Answer, *, seen: int, era: int) -> Page:
    control = re.search(rb"max-age=(\d+)", answer.value(b"surrogate-control"))
    return Page(
        path=path,
        headers=[pair for pair in answer.headers if pair[0] not in DROPPED],
        body=answer.body,
        seen=seen,
        era=era,
        made=time.time(),
        keep=float(control[1]) if control else FOREVER,
        names_others=answer.value(b"surrogate-key") == b"any-page",
        query=frozenset(answer.value(b"surrogate-query").decode("latin-1").split()),
    )


class Store:
    """Least recently used pages make room. A page that is no longer true stays until a newer one takes its place:
    with the database gone it is the last good one.
    """

    def __init__(self, changes: Changes, *, limit: int) -> None:
        self.changes = changes
        self.limit = limit
        self.size = 0
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.queries: dict[str, frozenset[str]] = {}  # by path: which parameters make another page

    def key(self, path: str, query: str) -> str:
        """The same for all queries that lead to the same page."""
        if not query:
            return path
        names = self.queries.get(path)
        if names is None:
            return f"{path}?{query}"
        pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name in names]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def current(self, key: str) -> Page | None:
        page = self.pages.get(key)
        if page is None or not (self.is_true(page) or (self.changes.away and self.changes.may_show(page))):
            return None
        self.pages.move_to_end(key)
        return page

    def is_true(self, page: Page) -> bool:
        return page.keep == FOREVER or (time.time() < page.made + page.keep and self.changes.knows(page))

    def put(self, key: str, page: Page) -> None:
        self.drop(key)
        if len(self.queries) > MOST_QUERIES:
            self.queries.clear()
        self.queries[page.path] = page.query
        self.pages[key] = page
        self.size += page.size
        while self.size > self.limit and len(self.pages) > 1:
            self.drop(next(iter(self.pages)))

    def grown(self, key: str, page: Page, before: int) -> None:
        """The page has got another coding."""
        if self.pages.get(key) is page:
            self.size += page.size - before

    def drop(self, key: str) -> None:
        page = self.pages.pop(key, None)
        if page is not None:
            self.size -= page.size
