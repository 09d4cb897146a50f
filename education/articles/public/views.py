"""What patients read: home, topics, articles, A to Z."""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from education.articles.content import links
from education.articles.models import Article, Edition, Topic
from education.articles.public.context import page_context
from education.articles.public.serving import LiveState, edited, with_clinic
from education.articles.publishing.standing import standing
from education.articles.rendering.places import Places, places_from
from education.clinic.context import profile_for
from education.clinic.models import ClinicProfile
from education.core.http import public_page
from education.core.text import folded
from education.glossary.linking import changed_at as glossary_changed
from education.glossary.linking import last_change
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
        raise Http404  # policies are at addresses of their own: a topic without other pages has none
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
    entries.sort(key=lambda entry: _sort_key(entry["name"]))
    letters = [
        {"letter": letter.upper() or "Other", "entries": list(found)}
        for letter, found in groupby(entries, key=lambda entry: _sort_key(entry["name"])[:1])
    ]
    return render(request, "articles/a_to_z.html", {"letters": letters})


def _sort_key(name: str) -> str:
    """The name from its first letter or digit on: brackets and quotes in front of it do not count."""
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


def published_context(
    article: Article, edition: Edition, *, clinic: ClinicProfile, glossary_changed: datetime | None
) -> dict[str, Any]:
    """What the article template needs to show the live edition."""
    places = places_from(edition.places.data)
    context = page_context(article, places.paths)
    state = LiveState(context.public, context.rechecked_keys, glossary_changed)
    return _context(article, edition, places, state, clinic) | {"page_context": context, "related": context.related}


def draft_context(article: Article, edition: Edition, places: Places) -> dict[str, Any]:
    """The same for a preview: its edition is not saved, and each link on it stays a link."""
    state = LiveState(None, frozenset(), last_change())
    return _context(article, edition, places, state, ClinicProfile.load()) | {"is_preview": True}


def _context(
    article: Article, edition: Edition, places: Places, state: LiveState, clinic: ClinicProfile
) -> dict[str, Any]:
    topic = article.topic
    return {
        "clinic": clinic,  # the one that every template gets, so that it is read once
        "article": {
            "title": edition.title,
            "summary": edition.summary,
            "language": places.language,
            "is_policy": article.kind == Article.Kind.POLICY,
            "topic": {"title": topic.title, "path": topic.get_absolute_url()},
        },
        "edition": {
            "html": with_clinic(edited(edition.html, places, edition.title, state), clinic),
            "contents": places.headings,
            "emergency": places.emergency,
            "number": edition.number,
            "published_at": edition.published_at,
            "author_name": edition.author,
            "history_path": f"{article.get_absolute_url()}history/",
        },
        "standing": standing(article, edition),
        "reading_minutes": max(1, round(places.words / WORDS_A_MINUTE)),
    }


def _published_policy(slug: str) -> list[Any]:
    return list(_live().filter(slug=slug, kind=Article.Kind.POLICY))


def _published_article(topic: str, slug: str) -> list[Any]:
    return list(_live().filter(topic__slug=topic, slug=slug).exclude(kind=Article.Kind.POLICY))


def _live() -> Any:
    live = Article.objects.published().select_related("current_edition__places")
    return live.annotate(glossary_changed=glossary_changed()).order_by()


def _article_page(request: HttpRequest, articles: list[Any]) -> HttpResponse:
    if not articles:
        return _not_there(request)
    (found,) = articles
    changed = found.glossary_changed
    context = published_context(found, found.current_edition, clinic=profile_for(request), glossary_changed=changed)
    return render(request, "articles/article.html", context)


def _not_there(request: HttpRequest) -> HttpResponse:
    """A page that was withdrawn says so at its address, and why: patients may have it in a leaflet."""
    gone = links.withdrawn(request.path_info)
    if gone is None:
        raise Http404
    return render(request, "articles/withdrawn.html", {"article": gone}, status=410)
