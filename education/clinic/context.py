"""What every page has of the clinic: its profile in the templates, and dates as its country writes them."""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import Error, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from education.clinic.dates import language_of
from education.clinic.models import ClinicProfile
from education.pages.kept import Kept
from education.wording.links import SiteLinks, site_links
from education.wording.places import Words
from education.wording.site import site_words


class SharedRows:
    """The rows that public pages share, as they were at one number of `ChangeCount`."""

    def __init__(self) -> None:
        self.clinic = ClinicProfile.load()

    @cached_property
    def words(self) -> Words:
        """Read by the first page that says any: a later change has another number, and so others of these."""
        return site_words()

    @cached_property
    def links(self) -> SiteLinks:
        return site_links(self.words)


kept_rows = Kept(SharedRows)
REMEMBERED = ".clinic.json"  # beside the published pages that are on disk


def remember(clinic: ClinicProfile) -> None:
    """Keep the profile on disk for a process that starts while the database is away: patients still need the telephone
    number.
    """
    path, words = _remembered_in(), serializers.serialize("json", [clinic])
    with suppress(OSError):
        if not path.exists() or path.read_text() != words:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            draft = path.with_name(f"{REMEMBERED}.{os.getpid()}")
            draft.write_text(words)
            draft.replace(path)


def remembered() -> ClinicProfile | None:
    """The profile as patients last read it; None if there is none, or a release ago it had other fields."""
    with suppress(OSError, ValueError, DeserializationError):
        for row in serializers.deserialize("json", _remembered_in().read_text(), ignorenonexistent=True):
            return row.object if isinstance(row.object, ClinicProfile) else None
    return None


def _remembered_in() -> Path:
    return Path(settings.DATA_DIR) / "pages" / REMEMBERED


def site(request: HttpRequest) -> dict[str, Any]:
    """Lazy: a page that uses none of it makes no queries for it."""
    return {
        "clinic": SimpleLazyObject(lambda: profile_for(request)),
        "site_words": SimpleLazyObject(lambda: words_for(request)),
        "site_links": SimpleLazyObject(lambda: links_for(request)),
        "trial": settings.TRIAL,
        "mode": settings.MODE,
        "has_staff_area": settings.ROLE != "public",
        "site_url": settings.SITE_URL,
    }


def profile_for(request: HttpRequest) -> ClinicProfile:
    """The profile, which the middleware has read already on most requests."""
    found: ClinicProfile | None = getattr(request, "clinic", None)
    return found or ClinicProfile.load()


def words_for(request: HttpRequest) -> Words:
    """The words of the site; in a preview, those that somebody is typing."""
    typed: Words | None = getattr(request, "site_words", None)
    rows: SharedRows | None = getattr(request, "shared_rows", None)
    return typed or (rows.words if rows else site_words())


def links_for(request: HttpRequest) -> SiteLinks:
    """The menu and the footer; in a preview, as somebody is arranging them."""
    typed: Words | None = getattr(request, "site_words", None)
    rows: SharedRows | None = getattr(request, "shared_rows", None)
    return rows.links if rows and not typed else site_links(words_for(request))


class CountryMiddleware:
    """Dates and times are written, and read, as the clinic's country does it.

    Probes and pictures ask the database for nothing. The request form reads the profile by itself, see `speak_as`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        # The last ones known, for when the database is away.
        self.rows: SharedRows | None = None
        self.clinic: ClinicProfile | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(("/health/", "/media/", *settings.PATIENT_PATHS)):
            self._read(request)
        with translation.override(language_of(self.clinic.country) if self.clinic else settings.LANGUAGE_CODE):
            return self.get_response(request)

    def _read(self, request: HttpRequest) -> None:
        try:
            rows = kept_rows.get()
        except Error:  # the views notice too, and say so: with the telephone number of the clinic
            self.clinic = self.clinic or remembered()
        else:
            if rows is not self.rows and not connection.in_atomic_block:  # nothing that may be rolled back
                remember(rows.clinic)
            self.rows, self.clinic = rows, rows.clinic
        request.shared_rows, request.clinic = self.rows, self.clinic  # type: ignore[attr-defined]


def speak_as(clinic: ClinicProfile) -> None:
    """Write dates as this clinic does until the end of the request, as the middleware would have had it."""
    translation.activate(language_of(clinic.country))


def in_language_of_clinic() -> translation.override:
    """In this block, write dates as the clinic does: for what has no request, such as the worker's mails."""
    return translation.override(language_of(kept_rows.get().clinic.country))
