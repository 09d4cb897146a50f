"""Where the browser sends autosaves, and where an editor resumes or discards one."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.views.decorators.http import require_http_methods

from education.accounts.models import staff
from education.articles import workflow
from education.articles.editing import autosave
from education.articles.editing.autosave_admin import RESUME
from education.articles.editing.screen import article_for
from education.articles.models import Article, UnsavedWriting
from education.colleagues import presence
from education.core.http import by_button
from education.core.text import full_stop

AUTOSAVED = "Autosaved at {time} Not in the draft yet."
DRAFT_CHANGED = "Autosaved at {time} {others} changed this draft meanwhile: when you save, you will see both."
TOO_LARGE = "Not autosaved: this page is too large for that. Press Save draft."
OTHER_WRITING = (
    "Not autosaved: you have other unsaved writing for this page, from {time} "
    "Save this, or reload the page and decide about the other first."
)


@require_http_methods(["GET", "POST"])
def save(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Called by the form's script every few seconds; its answer, `{"words": …, "others": …}`, is shown at the buttons.
    A GET gives the script a token for a form that was opened before its editor logged in again, and who else is there.
    """
    article = _article(request, pk)
    others = autosave.other_editors(article, than=staff(request)) if article else ""
    if request.method == "GET":
        return JsonResponse({"token": get_token(request), "others": others})
    if article:
        presence.note(article, by=staff(request))
    answer = _autosave(request, article)
    return JsonResponse({"words": answer.words, "others": others}, status=answer.status)


@dataclass(frozen=True)
class Outcome:
    """How an autosave went."""

    words: str
    status: int = 200


def _autosave(request: HttpRequest, article: Article | None) -> Outcome:
    base_sha256, form_key = request.POST.get("draft_base", "")[:64], request.POST.get("form_key", "")[:32]
    try:
        unsaved = autosave.save(article, request.POST, form_key=form_key, base_sha256=base_sha256, by=staff(request))
    except autosave.TooLarge:
        return Outcome(TOO_LARGE, 413)
    except autosave.OtherUnsavedWriting as found:
        return Outcome(OTHER_WRITING.format(time=_time(found.unsaved)), 409)
    time = _time(unsaved)
    if article and article.draft_sha256 not in (base_sha256, request.POST.get("draft_over")):
        others = get_text_list(autosave.Conflict(article, base_sha256, {}).other_editors, "and")
        return Outcome(DRAFT_CHANGED.format(time=time, others=others or "Somebody"))
    return Outcome(AUTOSAVED.format(time=time))


def _form_address(pk: int | None = None) -> str:
    return reverse("admin:education_article_change", args=[pk]) if pk else reverse("admin:education_article_add")


button_of_form = by_button(_form_address)


def _time(unsaved: UnsavedWriting) -> str:
    return full_stop(date_format(timezone.localtime(unsaved.autosaved_at), "TIME_FORMAT"))


@button_of_form
def resume(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    article = _article(request, pk)
    autosave.resume(article, form_key=get_random_string(16), by=staff(request))
    return HttpResponseRedirect(f"{_form_address(article.pk if article else None)}?{RESUME}=1")


@button_of_form
def discard(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    article = _article(request, pk)
    if autosave.discard(article, by=staff(request)):
        messages.success(request, "Discarded. This is the draft as it was last saved.")
    return HttpResponseRedirect(_form_address(article.pk if article else None))


def _article(request: HttpRequest, pk: int | None) -> Article | None:
    if pk is not None:
        return article_for(request, pk, workflow.MAY_WRITE)
    if not request.user.has_perm(workflow.MAY_ADD):
        raise PermissionDenied
    return None
