"""A topic gets another address: its pages go with it, and the old addresses lead to the new ones."""

from django.db import transaction

from education.accounts.models import User
from education.articles.models import Article, Topic
from education.articles.publishing import editions
from education.audit.actions import record
from education.clinic import actions as clinic
from education.pages import actions as pages
from education.references.actions import citations_moved
from education.search import actions as search


def topic_saved(topic: Topic, *, old_slug: str, by: User | None) -> None:
    """The topic has been saved; `old_slug` is what it was until now, empty for a new one."""
    with transaction.atomic():
        if old_slug and old_slug != topic.slug:
            for article in Article.objects.published().filter(topic=topic).exclude(kind=Article.Kind.POLICY):
                _moved(f"/{old_slug}/{article.slug}/", article.get_absolute_url())
            _moved(f"/{old_slug}/", topic.get_absolute_url())
        _show(topic)
        record("topic_saved", by=by, about=topic.get_absolute_url())


def _show(topic: Topic) -> None:
    """A topic has no editions: its new name and place are seen at once, where there is something to read."""
    shelf = Article.objects.published().filter(topic=topic)
    if shelf:
        editions.show_topic(topic)
        pages.touched(article.get_absolute_url() for article in shelf)  # each lists the others in their order


def _moved(old: str, new: str) -> None:
    pages.moved(old, new)
    for tell in (search.moved, citations_moved, clinic.page_moved):
        tell(old, new)
