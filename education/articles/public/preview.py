"""The draft as patients would see it: in the admin, and by a signed link for readers without an account."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from education.articles.content.canonical import draft_content
from education.articles.models import Article, Edition
from education.articles.public.views import draft_context
from education.articles.rendering.page import RenderedPage
from education.articles.rendering.page import render as render_page
from education.core.http import no_store
from education.references.actions import UnknownReference

LINK_HOLDS = timedelta(days=7)
SALT = "education.articles.preview"  # part of every link that was ever given out: it never changes


def preview_context(article: Article) -> dict[str, Any]:
    """What the article template needs to show the draft. Raises UnknownReference."""
    return page_context(article, render_page(draft_content(article)))


def page_context(article: Article, page: RenderedPage) -> dict[str, Any]:
    """What the article template needs to show a page that is not an edition yet."""
    edition = Edition(
        article=article,
        number=0,
        title=article.title,
        summary=article.summary,
        html=page.html,
        author=article.author_name,
        published_at=timezone.now(),
    )
    return draft_context(article, edition, page.places) | {"preview_days": LINK_HOLDS.days}


def link_path(article: Article) -> str:
    """The path of the link. Nothing is stored: the link carries its own signature and age."""
    return reverse("preview", args=[signing.dumps(article.pk, salt=SALT)])


@no_store
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The draft as it is now, for whoever was given the link."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_HOLDS)
    except signing.SignatureExpired as error:
        raise PermissionDenied from error
    except signing.BadSignature as error:
        raise Http404 from error
    related = ("topic", "author", "current_edition")
    article = get_object_or_404(Article.objects.select_related(*related), pk=pk)
    try:
        context = preview_context(article)
    except UnknownReference as error:
        raise Http404 from error
    return render(request, "articles/article.html", context | {"draft": article, "by_link": True})
