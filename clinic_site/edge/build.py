"""Puts the edge together from the settings."""

import os
import signal
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from clinic_site.edge.app import Edge, Observe
from clinic_site.edge.bodies import BodyLimits, BodyReader
from clinic_site.edge.bridge import Bridge, WSGIApplication
from clinic_site.edge.guard import Guard, is_known_host
from clinic_site.edge.page_cache.changes import ChangeWatcher, SQLiteWatcher
from clinic_site.edge.page_cache.disk import DiskCache, release_fingerprint
from clinic_site.edge.page_cache.listening import ListeningWatcher
from clinic_site.edge.page_cache.lookup import PageCache
from clinic_site.edge.page_cache.memory import MemoryCache
from clinic_site.edge.page_cache.warming import Warmer
from clinic_site.edge.responses import Response, Scope
from clinic_site.safety_headers import safety_headers
from education.core.upload_pass import upload_pass_holder


def edge_before(
    django: WSGIApplication, *, at_start: Callable[[], object] = lambda: None, observe: Observe | None = None
) -> Edge:
    """The edge, with `django` behind it. `at_start` is called in each process that serves it, `observe` after each
    answer.
    """
    headers = tuple((name.encode(), value.encode()) for name, value in safety_headers().items())
    guard = Guard(tuple(settings.ALLOWED_HOSTS), body_limits(), headers)
    lanes = tuple(
        (paths, Bridge(django, threads=threads, max_waiting=settings.DJANGO_MAX_WAITING, on_all_hung=end_this_process))
        for paths, threads in settings.DJANGO_LANES
    )
    watcher = database_watcher()
    folder = settings.DATA_DIR / "pages"
    release = release_fingerprint(settings.BASE_DIR / "templates", settings.BASE_DIR / "static", also=shown_settings())

    async def render(scope: Scope) -> Response:
        return await edge.render_for_everybody(scope)

    memory = MemoryCache(watcher.changes, limit=settings.PAGE_CACHE_BYTES)
    page_cache = PageCache(memory, watcher, DiskCache(folder, release), render)
    warmer = Warmer(page_cache, folder, own_scope, settings.PAGE_CACHE_ALWAYS)
    bodies = BodyReader(settings.BODY_BYTES_HELD, reserve=settings.BODY_BYTES_RESERVED)
    edge = Edge(guard, lanes, settings.HTTPS, page_cache, warmer, bodies, at_start, observe)
    return edge


def body_limits() -> BodyLimits:
    return BodyLimits(
        by_path=settings.BODY_LIMITS,
        uploads=settings.UPLOAD_PATHS,
        reserved=settings.PATIENT_PATHS,
        share=settings.BODY_BYTES_PER_ADDRESS,
        proxies=tuple(settings.TRUSTED_PROXIES),
        holder_of=upload_pass_holder,
    )


def database_watcher() -> ChangeWatcher:
    if connection.vendor == "sqlite":
        return SQLiteWatcher(settings.DATABASES["default"]["NAME"])
    return ListeningWatcher()


def shown_settings() -> str:
    """The settings that pages and their headers show: with other ones, a page on disk is out of date."""
    shown = (settings.MODE, settings.ROLE, settings.SITE_URL, settings.LANGUAGE_CODE, settings.TIME_ZONE)
    return repr((*shown, bool(settings.CDN_PURGE_URL), settings.CDN_SECONDS, safety_headers()))


def own_scope(path: str) -> Scope:
    """The edge's own request for a page, under a host name that the site answers to."""
    site = urlsplit(settings.SITE_URL).netloc
    if not is_known_host(site.encode(), tuple(settings.ALLOWED_HOSTS)):
        site = settings.ALLOWED_HOSTS[0].lstrip("*.")
    headers = [(b"host", site.encode())] + ([(b"x-forwarded-proto", b"https")] if settings.HTTPS else [])
    return {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "headers": headers,
    }  # fmt: skip


def end_this_process() -> None:
    """gunicorn starts another in its place."""
    os.kill(os.getpid(), signal.SIGTERM)
