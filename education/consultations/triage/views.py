"""What staff see: the queue, and the record of one request. No address and no title holds an answer."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from education.accounts.models import staff
from education.audit.models import AuditEvent
from education.clinic.models import ClinicProfile
from education.consultations import workflow
from education.consultations.form.call_times import CallTimes
from education.consultations.form.fields import problems_of
from education.consultations.models import ConsultationRequest, Flag, IntakePause, ReplyTemplate
from education.consultations.triage import actions, queue
from education.consultations.triage.checklist import before_the_call
from education.consultations.triage.duplicates import possible_duplicates
from education.consultations.triage.forms import CallBackForm, CloseForm, NoteForm
from education.consultations.triage.next_call import can_be_kept, next_call_time
from education.consultations.triage.queue import MAX_PAGE, MINE, OVERDUE, PAGE_SIZE, Filter
from education.consultations.triage.record import OpenedRequest, notes_for
from education.consultations.workflow import Status
from education.core.contact import telephone

OPENED_EVENT = "request_opened"
EVENT_WORDS = {
    "request_received": "Received",
    "request_entered": "Taken by telephone",
    "request_amended": "The patient added something",
    "request_withdrawn": "The patient withdrew it",
    "request_printed": "Printed",
    "request_copied": "Copied for the chart",
    "request_claim": "Claimed",
    "request_no_answer": "Called, nobody answered",
    "request_voicemail": "Left a voice message",
    "request_call_back": "To be called back",
    "request_contact": "Contacted",
    "request_needs_clinician": "Passed to a clinician",
    "request_book": "Booked",
    "request_note": "Note added",
    "request_confirm_contact": "Changed contact confirmed",
    "request_close": "Closed",
    "request_spam": "Marked as spam",
    "request_not_spam": "Marked as not spam",
    "request_reopen": "Reopened",
    "request_reply": "Mail sent",
}
may_view = permission_required(workflow.MAY_VIEW, raise_exception=True)
may_work = permission_required(workflow.MAY_WORK, raise_exception=True)


@may_view
@require_safe
def queue_screen(request: HttpRequest) -> HttpResponse:
    return _queue(request, request.GET, "queue", "requests_listed")


@may_view
@require_POST
def print_queue(request: HttpRequest) -> HttpResponse:
    """By POST: each print is recorded in the audit trail."""
    return _queue(request, request.POST, "print_queue", "requests_printed")


def _queue(request: HttpRequest, asked: Any, template: str, verb: str) -> HttpResponse:
    wanted = _filter(asked)
    number = min(_number(asked.get("page", "")) or 1, MAX_PAGE)
    rows, more = queue.page(wanted, number, by=staff(request))
    context = {
        "rows": _with_waiting_time(actions.list_requests(rows, by=staff(request), verb=verb)),
        "filters": _filter_links(wanted),
        "wanted": wanted,
        "previous": _queue_url(wanted, number - 1) if number > 1 else "",
        "next": _queue_url(wanted, number + 1) if more and number < MAX_PAGE else "",
        "number": number,
    }
    return screen(request, template, context, title="Consultation requests")


@may_view
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """By POST, so that the name searched for is in no address, browser history or log."""
    typed = request.POST.get("q", "").strip()
    found = actions.search(typed).order_by("-received_at")
    keys = list(found.values_list("pk", flat=True)[: PAGE_SIZE + 1])
    rows = queue.in_order(keys[:PAGE_SIZE])
    context = {
        "rows": _with_waiting_time(actions.list_requests(rows, by=staff(request), verb="requests_searched")),
        "filters": _filter_links(None),
        "searched": True,
        "typed": typed,
        "more": len(keys) > PAGE_SIZE,
    }
    return screen(request, "queue", context, title="Search in consultation requests")


def _with_waiting_time(rows: list[OpenedRequest]) -> list[tuple[OpenedRequest, str]]:
    """Each row with how long it has waited, in opening hours."""
    hours, now = IntakePause.objects.desk_hours(ClinicProfile.load()), timezone.now()
    return [(row, hours.in_words(hours.open_time(row.row.received_at, now))) for row in rows]


@may_view
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    return show_record(request, get_object_or_404(ConsultationRequest, pk=pk))


def show_record(
    request: HttpRequest,
    row: ConsultationRequest,
    *,
    forms: dict[str, Any] | None = None,
    template: str = "record",
    verb: str = OPENED_EVENT,
) -> HttpResponse:
    """The record. `forms`: those that came back with errors, by their names in the template."""
    user = staff(request)
    opened = actions.open_request(row, by=user, verb=verb)
    clinic = ClinicProfile.load()
    hours = IntakePause.objects.desk_hours(clinic)
    wanted = CallTimes.of(opened.answers)
    suggested = next_call_time(wanted, hours=hours, now=timezone.now())
    context = {
        "opened": opened,
        "row": row,
        "flag_words": f"{row.get_flag_display()}.",
        "waited": hours.in_words(hours.open_time(row.received_at, timezone.now())),
        "checklist": before_the_call(opened),
        "numbers": telephone.read(opened.answer("phone"), clinic.country),
        "typed_words": telephone.has_words(opened.answer("phone")),
        "duplicates": possible_duplicates(row, opened, clinic.country),
        "verbs": workflow.REQUESTS.verbs(row.status) if user.has_perm(workflow.MAY_WORK) else [],
        "may_erase": user.has_perm(workflow.MAY_ERASE),
        "mine": row.assignee_id == user.pk,
        "notes": notes_for(row, by=user),
        "history": _history(row),
        "looks": _openings(row),
        "call_times": str(wanted),
        "call_times_kept": can_be_kept(wanted, hours),
        "next_call_time": suggested,
        "replies": ReplyTemplate.objects.filter(active=True) if opened.answer("email") else [],
        "note_form": NoteForm(),
        "close_form": CloseForm(),
        "call_back_form": CallBackForm(initial={"at": timezone.localtime(suggested)}),
        "problems": [problem for form in (forms or {}).values() for problem in problems_of(form)],
        **(forms or {}),
    }
    return screen(request, template, context, title=f"Request {row.reference}")


def _openings(row: ConsultationRequest) -> list[dict[str, Any]]:
    """Who opened it, how often and when last. Listed one by one they would bury the rest of the history."""
    events = AuditEvent.objects.filter(about=row.about, verb=OPENED_EVENT).order_by()
    return [{**look} for look in events.values("actor").annotate(count=Count("id"), last=Max("at")).order_by("-last")]


def _history(row: ConsultationRequest) -> list[dict[str, Any]]:
    events = AuditEvent.objects.filter(about=row.about).exclude(verb=OPENED_EVENT).order_by("-id")[:PAGE_SIZE]
    return [{"at": event.at, "actor": event.actor, "words": _event_words(event)} for event in events]


def _event_words(event: AuditEvent) -> str:
    words = EVENT_WORDS.get(event.verb) or event.verb.removeprefix("request_").replace("_", " ").capitalize()
    reason = workflow.CLOSE_REASONS.get(event.detail.get("reason", ""), "")
    return f"{words} ({reason.lower()})" if reason else words


def _filter(asked: Any) -> Filter:
    """The filter in the query string or form; unknown values are ignored."""
    status, flag, only = asked.get("status", ""), _number(asked.get("flag", "")), asked.get("only", "")
    return Filter(
        status=status if status in Status.values else "",
        flag=flag if flag in Flag.values else None,
        only=only if only in (MINE, OVERDUE) else "",
    )


def _filter_links(wanted: Filter | None) -> list[dict[str, Any]]:
    """The rows of links above the queue; `wanted` is None after a search, when none of them is current."""
    current = wanted or Filter()
    statuses = [("", "Waiting"), *Status.choices]
    flags: list[tuple[int | None, str]] = [
        (None, "Any flag"),
        *((flag.value, str(flag.label)) for flag in sorted(Flag, reverse=True)),
    ]
    only = [("", "Everybody’s"), (MINE, "Mine"), (OVERDUE, "Overdue")]
    rows: list[tuple[str, list[tuple[str, Filter]]]] = [
        ("Status", [(words, Filter(value, current.flag, current.only)) for value, words in statuses]),
        ("Flag", [(words, Filter(current.status, flag, current.only)) for flag, words in flags]),
        ("Whose", [(words, Filter(current.status, current.flag, value)) for value, words in only]),
    ]
    return [
        {"title": title, "links": [(words, _queue_url(target), target == wanted) for words, target in links]}
        for title, links in rows
    ]


def _queue_url(wanted: Filter, page: int = 1) -> str:
    flag = "" if wanted.flag is None else str(wanted.flag)
    given = {"status": wanted.status, "flag": flag, "only": wanted.only, "page": str(page) if page > 1 else ""}
    query = "&".join(f"{name}={value}" for name, value in given.items() if value)
    return f"?{query}" if query else reverse("admin:education_consultationrequest_changelist")


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len("1000") else None


def screen(request: HttpRequest, name: str, context: dict[str, Any], *, title: str) -> HttpResponse:
    whole = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"admin/consultations/{name}.html", whole)
