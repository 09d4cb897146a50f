"""A link with which somebody without an account reads a draft, for some days. Nothing is stored: the link is signed."""

from datetime import timedelta

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from education.articles.drafts import preview_context
from education.articles.models import Article
from education.core.http import no_store
from education.references.actions import UnknownReference

HOLDS = timedelta(days=7)
SALT = "education.articles.preview"


def address(article: Article) -> str:
    return reverse("preview", args=[signing.dumps(article.pk, salt=SALT)])


@no_store
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The draft as it is now, for whoever was given the link."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=HOLDS)
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
