"""The cached pages in memory, and the check that each must pass before it is kept for everybody."""

import re
import time
from collections import OrderedDict
from urllib.parse import parse_qsl, urlencode

from clinic_site.edge.page_cache.changes import ChangeLog
from clinic_site.edge.page_cache.page import DROPPED, CachedPage
from clinic_site.edge.responses import Response

MAX_PAGE_BYTES = 1_000_000
MAX_QUERY_RULES = 2_000
FOREVER = 86_400 * 365.0
SECRETS = re.compile(
    rb"csrfmiddlewaretoken|\bname=[\"']?token\b|\bnonce=|/my-request/[\w-]{20}|/request-a-consultation/\d+\.|/setup/[\w-]{20}"
)
NOT_PUBLIC = "not public"


def uncacheable_because(response: Response) -> str:
    """Why this response of Django's may not be kept for everybody; empty when it may. NOT_PUBLIC is no fault."""
    control = response.header(b"cache-control")
    if response.status != 200 or not (response.header(b"surrogate-control") or b"immutable" in control):
        return NOT_PUBLIC
    if b"public" not in control or b"private" in control or b"no-store" in control:
        return "its Cache-Control is not public"
    if response.header(b"set-cookie"):
        return "it sets a cookie"
    if {name.strip().lower() for name in response.header(b"vary").split(b",")} - {b"", b"accept-encoding"}:
        return "it varies"
    if b"'nonce-" in response.header(b"content-security-policy"):
        return "its policy holds a nonce"
    if response.file is not None or len(response.body) > MAX_PAGE_BYTES:
        return NOT_PUBLIC  # too large to keep: it is served from its file each time
    return "it holds a token" if SECRETS.search(response.body) else ""


def page_from(path: str, response: Response, *, change: int, epoch: int) -> CachedPage:
    max_age = re.search(rb"max-age=(\d+)", response.header(b"surrogate-control"))
    return CachedPage(
        path=path,
        headers=[pair for pair in response.headers if pair[0] not in DROPPED],
        body=response.body,
        change=change,
        epoch=epoch,
        rendered_at=time.time(),
        max_age=float(max_age[1]) if max_age else FOREVER,
        names_others=response.header(b"surrogate-scope") == b"any-page",
        query_parameters=frozenset(response.header(b"surrogate-query").decode("latin-1").split()),
    )


class MemoryCache:
    """Least recently used pages are dropped first. A page that is out of date stays until a newer one replaces it:
    while the database is down it is the last good one.
    """

    def __init__(self, changes: ChangeLog, *, limit: int) -> None:
        self.changes = changes
        self.limit = limit  # bytes
        self.size = 0
        self.pages: OrderedDict[str, CachedPage] = OrderedDict()
        self.query_rules: dict[str, frozenset[str]] = {}  # by path: which parameters make another page

    def key(self, path: str, query: str) -> str:
        """The same for all queries that lead to the same page."""
        if not query:
            return path
        names = self.query_rules.get(path)
        if names is None:
            return f"{path}?{query}"
        pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name in names]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def get(self, key: str) -> CachedPage | None:
        """The page, if it is up to date, or good enough while the database is down."""
        page = self.pages.get(key)
        if page is None or not self.may_show(page):
            return None
        self.pages.move_to_end(key)
        return page

    def may_show(self, page: CachedPage) -> bool:
        return self.is_fresh(page) or (self.changes.database_down and self.changes.may_show_outdated(page))

    def is_fresh(self, page: CachedPage) -> bool:
        if page.max_age == FOREVER:  # a picture, which nothing changes; but it may be deleted
            return page.change >= self.changes.last_change.get(page.path, 0)
        return time.time() < page.rendered_at + page.max_age and self.changes.is_current(page)

    def put(self, key: str, page: CachedPage) -> None:
        self.drop(key)
        if len(self.query_rules) > MAX_QUERY_RULES:
            self.query_rules.clear()
        self.query_rules[page.path] = page.query_parameters
        self.pages[key] = page
        self.size += page.size
        while self.size > self.limit and len(self.pages) > 1:
            self.drop(next(iter(self.pages)))

    def note_growth(self, key: str, page: CachedPage, size_before: int) -> None:
        """The page has got another variant."""
        if self.pages.get(key) is page:
            self.size += page.size - size_before

    def drop(self, key: str) -> None:
        page = self.pages.pop(key, None)
        if page is not None:
            self.size -= page.size
