"""Staff compare any two versions of a page: earlier drafts, editions, and the current draft."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from education.articles import workflow
from education.articles.content.canonical import CLINIC, Content, draft_content, parsed
from education.articles.content.compare import Comparison, compare
from education.articles.editing.screen import article_for, screen
from education.articles.models import Article
from education.articles.reviewing.changed_blocks import show_changed_blocks
from education.core.text import whole_number
from education.people.models import Person

DRAFT, LIVE = "draft", "live"
EARLIER = "saved-"  # followed by the key of a DraftVersion


@require_safe
def compare_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Word by word, from `?from=` to `?to=`: `draft`, `live`, an edition's number, or `saved-` and a draft's key."""
    article = article_for(request, pk, workflow.MAY_VIEW)
    choices = [(DRAFT, "The draft"), *([(LIVE, "The live edition")] if article.current_edition else [])]
    choices += [*_editions(article), *_saved(article)]
    one, other = request.GET.get("from", choices[:2][-1][0]), request.GET.get("to", DRAFT)
    comparison, authors = _compared(article, one, other) if len(choices) > 1 else (None, None)
    context = {
        **{"one": one, "other": other, "choices": choices},
        "earlier": _earlier(one),
        "may_write": request.user.has_perm(workflow.MAY_WRITE),
        "comparison": comparison,
        "authors": authors,
    }
    return screen(request, article, "compare", context, title="Compare")


def _compared(article: Article, one: str, other: str) -> tuple[Comparison, tuple[str, str] | None]:
    old, new = _content(article, one), _content(article, other)
    comparison = compare(old, new)
    show_changed_blocks(comparison, old, new)
    return comparison, authors_if_changed(old, new)


def authors_if_changed(old: Content, new: Content) -> tuple[str, str] | None:
    """Who wrote it, before and now, if that is somebody else: no word of the page says it, and it is signed."""
    slugs = old.get("author", ""), new.get("author", "")
    if slugs[0] == slugs[1]:
        return None
    names = {person.slug: str(person) for person in Person.objects.filter(slug__in=slugs)}
    names |= {CLINIC: "the clinic", "": "nobody"}
    before, now = (names.get(slug) or slug for slug in slugs)
    return before, now


def _editions(article: Article) -> list[tuple[str, str]]:
    return [
        (str(edition.number), f"Edition {edition.number}, {date_format(timezone.localtime(edition.published_at))}")
        for edition in article.editions.defer("html", "content")
    ]


def _saved(article: Article) -> list[tuple[str, str]]:
    """The earlier drafts whose content differs from the current one."""
    versions = article.versions.exclude(sha256=article.draft_sha256).defer("content")
    return [
        (f"{EARLIER}{version.pk}", f"Draft of {_moment(version.saved_at)}, {version.saved_by}") for version in versions
    ]


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _content(article: Article, which: str) -> Content:
    if which == DRAFT:
        return draft_content(article)
    if which == LIVE and article.current_edition:
        return parsed(article.current_edition.content)
    if earlier := _earlier(which):
        return parsed(get_object_or_404(article.versions, pk=earlier).content)
    number = whole_number(which)
    if number is None:
        raise Http404
    return parsed(get_object_or_404(article.editions, number=number).content)


def _earlier(which: str) -> int | None:
    """The key of the earlier draft; None where `which` is something else."""
    return whole_number(which.removeprefix(EARLIER)) if which.startswith(EARLIER) else None
