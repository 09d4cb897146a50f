"""What patients read: home, topics, articles, A to Z."""

import re
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from education.articles.around import around
from education.articles.models import Article, Edition, Topic
from education.articles.render import contents, reading_text, with_emergency_line
from education.clinic.models import ClinicProfile
from education.core.http import public_page
from education.core.text import folded
from education.glossary.linking import changed_at as glossary_changed
from education.glossary.linking import last_change, with_terms
from education.search.models import SearchEntry

WORDS_A_MINUTE = 180


@public_page(names_others=True)
def home(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.published().exclude(kind=Article.Kind.POLICY).order_by("topic__order", "topic", "id")
    topics = [
        {"title": topic.title, "summary": topic.summary, "path": topic.get_absolute_url(), "articles": listed(found)}
        for topic, found in groupby(articles, key=lambda article: article.topic)
    ]
    return render(request, "pages/home.html", {"topics": topics})


@public_page(names_others=True)
def topic_or_policy(request: HttpRequest, slug: str) -> HttpResponse:
    """`/<slug>/`: a topic's landing page, or a policy, which belongs to the whole site."""
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        return _article_page(request, Article.objects.published().filter(kind=Article.Kind.POLICY), slug)
    articles = list(Article.objects.published().filter(topic=topic).order_by("id"))
    if all(article.kind == Article.Kind.POLICY for article in articles):
        raise Http404  # policies have addresses of their own and need no shelf
    return render(request, "pages/topic.html", {"topic": topic, "articles": listed(articles)})


@public_page
def article(request: HttpRequest, topic: str, slug: str) -> HttpResponse:
    found = Article.objects.published().filter(topic__slug=topic).exclude(kind=Article.Kind.POLICY)
    return _article_page(request, found, slug)


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
    return render(request, "pages/a_to_z.html", {"letters": letters})


def _sorted_as(name: str) -> str:
    """From its first letter or digit on: a name in brackets or quotes stands with its like."""
    return re.sub(r"^[\W_]+", "", folded(name))


def listed(articles: Any) -> list[dict[str, str]]:
    """Published articles as lists show them: in the words of their editions, never of a draft."""
    return [
        {
            "title": article.current_edition.title,
            "summary": article.current_edition.summary,
            "path": article.get_absolute_url(),
            "kind": article.get_kind_display(),
        }
        for article in articles
    ]


def article_context(article: Article, edition: Edition, *, glossary_changed: datetime | None = None) -> dict[str, Any]:
    """What the article template needs; also used for previews, with an edition that is not saved."""
    topic = article.topic
    clinic = ClinicProfile.load()
    changed = glossary_changed if edition.pk else last_change()
    with_links = with_terms(edition.html, changed_at=changed, title=edition.title)
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
            "html": with_emergency_line(with_links, clinic.emergency_words),
            "contents": contents(edition.html),
            "number": edition.number,
            "published_at": edition.published_at,
            "author_name": edition.author,
            "reviewer_name": edition.reviewer,
            "next_review": edition.next_review,
            "history_path": f"{article.get_absolute_url()}history/",
        },
        "reading_minutes": max(1, round(len(reading_text(edition.html).split()) / WORDS_A_MINUTE)),
    }


def _article_page(request: HttpRequest, articles: Any, slug: str) -> HttpResponse:
    found = get_object_or_404(articles.annotate(glossary_changed=glossary_changed()), slug=slug)
    context = article_context(found, found.current_edition, glossary_changed=found.glossary_changed)
    beside = around(found, found.get_absolute_url())
    return render(request, "articles/article.html", context | {"around": beside, "related": beside.related})
