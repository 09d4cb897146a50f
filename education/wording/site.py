"""The words of the site as patients read them, and what changes them."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from education.audit.actions import record
from education.pages import actions as pages
from education.wording.actions import note_writer
from education.wording.models import SitePlace, SitePlaceVersion
from education.wording.places import Words, as_built_in

SYSTEM = "system"


@dataclass(frozen=True)
class Written:
    """What a place shall say. `seen`: `token` of what it said when that was written; None: whatever it said."""

    key: str
    words: str
    seen: str | None = None


class ChangedMeanwhile(ValueError):
    """Nothing was stored: in the meantime somebody else saved other words at these places, given by key."""

    def __init__(self, theirs: dict[str, str]) -> None:
        super().__init__("Somebody else saved other words here.")
        self.theirs = theirs


def site_words() -> Words:
    """The words of all places that patients read, in one query. Words that wait for a signature are not among them."""
    words = as_built_in()
    for row in SitePlace.objects.known().with_public_words():
        words[row.place.page][row.place.name] = row.read_by_all
    return words


def token(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@transaction.atomic
def write(written: Iterable[Written], *, by: AbstractBaseUser | None) -> list[SitePlace]:
    """Let these places say these words: at once where they are plain, else once a clinician has signed them.

    The words have been checked by `Place.problem`. The rows that changed; raises ChangedMeanwhile.
    """
    wanted = list(written)
    places, rows, theirs = _locked({one.key for one in wanted}), [], {}
    for one in wanted:
        row = places[one.key]
        now = row.written_words()["words"]
        if one.words != now:
            if one.seen in (None, token(now)):
                rows.append(_write(row, one.words, by=by))
            else:
                theirs[one.key] = now
    if theirs:
        raise ChangedMeanwhile(theirs)
    if rows:
        pages.mark_stale()
    return rows


def _locked(keys: Collection[str]) -> dict[str, SitePlace]:
    """The rows of these places. Each is made first, so that two who write at a new place wait for each other."""
    for key in sorted(keys):
        SitePlace.objects.get_or_create(key=key)
    return {row.key: row for row in SitePlace.objects.select_for_update().filter(key__in=keys).order_by("key")}


def _write(row: SitePlace, words: str, *, by: AbstractBaseUser | None) -> SitePlace:
    row.words = "" if words == row.place.words else words  # so that a later release may say it better
    row.left_empty = not words and bool(row.place.words)
    row.save()
    name = by.get_username() if by else SYSTEM
    SitePlaceVersion.objects.create(key=row.key, words=words, saved_by=name, saved_at=timezone.now())
    if by:
        note_writer(row, by=by)
    record("site_words_saved", by=by, about=f"site:{row.key}")
    return row
