"""Where the browser leaves what is not saved yet, and where an editor decides about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import get_text_list
from django.views.decorators.http import require_POST

from education.accounts.models import staff
from education.articles import workflow
from education.articles.editing import autosave
from education.articles.editing.autosave_admin import GO_ON
from education.articles.editing.screen import article_for
from education.articles.models import Article, UnsavedWriting

KEPT = "Kept at {time}. Not in the draft yet: press Save draft."
KEPT_BESIDE = "Kept at {time}. Not in the draft yet."
BEHIND = "Kept at {time}. {others} saved other words to this draft meanwhile: when you save, you will see both."
TOO_MUCH = "Not kept: this is more than is kept by itself. Press Save draft."
ELSEWHERE = (
    "Not kept: other unsaved writing of yours, from {time}, waits for this page. "
    "Save this, or open the page anew and decide about the other first."
)


@require_POST
def keep(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Called by the form's script every few seconds; what it answers is shown beside the buttons."""
    article = _article(request, pk)
    base, key = request.POST.get("draft_base", "")[:64], request.POST.get("form_key", "")[:32]
    try:
        kept = autosave.keep(article, request.POST, key=key, base=base, by=staff(request))
    except autosave.TooMuch:
        return _said(TOO_MUCH, status=413)
    except autosave.Elsewhere as found:
        return _said(ELSEWHERE.format(time=_clock(found.kept)), status=409)
    if article and request.POST.get("draft_over") == article.draft_sha256:
        return _said(KEPT_BESIDE.format(time=_clock(kept)))
    if article and base != article.draft_sha256:
        others = autosave.Conflict(article, base, {}).others
        return _said(BEHIND.format(time=_clock(kept), others=get_text_list(others, "and") or "Somebody"))
    return _said(KEPT.format(time=_clock(kept)))


def _said(words: str, *, status: int = 200) -> HttpResponse:
    return JsonResponse({"words": words}, status=status)


def _clock(kept: UnsavedWriting) -> str:
    return f"{timezone.localtime(kept.kept_at):%H:%M}"


@require_POST
def take_up(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    article = _article(request, pk)
    autosave.take_up(article, key=get_random_string(16), by=staff(request))
    return HttpResponseRedirect(f"{_form_of(article)}?{GO_ON}=1")


@require_POST
def throw_away(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    article = _article(request, pk)
    if autosave.throw_away(article, by=staff(request)):
        messages.success(request, "Thrown away. This is the draft as it was last saved.")
    return HttpResponseRedirect(_form_of(article))


def _article(request: HttpRequest, pk: int | None) -> Article | None:
    if pk is not None:
        return article_for(request, pk, workflow.MAY_WRITE)
    if not request.user.has_perm(workflow.MAY_ADD):
        raise PermissionDenied
    return None


def _form_of(article: Article | None) -> str:
    if article:
        return reverse("admin:education_article_change", args=[article.pk])
    return reverse("admin:education_article_add")
