"""What stands before Django: the guard, the published pages, and the bridge to WSGI. README.md says why."""

import os
import signal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from clinic_site.edge.app import Edge
from clinic_site.edge.bridge import Bridge, WSGIApplication
from clinic_site.edge.guard import Bodies, Guard, known_host
from clinic_site.edge.page_cache.changes import ServerWatch, SQLiteWatch, Watch
from clinic_site.edge.page_cache.disk import Spill, release_of
from clinic_site.edge.page_cache.lookup import Pages
from clinic_site.edge.page_cache.memory import Store
from clinic_site.edge.page_cache.warming import Warmer
from clinic_site.edge.responses import Answer, Scope
from clinic_site.safety_headers import safety_headers


def before(django: WSGIApplication) -> Edge:
    """`django` behind the edge, as the settings say."""
    refusal_headers = [(name.encode(), value.encode()) for name, value in safety_headers().items()]
    guard = Guard(tuple(settings.ALLOWED_HOSTS), settings.BODY_LIMITS, tuple(refusal_headers))
    bridge = Bridge(django, threads=settings.DJANGO_THREADS, waiting=settings.DJANGO_WAITING, give_up=end_this_process)
    watch = watch_of_database()
    folder = settings.DATA_DIR / "pages"
    release = release_of(settings.BASE_DIR / "templates", settings.BASE_DIR / "static", also=shown_settings())

    async def ask(scope: Scope) -> Answer:
        return await edge.of_all(scope)

    pages = Pages(Store(watch.changes, limit=settings.PAGES_BYTES), watch, Spill(folder, release), ask)
    warmer = Warmer(pages, folder, scope_of, settings.PAGES_ALWAYS)
    edge = Edge(guard, bridge, settings.HTTPS, pages, warmer, Bodies(settings.BODY_BYTES_HELD))
    return edge


def watch_of_database() -> Watch:
    if connection.vendor == "sqlite":
        return SQLiteWatch(settings.DATABASES["default"]["NAME"])
    return ServerWatch()


def shown_settings() -> str:
    return repr((settings.MODE, settings.SITE_URL, settings.LANGUAGE_CODE, settings.TIME_ZONE))


def scope_of(path: str) -> Scope:
    """A request of our own, under a name that the site answers to."""
    site = urlsplit(settings.SITE_URL).netloc
    if not known_host(site.encode(), tuple(settings.ALLOWED_HOSTS)):
        site = settings.ALLOWED_HOSTS[0].lstrip("*.")
    headers = [(b"host", site.encode())] + ([(b"x-forwarded-proto", b"https")] if settings.HTTPS else [])
    return {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "headers": headers,
    }  # fmt: skip


def end_this_process() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
