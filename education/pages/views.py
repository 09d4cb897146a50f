"""Error pages, sitemap, feed and robots: pages that belong to no feature."""

import sqlite3
import sys
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone

from education.audit.actions import record_refusal
from education.core.http import no_store, public_page
from education.pages import redirects
from education.pages.models import PageVersion

NOT_FOR_ROBOTS = (
    "/admin/",
    "/accounts/",
    "/setup/",
    "/my-request/",
    "/request-a-consultation/*/",
    "/my-questions/",
    "/search/",
    "/health/",
)
PAGES_IN_SITEMAP = 1_000  # sitemaps.org allows 50,000 in a file; of so many the edge would keep no copy


@no_store
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


@no_store
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    record_refusal(request)
    return render(request, "403.html", status=403)


@no_store
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    record_refusal(request, why="stale page")
    return render(request, "403.html", {"stale_page": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Redirects are looked up only here: a page that exists costs no extra query."""
    new = redirects.find(request.path_info) if request.method in ("GET", "HEAD") else ""
    return _redirect(request, new) if new else _not_found(request)


@no_store
def _not_found(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", status=404)


@public_page
def _redirect(request: HttpRequest, new: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{new}?{query}" if query else new)


@no_store
def server_error(request: HttpRequest) -> HttpResponse:
    """Needs nothing but its template: the database may be what failed. Then it is a 503."""
    error = sys.exc_info()[1]
    away = error is not None and _database_is_away(error)
    page = render_to_string("500.html", {"away": away, "clinic": getattr(request, "clinic", None)})
    return HttpResponse(page, status=503, headers={"Retry-After": "60"}) if away else HttpResponse(page, status=500)


def _database_is_away(error: BaseException) -> bool:
    """A damaged file of SQLite is a plain DatabaseError; other kinds, and SQL it can't run, are mistakes of ours."""
    if getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # such as a table that is not there
        return False
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


@public_page(names_others=True)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page; if they don't fit into one file, the list of files."""
    files = _sitemap_files()
    if files == 1:
        return _sitemap(request, 1)
    context = {"files": range(1, files + 1)}
    return render(request, "pages/sitemap_index.xml", context, content_type="application/xml")


@public_page(names_others=True)
def sitemap_file(request: HttpRequest, number: int) -> HttpResponse:
    if not 1 <= number <= _sitemap_files():
        raise Http404
    return _sitemap(request, number)


def _sitemap_files() -> int:
    return max(1, ceil(PageVersion.objects.count() / PAGES_IN_SITEMAP))


def _sitemap(request: HttpRequest, number: int) -> HttpResponse:
    first = (number - 1) * PAGES_IN_SITEMAP
    rows = PageVersion.objects.values_list("path", "changed_at")[first : first + PAGES_IN_SITEMAP]
    pages = [(path, timezone.localtime(changed_at).isoformat()) for path, changed_at in rows]
    context = {"pages": pages, "is_first": number == 1}
    return render(request, "pages/sitemap.xml", context, content_type="application/xml")


@public_page(names_others=True)
def feed(request: HttpRequest) -> HttpResponse:
    """An Atom feed of the pages that changed most recently."""
    pages = PageVersion.objects.order_by("-changed_at")[:30]
    context = {"pages": pages}
    return render(request, "pages/feed.xml", context, content_type="application/atom+xml")


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    if settings.TRIAL:
        lines = ["User-agent: *", "Disallow: /"]
    lines.append(f"Sitemap: {settings.SITE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public_page
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers, and programs that show links, ask for it at this address whatever a page says."""
    return HttpResponsePermanentRedirect(static("icons/favicon-32.png"))


@public_page
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a vulnerability. The request form is the one contact that every installation has."""
    expires = (timezone.now() + timedelta(days=180)).replace(microsecond=0).isoformat()
    text = f"Contact: {settings.SITE_URL}/request-a-consultation/\nExpires: {expires}\nPreferred-Languages: en\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
