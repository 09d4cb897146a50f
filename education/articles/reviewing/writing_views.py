"""What the editor asks for while somebody writes: the page as it stands, and pages to link to."""

from copy import copy

from csp.decorators import csp_replace
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from education.articles import workflow
from education.articles.editing import autosave, autosave_views
from education.articles.editing.screen import article_for
from education.articles.models import Article, Topic
from education.articles.public.preview import page_context
from education.articles.rendering.unfinished import render_unfinished
from education.core.http import by_button, no_store
from education.core.text import whole_number


def _editor(pk: int | None = None) -> str:
    return reverse("admin:education_article_change", args=[pk]) if pk else reverse("admin:education_article_add")


@by_button(_editor)
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
def live_preview(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Takes the whole edit form and stores nothing. Each block is named in a comment by its place in the form."""
    article = _article(request, pk)
    content, places = autosave.typed_page(request.POST, article)
    shown = copy(article)
    shown.title, shown.summary = content["title"] or "Without a title yet", content["summary"]
    context = page_context(shown, render_unfinished(content, [str(place) for place in places]))
    return no_store(render)(request, "articles/article.html", context | {"draft": article, "is_live": True})  # type: ignore[return-value]


def _article(request: HttpRequest, pk: int | None) -> Article:
    if pk is not None:
        return article_for(request, pk, workflow.MAY_WRITE)
    if not request.user.has_perm(workflow.MAY_ADD):
        raise PermissionDenied
    topics = Topic.objects.all()
    chosen = topics.filter(pk=whole_number(request.POST.get("topic", "")) or 0).first()
    return Article(topic=chosen or topics.first() or Topic(title="No topic yet", slug="no-topic"))


@require_safe
def suggest_pages(request: HttpRequest) -> JsonResponse:
    """The pages that fit what an editor has begun to type after `[[`."""
    if not request.user.has_perm(workflow.MAY_VIEW):
        raise PermissionDenied
    found = Article.objects.select_related("topic").order_by("title")
    for word in request.GET.get("q", "")[:80].split():
        found = found.filter(Q(title__icontains=word) | Q(aliases__icontains=word) | Q(slug__icontains=word))
    rows = [
        {
            "value": page.get_absolute_url(),
            "words": page.title,
            "note": "" if page.current_edition_id else "Not published yet",
        }
        for page in found[:8]
    ]
    return JsonResponse({"found": rows})


def writing_addresses() -> list[URLPattern]:
    wrap = admin.site.admin_view
    return [
        path("<int:pk>/live-preview/", wrap(live_preview), name="education_article_live_preview"),
        path("add/live-preview/", wrap(live_preview), name="education_article_live_preview_new"),
        path("suggest/", wrap(suggest_pages), name="education_article_suggest"),
        path("<int:pk>/unsaved/keep/", wrap(autosave_views.save), name="education_article_keep"),
        path("<int:pk>/unsaved/take-up/", wrap(autosave_views.resume), name="education_article_take_up"),
        path("<int:pk>/unsaved/throw-away/", wrap(autosave_views.discard), name="education_article_throw_away"),
        path("add/unsaved/keep/", wrap(autosave_views.save), name="education_article_keep_new"),
        path("add/unsaved/take-up/", wrap(autosave_views.resume), name="education_article_take_up_new"),
        path("add/unsaved/throw-away/", wrap(autosave_views.discard), name="education_article_throw_away_new"),
    ]
