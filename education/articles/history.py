"""What changed on a page over time: for patients between its editions, for staff up to the draft."""

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from education.articles import staff_pages
from education.articles.compare import Comparison, compare
from education.articles.content import Content, draft_content, parsed
from education.articles.models import Article, Edition
from education.core.http import public_page

DRAFT, LIVE = "draft", "live"
EARLIER = "saved-"  # and the key of a saved draft


@public_page
def article(request: HttpRequest, topic: str, slug: str) -> HttpResponse:
    found = Article.objects.published().filter(topic__slug=topic).exclude(kind=Article.Kind.POLICY)
    return _history(request, get_object_or_404(found, slug=slug))


@public_page
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    return _history(request, get_object_or_404(Article.objects.published().filter(kind=Article.Kind.POLICY), slug=slug))


def _history(request: HttpRequest, article: Article) -> HttpResponse:
    """All editions; with `?from=1&to=2`, what changed between these two."""
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
    """Editions, and the reviews that came after an edition and left its words as they were; the newest first."""
    used = {edition.sign_off_id for edition in editions}
    known = {edition.sha256: edition for edition in reversed(editions)}
    later = [
        {"at": sign_off.signed_at, "review": sign_off, "edition": known[sign_off.sha256]}
        for sign_off in article.sign_offs.defer("content")
        if sign_off.sha256 in known and sign_off.pk not in used
    ]
    published = [{"at": edition.published_at, "edition": edition} for edition in editions]
    return sorted([*published, *later], key=lambda entry: entry["at"], reverse=True)


def _numbered(editions: list[Edition], number: str) -> Edition:
    for edition in editions:
        if str(edition.number) == number:
            return edition
    raise Http404


@lru_cache(maxsize=64)
def _compared(one: int, other: int) -> Comparison:
    """Editions never change, so neither does what parts them."""
    contents = dict(Edition.objects.filter(pk__in=[one, other]).values_list("pk", "content"))
    return compare(parsed(contents[one]), parsed(contents[other]))


@require_safe
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff: any two of the draft, the live edition, the editions before it and the earlier drafts."""
    article = staff_pages.article_for(request, pk, "education.view_article")
    choices = [(DRAFT, "The draft"), *([(LIVE, "The live edition")] if article.current_edition else [])]
    choices += [*_editions(article), *_saved(article)]
    one, other = request.GET.get("from", choices[:2][-1][0]), request.GET.get("to", DRAFT)
    context = {
        **{"one": one, "other": other, "choices": choices},
        "comparison": compare(_content(article, one), _content(article, other)) if len(choices) > 1 else None,
    }
    return staff_pages.screen(request, article, "compare", context, title="Compare")


def _editions(article: Article) -> list[tuple[str, str]]:
    return [
        (str(edition.number), f"Edition {edition.number}, {edition.published_at:%Y-%m-%d}")
        for edition in article.editions.defer("html", "content")
    ]


def _saved(article: Article) -> list[tuple[str, str]]:
    """The earlier drafts that say something else than the one of now."""
    versions = article.versions.exclude(sha256=article.draft_sha256).defer("content")
    return [
        (
            f"{EARLIER}{version.pk}",
            f"Draft of {timezone.localtime(version.saved_at):%Y-%m-%d %H:%M}, {version.saved_by}",
        )
        for version in versions
    ]


def _content(article: Article, which: str) -> Content:
    if which == DRAFT:
        return draft_content(article)
    if which.removeprefix(EARLIER).isdecimal() and which.startswith(EARLIER):
        return parsed(get_object_or_404(article.versions, pk=which.removeprefix(EARLIER)[:18]).content)
    edition = article.current_edition if which == LIVE else None
    if which.isdecimal():
        edition = article.editions.filter(number=which[:9]).first()
    if edition is None:
        raise Http404
    return parsed(edition.content)
