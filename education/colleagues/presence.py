"""Who else has a page or a request open. The cache holds it, from the opening and while somebody types."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list

from education.accounts.models import User
from education.core.text import full_stop

HERE = timedelta(minutes=15)  # since the last sign of somebody
NOTED_AGAIN = timedelta(minutes=1)  # no sooner: a form that is typed in gives a sign every few seconds


def note(what: Model, *, by: User) -> None:
    """Note that this user opened it, or typed in it."""
    found, name, now = _last_signs(what), by.get_username(), timezone.now()
    if name not in found or now - found[name] >= NOTED_AGAIN:
        cache.set(_key(what), {**found, name: now}, HERE.total_seconds())


def others_in_words(what: Model, *, than: User, advice: str) -> str:
    """A sentence about who else has this open; empty if nobody was there lately. `advice` says what to do about it."""
    signs = {name: at for name, at in _last_signs(what).items() if name != than.get_username()}
    if not signs:
        return ""
    time = full_stop(date_format(timezone.localtime(max(signs.values())), "TIME_FORMAT"))
    names = get_text_list(sorted(signs), "and")
    return f"You may not be alone: {names} had this page open at {time} {advice}"


def _last_signs(what: Model) -> dict[str, datetime]:
    earliest = timezone.now() - HERE
    found: dict[str, datetime] = cache.get(_key(what), {})
    return {name: at for name, at in found.items() if at > earliest}


def _key(what: Model) -> str:
    return f"open/{what._meta.model_name}/{what.pk}"
