"""What is kept of a form that is not saved yet."""

import json
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from education.accounts.models import User
from education.core.text import clean_input
from education.site.models import UnsavedSiteWords

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
