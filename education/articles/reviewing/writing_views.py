"""What the editor asks for while somebody writes: the page as it is now, and what can be chosen for it."""

from copy import copy

from csp.decorators import csp_replace
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from education.articles import workflow
from education.articles.editing import autosave, autosave_views, picker_views
from education.articles.editing.screen import article_for
from education.articles.models import Article, Topic
from education.articles.public.preview import page_context
from education.articles.publishing import gate
from education.articles.rendering.unfinished import render_unfinished
from education.core.http import by_button, no_store
from education.core.text import counted, whole_number

ALL_PASS, ONLY_SIGNATURE = "All checks pass", "The saved draft is ready to sign"


def _editor(pk: int | None = None) -> str:
    return reverse("admin:education_article_change", args=[pk]) if pk else reverse("admin:education_article_add")


@by_button(_editor)
@gzip_page
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


@require_safe
def still_missing(request: HttpRequest, pk: int) -> JsonResponse:
    """What the publication checks want of the draft as it was saved last, in words for the bar below the form. Its
    script asks for it: the checks take a seventh of the time in which the form opens."""
    result = gate.check(article_for(request, pk, workflow.MAY_WRITE))
    if count := len(result.failure_messages(include_clinician=False)):
        return JsonResponse({"words": f"{counted(count, 'thing')} missing"})
    return JsonResponse({"words": ALL_PASS if result.is_open else ONLY_SIGNATURE})


def _article(request: HttpRequest, pk: int | None) -> Article:
    if pk is not None:
        return article_for(request, pk, workflow.MAY_WRITE)
    if not request.user.has_perm(workflow.MAY_ADD):
        raise PermissionDenied
    topics = Topic.objects.all()
    chosen = topics.filter(pk=whole_number(request.POST.get("topic", "")) or 0).first()
    return Article(topic=chosen or topics.first() or Topic(title="No topic yet", slug="no-topic"))


def writing_addresses() -> list[URLPattern]:
    wrap = admin.site.admin_view
    return [
        path("<int:pk>/live-preview/", wrap(live_preview), name="education_article_live_preview"),
        path("add/live-preview/", wrap(live_preview), name="education_article_live_preview_new"),
        path("pick/studies/look-up/", wrap(picker_views.look_up), name="education_article_look_up"),
        path("pick/<slug:kind>/", wrap(picker_views.pick), name="education_article_pick"),
        path("pick/<slug:kind>/add/", wrap(picker_views.add), name="education_article_pick_add"),
        path("<int:pk>/still-missing/", wrap(still_missing), name="education_article_still_missing"),
        path("<int:pk>/unsaved/keep/", wrap(autosave_views.save), name="education_article_keep"),
        path("<int:pk>/unsaved/take-up/", wrap(autosave_views.resume), name="education_article_take_up"),
        path("<int:pk>/unsaved/throw-away/", wrap(autosave_views.discard), name="education_article_throw_away"),
        path("add/unsaved/keep/", wrap(autosave_views.save), name="education_article_keep_new"),
        path("add/unsaved/take-up/", wrap(autosave_views.resume), name="education_article_take_up_new"),
        path("add/unsaved/throw-away/", wrap(autosave_views.discard), name="education_article_throw_away_new"),
    ]
