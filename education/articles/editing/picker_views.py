"""What the editor's pickers ask the site for: rows to choose from, and the small form that adds one."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from education.accounts.models import staff
from education.articles import workflow
from education.articles.editing.pickers import PICKERS, Picker, rows
from education.core.http import no_store

MAX_WORDS = 80  # characters of what somebody types to find something
MAX_NAMED = 300  # values asked about at once


@require_safe
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """With `q`, what fits these words; with `named`, those of these values that exist."""
    picker = _picker(request, kind)
    if named := request.GET.getlist("named")[:MAX_NAMED]:
        return JsonResponse({"found": rows(picker.named([value[:500] for value in named]))})
    found = list(picker.find(request.GET.get("q", "")[:MAX_WORDS].split()))[: picker.many]
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
    if request.method == "POST" and form.is_valid():
        return JsonResponse(rows([picker.row(picker.adding.store(form, staff(request)))])[0], status=201)
    status = 422 if request.method == "POST" else 200
    return render(request, "admin/articles/adding.html", {"form": form, "kind": kind}, status=status)


def _picker(request: HttpRequest, kind: str) -> Picker:
    if not request.user.has_perm(workflow.MAY_VIEW):
        raise PermissionDenied
    if kind not in PICKERS:
        raise Http404
    return PICKERS[kind]
