"""Who else has the edit form of a page open. The cache holds it, from the opening and while somebody types."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list

from education.accounts.models import User
from education.articles.models import Article
from education.core.text import full_stop

HERE = timedelta(minutes=15)  # since the last sign of somebody
NOTED_AGAIN = timedelta(minutes=1)  # no sooner: a form that is typed in gives a sign every few seconds


def note(article: Article, *, by: User) -> None:
    """This user opened the form, or typed in it."""
    found, name, now = _last_signs(article), by.get_username(), timezone.now()
    if name not in found or now - found[name] >= NOTED_AGAIN:
        cache.set(_key(article), {**found, name: now}, HERE.total_seconds())


def others_in_words(article: Article, *, than: User) -> str:
    """Empty if nobody else was there lately."""
    signs = {name: at for name, at in _last_signs(article).items() if name != than.get_username()}
    if not signs:
        return ""
    time = full_stop(date_format(timezone.localtime(max(signs.values())), "TIME_FORMAT"))
    names = get_text_list(sorted(signs), "and")
    return f"You may not be alone: {names} had this page open at {time} Whoever saves second will see both texts."


def _last_signs(article: Article) -> dict[str, datetime]:
    earliest = timezone.now() - HERE
    found: dict[str, datetime] = cache.get(_key(article), {})
    return {name: at for name, at in found.items() if at > earliest}


def _key(article: Article) -> str:
    return f"article-form/{article.pk}"
