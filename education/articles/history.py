"""What changed on a page over time: for patients between its editions, for staff up to the draft."""

import json
from functools import lru_cache
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from education.articles.compare import Comparison, compare
from education.articles.content import Content, draft_content
from education.articles.models import Article, Edition
from education.core.http import public_page

DRAFT, LIVE = "draft", "live"


@public_page(names_others=True, query=("from", "to"))
def article(request: HttpRequest, topic: str, slug: str) -> HttpResponse:
    found = Article.objects.published().filter(topic__slug=topic).exclude(kind=Article.Kind.POLICY)
    return _history(request, get_object_or_404(found, slug=slug))


@public_page(names_others=True, query=("from", "to"))
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    return _history(request, get_object_or_404(Article.objects.published().filter(kind=Article.Kind.POLICY), slug=slug))


def _history(request: HttpRequest, article: Article) -> HttpResponse:
    """All editions; with `?from=1&to=2`, what changed between these two."""
    editions = list(article.editions.defer("html", "content"))
    context: dict[str, Any] = {
        "article": article,
        "title": article.current_edition.title if article.current_edition else "",
        "editions": editions,
        "path": article.get_absolute_url(),
    }
    if "from" not in request.GET and "to" not in request.GET:
        return render(request, "articles/history.html", context)
    one, other = (_numbered(editions, request.GET.get(name, "")) for name in ("from", "to"))
    context |= {"one": one, "other": other, "comparison": _compared(one.pk, other.pk)}
    return render(request, "articles/compare.html", context)


def _numbered(editions: list[Edition], number: str) -> Edition:
    for edition in editions:
        if str(edition.number) == number:
            return edition
    raise Http404


@lru_cache(maxsize=64)
def _compared(one: int, other: int) -> Comparison:
    """Editions never change, so neither does what parts them."""
    contents = dict(Edition.objects.filter(pk__in=[one, other]).values_list("pk", "content"))
    return compare(json.loads(contents[one]), json.loads(contents[other]))


def screen(request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Article]) -> HttpResponse:
    """Staff: any two of the draft, the live edition and the editions before it."""
    if not request.user.has_perm("education.view_article"):
        raise PermissionDenied
    article = get_object_or_404(Article.objects.select_related("topic", "author", "current_edition"), pk=pk)
    one, other = request.GET.get("from", LIVE), request.GET.get("to", DRAFT)
    context = {
        **model_admin.admin_site.each_context(request),
        **{"article": article, "title": "Compare", "opts": model_admin.opts, "one": one, "other": other},
        "choices": [(DRAFT, "The draft"), (LIVE, "The live edition"), *_editions(article)],
        "comparison": compare(_content(article, one), _content(article, other)) if article.current_edition else None,
    }
    return render(request, "admin/articles/compare.html", context)


def _editions(article: Article) -> list[tuple[str, str]]:
    return [
        (str(edition.number), f"Edition {edition.number}, {edition.published_at:%Y-%m-%d}")
        for edition in article.editions.defer("html", "content")
    ]


def _content(article: Article, which: str) -> Content:
    if which == DRAFT:
        return draft_content(article)
    edition = article.current_edition if which == LIVE else None
    if which.isdecimal():
        edition = article.editions.filter(number=which[:9]).first()
    if edition is None:
        raise Http404
    content: Content = json.loads(edition.content)
    return content
