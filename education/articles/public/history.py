"""What changed on a page between its editions, as patients may read it."""

from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from education.articles.content.canonical import parsed
from education.articles.content.compare import Comparison, compare
from education.articles.models import Article, Edition
from education.core.http import public_page


@public_page(names_others=True, query=("from", "to"))
def article(request: HttpRequest, topic: str, slug: str) -> HttpResponse:
    found = _published().filter(topic__slug=topic).exclude(kind=Article.Kind.POLICY)
    return _history(request, get_object_or_404(found, slug=slug))


@public_page(names_others=True, query=("from", "to"))
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    return _history(request, get_object_or_404(_published().filter(kind=Article.Kind.POLICY), slug=slug))


def _published() -> QuerySet[Article]:
    whole = Article.objects.published().select_related("topic", "current_edition")
    return whole.defer("current_edition__html", "current_edition__content")


def _history(request: HttpRequest, article: Article) -> HttpResponse:
    """The list of editions; with `?from=1&to=2`, what changed between these two."""
    editions = list(article.editions.select_related("sign_off").defer("html", "content", "sign_off__content"))
    context: dict[str, Any] = {
        "article": article,
        "title": article.current_edition.title if article.current_edition else "",
        "editions": editions,
        "entries": _entries(article, editions),
        "path": article.get_absolute_url(),
    }
    if "from" not in request.GET and "to" not in request.GET:
        return render(request, "articles/history.html", context)
    one, other = (_numbered(editions, request.GET.get(name, "")) for name in ("from", "to"))
    context |= {"one": one, "other": other, "comparison": _compared(one.pk, other.pk)}
    return render(request, "articles/compare.html", context)


def _entries(article: Article, editions: list[Edition]) -> list[dict[str, Any]]:
    """Editions, and the reviews that left the words of one as they were while patients read it; the newest first.

    A signature that was taken back before its words were published, or was replaced by another, is no such review.
    """
    used = {edition.sign_off_id for edition in editions}
    later = []
    for sign_off in article.sign_offs.defer("content"):
        read_then = next((edition for edition in editions if edition.published_at <= sign_off.signed_at), None)
        if read_then and read_then.sha256 == sign_off.sha256 and sign_off.pk not in used:
            later.append({"at": sign_off.signed_at, "review": sign_off, "edition": read_then})
    published = [{"at": edition.published_at, "edition": edition} for edition in editions]
    return sorted([*published, *later], key=lambda entry: entry["at"], reverse=True)


def _numbered(editions: list[Edition], number: str) -> Edition:
    for edition in editions:
        if str(edition.number) == number:
            return edition
    raise Http404


@lru_cache(maxsize=64)
def _compared(one: int, other: int) -> Comparison:
    """Editions never change, so neither does what differs between them."""
    contents = dict(Edition.objects.filter(pk__in=[one, other]).values_list("pk", "content"))
    return compare(parsed(contents[one]), parsed(contents[other]))
