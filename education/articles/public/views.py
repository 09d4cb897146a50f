"""What patients read: home, topics, articles, A to Z."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from education.articles.content import links
from education.articles.models import Article, Edition, Topic
from education.articles.public.around import Around, around
from education.articles.publishing.standing import standing
from education.articles.rendering.page import contents, help_place, mark_rechecked, reading_text, with_clinic
from education.clinic.models import ClinicProfile
from education.core.http import public_page
from education.core.text import folded
from education.glossary.linking import changed_at as glossary_changed
from education.glossary.linking import last_change, with_terms
from education.search.models import SearchEntry

WORDS_A_MINUTE = 180


@public_page(names_others=True)
def home(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.published().exclude(kind=Article.Kind.POLICY).order_by("topic__order", "topic", "title")
    topics = [
        {
            "title": topic.title,
            "summary": topic.summary,
            "path": topic.get_absolute_url(),
            "articles": listed(topic, found),
        }
        for topic, found in groupby(articles, key=lambda article: article.topic)
    ]
    return render(request, "articles/home.html", {"topics": topics})


@public_page(names_others=True)
def topic_or_policy(request: HttpRequest, slug: str) -> HttpResponse:
    """`/<slug>/`: a topic's landing page, or a policy, which belongs to the whole site."""
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        return _article_page(request, _published_policy(slug))
    articles = list(Article.objects.published().filter(topic=topic).order_by("title"))
    if all(article.kind == Article.Kind.POLICY for article in articles):
        raise Http404  # policies have addresses of their own and need no shelf
    return render(request, "articles/topic.html", {"topic": topic, "articles": listed(topic, articles)})


@public_page
def article(request: HttpRequest, topic: str, slug: str) -> HttpResponse:
    return _article_page(request, _published_article(topic, slug))


@public_page(names_others=True)
def a_to_z(request: HttpRequest) -> HttpResponse:
    """Every page under its title and under each other name it has."""
    entries = [
        {"name": name, "path": entry.path, "title": entry.title}
        for entry in SearchEntry.objects.all()
        for name in dict.fromkeys([entry.title, *entry.aliases.splitlines()])
    ]
    entries.sort(key=lambda entry: _sorted_as(entry["name"]))
    letters = [
        {"letter": letter.upper() or "Other", "entries": list(found)}
        for letter, found in groupby(entries, key=lambda entry: _sorted_as(entry["name"])[:1])
    ]
    return render(request, "articles/a_to_z.html", {"letters": letters})


def _sorted_as(name: str) -> str:
    """From its first letter or digit on: a name in brackets or quotes stands with its like."""
    return re.sub(r"^[\W_]+", "", folded(name))


def listed(topic: Topic, articles: Iterable[Article]) -> list[dict[str, str]]:
    """Published articles of a topic as lists show them: in the words of their editions, never of a draft."""
    return [
        {
            "title": article.current_edition.title,  # type: ignore[union-attr]
            "summary": article.current_edition.summary,  # type: ignore[union-attr]
            "path": article.get_absolute_url(),
        }
        for article in sorted(articles, key=lambda article: topic.place(article.slug))
    ]


def article_context(
    article: Article, edition: Edition, *, beside: Around | None = None, glossary_changed: datetime | None = None
) -> dict[str, Any]:
    """What the article template needs; also used for previews, with an edition that is not saved."""
    topic = article.topic
    clinic = ClinicProfile.load()
    changed = glossary_changed if edition.pk else last_change()
    shown = _as_of_now(edition.html, beside.public, beside.rechecked_keys) if beside else edition.html
    with_links = with_terms(shown, changed_at=changed, title=edition.title)
    return {
        "clinic": clinic,  # the one that every template gets, so that it is asked for once
        "article": {
            "title": edition.title,
            "summary": edition.summary,
            "kind_label": article.get_kind_display(),
            "is_policy": article.kind == Article.Kind.POLICY,
            "topic": {"title": topic.title, "path": topic.get_absolute_url()},
        },
        "edition": {
            "html": with_clinic(with_links, clinic),
            "contents": contents(edition.html),
            "help_place": help_place(edition.html),
            "number": edition.number,
            "published_at": edition.published_at,
            "author_name": edition.author,
            "history_path": f"{article.get_absolute_url()}history/",
        },
        "standing": standing(article, edition),
        "around": beside,
        "related": beside.related if beside else [],
        "reading_minutes": _minutes(edition.html),
    }


@lru_cache(maxsize=32)
def _minutes(edition_html: str) -> int:
    """How long the page takes to read."""
    return max(1, round(len(reading_text(edition_html).split()) / WORDS_A_MINUTE))


@lru_cache(maxsize=32)
def _as_of_now(edition_html: str, public: frozenset[str], rechecked: frozenset[str]) -> str:
    """The words of the edition with what has become of the studies and pages that they point at."""
    return mark_rechecked(links.without_dead(edition_html, public), rechecked)


def _published_policy(slug: str) -> list[Any]:
    return list(_with_glossary().filter(slug=slug, kind=Article.Kind.POLICY))


def _published_article(topic: str, slug: str) -> list[Any]:
    return list(_with_glossary().filter(topic__slug=topic, slug=slug).exclude(kind=Article.Kind.POLICY))


def _with_glossary() -> Any:
    return Article.objects.published().annotate(glossary_changed=glossary_changed()).order_by()


def _article_page(request: HttpRequest, articles: list[Any]) -> HttpResponse:
    if not articles:
        return _not_there(request)
    (found,) = articles
    beside = around(found, found.get_absolute_url(), found.current_edition.html)
    context = article_context(found, found.current_edition, beside=beside, glossary_changed=found.glossary_changed)
    return render(request, "articles/article.html", context)


def _not_there(request: HttpRequest) -> HttpResponse:
    """A page that was withdrawn says so at its address, and why: patients may have it in a leaflet."""
    gone = links.withdrawn(request.path_info)
    if gone is None:
        raise Http404
    return render(request, "articles/withdrawn.html", {"article": gone}, status=410)
