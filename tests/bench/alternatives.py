"""What could stand before Django instead of the edge as it is, for the table in clinic_site/edge/README.md."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")

from django.conf import settings

from clinic_site.edge.bridge import answer as answer_of
from clinic_site.edge.build import watch_of_database
from clinic_site.edge.page_cache.changes import SQLiteWatch
from clinic_site.edge.page_cache.memory import Store, page_of, refusal
from clinic_site.wsgi import application as django


class Own(threading.local):
    """Each thread has its connection to SQLite, and so its own pages."""

    def __init__(self) -> None:
        watch = watch_of_database()
        assert isinstance(watch, SQLiteWatch)
        asyncio.run(watch.tick())
        self.watch = watch
        self.store = Store(watch.changes, limit=settings.PAGES_BYTES)


own = Own()


def wrapper(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same pages and the same truth, as a WSGI wrapper: what gthread can do at its best."""
    own.watch.look()
    path = environ["PATH_INFO"]
    page = own.store.current(path) if environ["REQUEST_METHOD"] == "GET" else None
    if page is None:
        return _drawn(path, environ, start_response)
    ready = page.choose({b"accept-encoding": environ.get("HTTP_ACCEPT_ENCODING", "").encode()})
    assert ready  # the reader of the benchmark takes everything
    start_response("200 OK", [(name.decode(), value.decode()) for name, value in ready.headers])
    return [ready.body]


def _drawn(path: str, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    said: list[Any] = []

    def keep(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        said[:] = [status, headers]
        return start_response(status, headers)

    body = b"".join(django(environ, keep))
    drawn = answer_of(said[0], said[1], body)
    if not refusal(drawn):
        changes = own.watch.changes
        page = page_of(path, drawn, seen=changes.number, era=changes.era)
        page.keep = 3600
        page.compress()
        own.store.put(path, page)
    return [body]


def behind_a2wsgi() -> Any:
    from a2wsgi import WSGIMiddleware

    return WSGIMiddleware(django, workers=settings.DJANGO_THREADS)


if os.environ.get("BENCH_A2WSGI"):
    a2wsgi = behind_a2wsgi()
