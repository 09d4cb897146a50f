"""Alternatives to the edge, measured for the table in clinic_site/edge/README.md."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")

from django.conf import settings

from clinic_site.edge.bridge import response_from
from clinic_site.edge.build import database_watcher
from clinic_site.edge.page_cache.changes import SQLiteWatcher
from clinic_site.edge.page_cache.memory import MemoryCache, page_from, uncacheable_because
from clinic_site.wsgi import application as django


class Cache(threading.local):
    """Each thread has its own connection to SQLite, and therefore its own pages."""

    def __init__(self) -> None:
        watcher = database_watcher()
        assert isinstance(watcher, SQLiteWatcher)
        asyncio.run(watcher.poll())
        self.watcher = watcher
        self.memory = MemoryCache(watcher.changes, limit=settings.PAGE_CACHE_BYTES)


cache = Cache()


def wrapper(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same page cache as a WSGI wrapper: the best that gthread can do."""
    cache.watcher.refresh()
    path = environ["PATH_INFO"]
    page = cache.memory.get(path) if environ["REQUEST_METHOD"] == "GET" else None
    if page is None:
        return _rendered(path, environ, start_response)
    variant = page.variant_for({b"accept-encoding": environ.get("HTTP_ACCEPT_ENCODING", "").encode()})
    assert variant  # the benchmark's reader accepts every encoding
    start_response("200 OK", [(name.decode(), value.decode()) for name, value in variant.headers])
    return [variant.body]


def _rendered(path: str, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    started: list[Any] = []

    def keep(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started[:] = [status, headers]
        return start_response(status, headers)

    body = b"".join(django(environ, keep))
    response = response_from(started[0], started[1], body)
    if not uncacheable_because(response):
        changes = cache.watcher.changes
        page = page_from(path, response, change=changes.number, epoch=changes.epoch)
        page.max_age = 3600
        page.add_brotli()
        cache.memory.put(path, page)
    return [body]


def behind_a2wsgi() -> Any:
    from a2wsgi import WSGIMiddleware

    return WSGIMiddleware(django, workers=sum(threads for _, threads in settings.DJANGO_LANES))


if os.environ.get("BENCH_A2WSGI"):
    a2wsgi = behind_a2wsgi()
