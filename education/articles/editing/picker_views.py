"""What the editor's pickers ask the site for: rows to choose from, and the small form that adds one."""

from itertools import islice

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from education.accounts.models import staff
from education.articles import workflow
from education.articles.editing.adding import FORMS
from education.articles.editing.pickers import PICKERS, Picker, rows
from education.core.disk import NotStored
from education.core.http import INSUFFICIENT_STORAGE, no_store, not_stored
from education.core.text import whole_number
from education.references.identifiers import MAX_PASTED
from education.references.incoming.look_up import ask
from education.references.models import StudyLookUp

MAX_WORDS = 200  # characters of what somebody types to find something: the address of a DOI is long
MAX_NAMED = 300  # values asked about at once


@require_safe
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """With `q`, what fits these words; with `named`, those of these values that exist."""
    picker = _picker(request, kind)
    if named := request.GET.getlist("named")[:MAX_NAMED]:
        return JsonResponse({"found": rows(picker.named([value[:500] for value in named]))})
    found = list(islice(picker.find(request.GET.get("q", "")[:MAX_WORDS].split()), picker.limit))
    may_add = bool(picker.adding and request.user.has_perm(picker.adding.permission))
    return JsonResponse({"found": rows(found), "add": picker.adding.offer if picker.adding and may_add else ""})


@no_store
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """The form by GET; what it added, as a row, by POST. A form with mistakes comes back with what was typed."""
    picker = _picker(request, kind)
    if not picker.adding:
        raise Http404
    if not request.user.has_perm(picker.adding.permission):
        raise PermissionDenied
    form = picker.adding.form_for(request)
    refusal, status = not_stored(request), 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid() and not refusal:
        try:
            return JsonResponse(rows([picker.row(picker.adding.store(form, staff(request)))])[0], status=201)
        except NotStored as error:
            refusal = error
    if refusal:
        form.add_error("file" if refusal.is_file else None, str(refusal))
        status = INSUFFICIENT_STORAGE
    return render(
        request,
        "admin/articles/adding.html",
        {"form": form, "kind": kind, "title": picker.adding.offer, "may_look_up": settings.LOOK_UP_STUDIES},
        status=status,
    )


@no_store
def look_up(request: HttpRequest) -> HttpResponse:
    """A DOI or PubMed number by POST; by GET whether its answer has come."""
    if not request.user.has_perm(FORMS["studies"].permission):
        raise PermissionDenied
    if request.method == "POST":
        try:
            asked = ask(request.POST.get("number", "")[:MAX_PASTED])
        except ValueError as refusal:
            return JsonResponse({"problem": str(refusal)})
    else:
        number = whole_number(request.GET.get("asked", "")) or 0
        asked = get_object_or_404(StudyLookUp, pk=number)
    if not asked.answered_at:
        return JsonResponse({"waiting": asked.pk})
    return JsonResponse({"problem": asked.problem, "found": asked.found})


def _picker(request: HttpRequest, kind: str) -> Picker:
    if not request.user.has_perm(workflow.MAY_VIEW):
        raise PermissionDenied
    if kind not in PICKERS:
        raise Http404
    return PICKERS[kind]
