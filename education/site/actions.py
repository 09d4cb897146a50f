"""What is kept of a form that is not saved yet, moved addresses, and the words of the site in the library's files."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from education.accounts.models import User
from education.articles.library.loading import LibraryFile
from education.audit.actions import record
from education.core.text import clean_input, lines, one_line
from education.pages import actions as pages
from education.site.models import UnsavedSiteWords
from education.wording.models import SitePlace
from education.wording.places import WORDS, Place, places, written_out
from education.wording.site import Written, write

MAX_FORM_CHARACTERS = 200_000
NOT_KEPT = ("csrfmiddlewaretoken", "form_key", "takes_up")


class TooLarge(ValueError):
    """The form holds more than MAX_FORM_CHARACTERS."""


class OtherForm(ValueError):
    """Unsaved words from another form are there: they must not be overwritten unseen."""


def unsaved(page: str, *, by: User) -> UnsavedSiteWords | None:
    return UnsavedSiteWords.objects.filter(page=page, editor=by).first()


def typed_data(found: UnsavedSiteWords) -> dict[str, str]:
    data: dict[str, str] = json.loads(found.data)
    return data


@transaction.atomic
def autosave(page: str, data: Mapping[str, str], *, form_key: str, takes_up: str, by: User) -> UnsavedSiteWords:
    """Keep what was typed. `takes_up`: the key of the form whose unsaved words this one began with.

    Raises TooLarge or OtherForm.
    """
    stored = json.dumps({name: clean_input(value) for name, value in data.items() if name not in NOT_KEPT})
    if len(stored) > MAX_FORM_CHARACTERS:
        raise TooLarge
    found = UnsavedSiteWords.objects.select_for_update().filter(page=page, editor=by).first()
    if found and found.form_key not in (form_key, takes_up):
        raise OtherForm
    found = found or UnsavedSiteWords(page=page, editor=by)
    found.form_key, found.data, found.autosaved_at = form_key, stored, timezone.now()
    found.save()
    return found


def discard(page: str, *, by: User) -> None:
    UnsavedSiteWords.objects.filter(page=page, editor=by).delete()


def clear_after_save(page: str, *, form_key: str, takes_up: str, by: User) -> None:
    """The words of this form are saved: what was kept of it is not needed any more."""
    UnsavedSiteWords.objects.filter(page=page, editor=by, form_key__in=(form_key, takes_up)).delete()


# Moved addresses


@transaction.atomic
def save_redirect(old: str, new: str, *, by: User) -> None:
    """Whoever opens the address `old`, at which no page is, gets to the page at `new`."""
    pages.redirect(old, new)
    record("redirect_saved", by=by, about=old, detail={"to": new})


@transaction.atomic
def delete_redirect(old: str, *, by: User) -> None:
    pages.delete_redirect(old)
    record("redirect_deleted", by=by, about=old)


# Files


def load_row(row: dict[str, Any]) -> None:
    """Write at a place what a file says. A place at which staff have written before stays as it is."""
    key, words = row["place"], row["words"]
    if unknown := row.keys() - {"place", "words"}:
        raise ValidationError({name: ["This is not known here. An entry has “place” and “words”."] for name in unknown})
    if key not in places():
        raise ValidationError({"place": [f"There is no place “{key}”. An export names those that there are."]})
    words = _read(places()[key], words)
    if problem := places()[key].problem(words):
        raise ValidationError({"words": [problem]})
    if not SitePlace.objects.filter(key=key).exists():
        write([Written(key, words)], by=None)


def _read(place: Place, words: Any) -> str:
    if place.kind == WORDS:
        if not isinstance(words, str):
            raise ValidationError({"words": ["Words belong here. Quote them if they hold a bracket or a colon."]})
        return one_line(words)
    if not isinstance(words, list) or not all(isinstance(line, str) for line in words):
        raise ValidationError({"words": ["A list belongs here, such as [/contact/, /people/]."]})
    return written_out([one_line(line) for line in words])


def rows() -> list[dict[str, Any]]:
    """What staff wrote, as rows of the file, in the order of the screen. What is built in is left out."""
    written = {row.key: row.words for row in SitePlace.objects.all() if row.is_own}
    return [
        {"place": key, "words": written[key] if place.kind == WORDS else lines(written[key])}
        for key, place in places().items()
        if key in written
    ]


SITE_WORDS = LibraryFile("site.yaml", "place", load_row, rows)
