"""When a topic's address changes, its pages move with it, and one page may move to another topic: the old addresses
redirect to the new ones.
"""

from collections.abc import Collection, Mapping
from itertools import chain

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from education.accounts.models import User
from education.articles import workflow
from education.articles.models import Article, Topic
from education.articles.publishing import editions
from education.audit.actions import record
from education.clinic.actions import bulletins_moved
from education.pages import actions as pages
from education.people.actions import credits_moved
from education.references.actions import citations_moved
from education.search import actions as search

TOPIC_SAVED = "topic_saved"
# A page that patients can read, or one that says at its address that it was withdrawn.
HAS_AN_ADDRESS = Q(current_edition__isnull=False) | Q(withdrawn_at__isnull=False)


def topic_saved(topic: Topic, *, old_slug: str, by: User | None) -> None:
    """Record that the topic has been saved. `old_slug` is its slug before that, empty for a new topic."""
    with transaction.atomic():
        if old_slug and old_slug != topic.slug:
            articles = topic.articles.filter(HAS_AN_ADDRESS).exclude(kind=Article.Kind.POLICY)
            now = {f"/{old_slug}/{article.slug}/": article.get_absolute_url() for article in articles}
            _moved({**now, f"/{old_slug}/": topic.get_absolute_url()})
        _show([topic])
        record(TOPIC_SAVED, by=by, about=topic.get_absolute_url())


@transaction.atomic
def to_topic(article: Article, topic: Topic, *, by: User) -> None:
    """Move a page to another topic. Its old address redirects to the new one; its words and signature stay."""
    if not by.has_perm(workflow.MAY_WRITE):
        raise PermissionDenied
    fresh = Article.objects.select_for_update(of=("self",)).select_related("topic").get(pk=article.pk)
    before, old = fresh.topic, fresh.get_absolute_url()
    fresh.topic = article.topic = topic
    fresh.save(update_fields=["topic", "updated_at"])
    if fresh.current_edition_id or fresh.withdrawn_at:
        _moved({old: fresh.get_absolute_url()})
        editions.show_topic(before)
        _show([topic])
    record("article_move", by=by, about=fresh.get_absolute_url(), detail={"from": old})


def topics_signed(topics: Collection[Topic]) -> None:
    """Show the topics in the words that a clinician has just signed. Joins the caller's transaction."""
    _show(topics)


def _show(topics: Collection[Topic]) -> None:
    """Show each topic's position at once, and its words once signed. A topic without live pages stays hidden."""
    live = Article.objects.published().filter(topic__in=topics).select_related("topic")
    paths: dict[int, list[str]] = {}
    for article in live:
        paths.setdefault(article.topic_id, []).append(article.get_absolute_url())
    for topic in topics:
        if topic.pk in paths:
            editions.show_topic(topic)
            search.in_topic(paths[topic.pk], topic.public_words().get("title", ""))
    if paths:
        pages.mark_stale(chain.from_iterable(paths.values()))  # each page lists the topic's others


def _moved(addresses: Mapping[str, str]) -> None:
    """Tell all that note addresses. `addresses` has the new address of each page by its old one."""
    for update in (bulletins_moved, pages.moved, search.moved, citations_moved, credits_moved):
        for old, new in addresses.items():
            update(old, new)
