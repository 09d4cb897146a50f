"""The words of the site as patients read them, and what changes them."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from education.audit.actions import record
from education.pages import actions as pages
from education.wording.actions import note_writer
from education.wording.models import SitePlace, SitePlaceVersion
from education.wording.places import Words, as_built_in

SYSTEM = "system"


def site_words() -> Words:
    """One query. Words that wait for a signature are not among them."""
    words = as_built_in()
    for row in SitePlace.objects.known().with_public_words():
        words[row.place.page][row.place.name] = row.read_by_all
    return words


@transaction.atomic
def write(written: Iterable[tuple[str, str]], *, by: AbstractBaseUser | None) -> list[SitePlace]:
    """Let these places, by key, say these words: at once where they are plain, else once a clinician has signed them.

    The words have been checked by `Place.problem`.
    """
    rows = [_write(key, words, by=by) for key, words in written]
    if rows:
        pages.mark_stale()
    return rows


def _write(key: str, words: str, *, by: AbstractBaseUser | None) -> SitePlace:
    row, _ = SitePlace.objects.get_or_create(key=key)
    row.words = "" if words == row.place.words else words  # so that a later release may say it better
    row.save()
    name = by.get_username() if by else SYSTEM
    SitePlaceVersion.objects.create(key=key, words=words, saved_by=name, saved_at=timezone.now())
    if by:
        note_writer(row, by=by)
    record("site_words_saved", by=by, about=f"site:{key}")
    return row
