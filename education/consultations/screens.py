"""What staff see: the queue, the record of one request, and the buttons on it. Addresses and titles hold no answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from education.audit.models import AuditEvent
from education.consultations import actions, workflow
from education.consultations.models import ConsultationRequest, Flag, RequestQuerySet, Status
from education.consultations.record import open_note
from education.consultations.triage_forms import CloseForm, NoteForm
from education.core.workflow import IllegalMove
from education.staff.models import User

PAGE = 50
LAST_PAGE = 200
EVENTS = {
    "request_received": "Received",
    "request_amended": "The patient sent it again with changes",
    "request_opened": "Opened",
    "request_claim": "Claimed",
    "request_contact": "Contacted",
    "request_note": "Note added",
    "request_close": "Closed",
    "request_reopen": "Reopened",
}
may_view = permission_required(workflow.MAY_VIEW, raise_exception=True)


def staff(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@may_view
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    status, flag = request.GET.get("status", ""), request.GET.get("flag", "")
    number = min(_number(request.GET.get("page", "")) or 1, LAST_PAGE)
    # One row more than shown tells whether there is a next page: counting them all would slow with every request.
    rows = list(_filtered(status, flag).in_queue_order()[(number - 1) * PAGE : number * PAGE + 1])
    context = {
        "rows": actions.list_requests(rows[:PAGE], by=staff(request)),
        "filters": _filters(status, flag),
        "previous": _address(status, flag, number - 1) if number > 1 else "",
        "next": _address(status, flag, number + 1) if len(rows) > PAGE and number < LAST_PAGE else "",
        "number": number,
    }
    return _screen(request, "queue", context, title="Consultation requests")


@may_view
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """By POST, so that the name looked for is in no address, history or log."""
    typed = request.POST.get("q", "").strip()
    found = list(_with_parts(actions.search(typed)).in_queue_order()[: PAGE + 1]) if typed else []
    context = {
        "rows": actions.list_requests(found[:PAGE], by=staff(request), found_by_search=True),
        "filters": _filters(None, None),
        "searched": True,
        "typed": typed,
        "more": len(found) > PAGE,
    }
    return _screen(request, "queue", context, title="Search in consultation requests")


@may_view
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    return _record(request, get_object_or_404(ConsultationRequest, pk=pk))


def _record(
    request: HttpRequest,
    row: ConsultationRequest,
    *,
    note_form: NoteForm | None = None,
    close_form: CloseForm | None = None,
) -> HttpResponse:
    user = staff(request)
    context = {
        "opened": actions.open_request(row, by=user),
        "row": row,
        "verbs": workflow.REQUESTS.verbs(row.status) if user.has_perm(workflow.MAY_WORK) else [],
        "mine": row.assignee_id == user.pk,
        "notes": [open_note(note) for note in row.notes.select_related("author", "request")],
        "history": _history(row),
        "note_form": note_form or NoteForm(),
        "close_form": close_form or CloseForm(),
        "failed": bool(note_form or close_form),
    }
    return _screen(request, "record", context, title=f"Request {row.reference}")


def _history(row: ConsultationRequest) -> list[dict[str, Any]]:
    events = AuditEvent.objects.filter(about=row.about).order_by("-id")[:PAGE]
    return [{"at": event.at, "actor": event.actor, "words": EVENTS.get(event.verb, event.verb)} for event in events]


def _move(request: HttpRequest, row: ConsultationRequest, action: Callable[[], None], done: str) -> HttpResponse:
    try:
        action()
    except IllegalMove:
        words = f"Request {row.reference} has changed meanwhile: that is no longer possible. This is how it stands now."
        messages.warning(request, words)
    else:
        messages.success(request, f"Request {row.reference}: {done}.")
    return HttpResponseRedirect(reverse("admin:education_consultationrequest_change", args=[row.pk]))


@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    return _move(request, row, lambda: actions.claim(row, by=staff(request)), "it is yours now")


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    return _move(request, row, lambda: actions.mark_contacted(row, by=staff(request)), "marked as contacted")


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _record(request, row, note_form=form)
    text = form.cleaned_data["text"]
    return _move(request, row, lambda: actions.add_note(row, text=text, by=staff(request)), "note added")


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _record(request, row, close_form=form)
    reason = form.cleaned_data["reason"]
    return _move(request, row, lambda: actions.close(row, reason=reason, by=staff(request)), "closed")


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    return _move(request, row, lambda: actions.reopen(row, by=staff(request)), "reopened, it waits in the queue again")


def _filtered(status: str, flag: str) -> RequestQuerySet:
    """What the queue shows: without a status, everything that still waits."""
    requests = ConsultationRequest.objects.all()
    requests = requests.filter(status=status) if status in Status.values else requests.waiting()
    if (wanted := _number(flag)) is not None and wanted in Flag.values:
        requests = requests.filter(flag=wanted)
    return _with_parts(requests)


def _with_parts(requests: RequestQuerySet) -> RequestQuerySet:
    return requests.select_related("assignee").prefetch_related("amendments")


def _filters(status: str | None, flag: str | None) -> list[dict[str, Any]]:
    """The two rows of links above the queue. After a search none of them is chosen."""
    statuses = [("", "Waiting"), *Status.choices]
    flags = [("", "Any flag"), *((str(value), str(label)) for value, label in reversed(Flag.choices))]
    return [
        {
            "title": "Status",
            "links": [(words, _address(value, flag or ""), value == status) for value, words in statuses],
        },
        {"title": "Flag", "links": [(words, _address(status or "", value), value == flag) for value, words in flags]},
    ]


def _address(status: str, flag: str, page: int = 1) -> str:
    given = {"status": status, "flag": flag, "page": str(page) if page > 1 else ""}
    query = "&".join(f"{name}={value}" for name, value in given.items() if value)
    return f"?{query}" if query else reverse("admin:education_consultationrequest_changelist")


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len("1000") else None


def _screen(request: HttpRequest, name: str, context: dict[str, Any], *, title: str) -> HttpResponse:
    whole = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"admin/consultations/{name}.html", whole)
