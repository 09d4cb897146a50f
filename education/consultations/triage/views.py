"""What staff see: the queue, and the record of one request. No address and no title holds an answer."""

import re
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from education.accounts.models import User, staff
from education.audit.models import AuditEvent
from education.clinic.context import profile_for
from education.clinic.models import ClinicProfile
from education.colleagues import presence
from education.consultations import mails, workflow
from education.consultations.clinicians import flag_words, talked_to
from education.consultations.form.call_times import CallTimes
from education.consultations.form.fields import problems_of
from education.consultations.form.screening import help_after
from education.consultations.models import ConsultationRequest, IntakePause, ReplyTemplate
from education.consultations.public.availability import intake
from education.consultations.triage import actions, queue
from education.consultations.triage.checklist import before_the_call, ticked
from education.consultations.triage.duplicates import possible_duplicates
from education.consultations.triage.forms import CallBackForm, CloseForm, NoteForm, TaskForm
from education.consultations.triage.next_call import can_be_kept, next_call_time
from education.consultations.triage.queue import MAX_PAGE, PAGE_SIZE, QUEUE
from education.consultations.triage.record import (
    CONTACT_WAYS,
    OpenedRequest,
    may_be_booked,
    may_be_passed_on,
    notes_for,
)
from education.core.contact import telephone
from education.core.http import by_button
from education.core.text import whole_number

FORMAL = ("How to reach you", "About you", "Your agreement")  # the pane of the person says the same
OPENED_EVENT = "request_opened"
EVENT_WORDS = {
    "request_received": "Received from the website",
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
    "request_task_done": "Task done",
    "request_task_reopen": "Task open again",
    "request_confirm_contact": "Changed contact confirmed",
    "request_close": "Closed",
    "request_spam": "Marked as spam",
    "request_not_spam": "Marked as not spam",
    "request_reopen": "Reopened",
    "request_reply": "E-mail sent",
    "request_mail_dismissed": "Noted that e-mail does not reach the patient",
}
may_view = permission_required(workflow.MAY_VIEW, raise_exception=True)
may_work = permission_required(workflow.MAY_WORK, raise_exception=True)


def record_address(pk: int) -> str:
    return reverse("admin:education_consultationrequest_change", args=[pk])


button_of_queue = by_button(lambda: reverse(QUEUE))
button_of_record = by_button(record_address)


@may_view
@require_safe
def queue_screen(request: HttpRequest) -> HttpResponse:
    return _queue(request, request.GET, "queue", "requests_listed")


@may_view
@button_of_queue
def print_queue(request: HttpRequest) -> HttpResponse:
    """The queue on paper. By POST, because each print is recorded in the audit trail."""
    return _queue(request, request.POST, "print_queue", "requests_printed")


def _queue(request: HttpRequest, asked: Any, template: str, verb: str) -> HttpResponse:
    wanted = queue.asked_for(asked)
    number = min(whole_number(asked.get("page", "")) or 1, MAX_PAGE)
    rows, more = queue.page(wanted, number, by=staff(request))
    context = {
        "rows": _as_shown(actions.list_requests(rows, by=staff(request), verb=verb), request),
        "chips": queue.chips(wanted, by=staff(request)),
        "wanted": wanted,
        "previous": queue.address(wanted, number - 1) if number > 1 else "",
        "next": queue.address(wanted, number + 1) if more and number < MAX_PAGE else "",
        "number": number,
    }
    return screen(request, template, context, title="Consultation requests")


@may_view
@button_of_queue
def search(request: HttpRequest) -> HttpResponse:
    """Find requests. By POST, so that the name searched for is in no address, browser history or log."""
    typed = request.POST.get("q", "").strip()
    found = actions.search(typed).order_by("-received_at")
    keys = list(found.values_list("pk", flat=True)[: PAGE_SIZE + 1])
    rows = queue.in_order(keys[:PAGE_SIZE])
    listed = actions.list_requests(rows, by=staff(request), verb="requests_searched")
    if len(rows) == 1 and "open" in request.POST:
        return redirect(record_address(rows[0].pk))
    context = {
        "rows": _as_shown(listed, request),
        "chips": queue.chips(None, by=staff(request)),
        "searched": True,
        "typed": typed,
        "more": len(keys) > PAGE_SIZE,
    }
    return screen(request, "queue", context, title="Search in consultation requests")


def _as_shown(rows: list[OpenedRequest], request: HttpRequest) -> list[dict[str, Any]]:
    """Each row with the words for its flag, how long it has waited, in opening hours, the number to call, and whether
    an e-mail came back.
    """
    clinic, user = profile_for(request), staff(request)
    hours, now = IntakePause.objects.desk_hours(clinic), timezone.now()
    unreached = mails.unreached(row.row.reference for row in rows)
    talked = talked_to(row.row for row in rows if row.clinician_first)
    return [
        {
            "opened": row,
            "flag_words": flag_words(row.row, row.flag, by=user, talked=row.row.pk in talked),
            "received": timezone.localtime(row.row.received_at).isoformat(),
            "waited": hours.waited(row.row.received_at, now),
            "number": next(iter(telephone.read(row.answer("phone"), clinic.country)), None),
            "unreached": row.row.reference in unreached,
        }
        for row in rows
    ]


@may_view
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    row = ConsultationRequest.objects.filter(pk=pk).first()
    if row is None:
        return no_longer_kept(request)
    presence.note(row, by=staff(request))
    return show_record(request, row)


def no_longer_kept(request: HttpRequest) -> HttpResponse:
    """To whoever has an older page or mail open when its time is over."""
    messages.warning(request, "This request is no longer here: its time was over, or it was erased. Nothing was done.")
    return redirect(QUEUE)


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
    reach = _contact(row, opened, profile_for(request))
    if not opened.answer("phone"):
        (forms or reach).get("call_back_form", reach["call_back_form"]).without_a_number()
    context = {
        "opened": opened,
        "row": row,
        "help": help_after(opened.urgent_keys, intake().help) if opened.is_urgent else [],
        "stages": _stages(row),
        "checklist": before_the_call(opened, by=user),
        "ticked": ticked(request, row),
        **_booking(opened, user),
        "verbs": _verbs(row, user),
        "may_erase": user.has_perm(workflow.MAY_ERASE),
        **_whose(row, opened, user),
        "next_request": partial(queue.next_after, row, by=user),  # asked for only where a page shows it
        "others": presence.others_in_words(row, than=user, advice="Agree on who calls."),
        "notes": notes_for(row, by=user),
        "history": _history(row),
        "looks": _openings(row),
        **reach,
        "formal": FORMAL,
        "note_form": NoteForm(),
        "task_form": TaskForm(),
        "close_form": CloseForm(),
        "problems": [problem for form in (forms or {}).values() for problem in problems_of(form)],
        **(forms or {}),
    }
    return screen(request, template, context, title=f"Request {row.reference_shown}")


def _verbs(row: ConsultationRequest, user: User) -> list[str]:
    """What this user may do with it."""
    if not user.has_perm(workflow.MAY_WORK):
        return []
    passed_on = not may_be_passed_on(row, by=user)
    return [verb for verb in workflow.REQUESTS.verbs(row.status) if not (passed_on and verb == "needs_clinician")]


def _whose(row: ConsultationRequest, opened: OpenedRequest, user: User) -> dict[str, bool]:
    """Whoever took the call has just talked with the patient: they are not urged to claim it."""
    return {
        "left_behind": row.assignee is not None and not row.assignee.has_perm(workflow.MAY_WORK),
        "mine": row.assignee_id == user.pk,
        "claim_first": _is_for(row, user) and opened.taken_by != user.get_username(),
    }


def _booking(opened: OpenedRequest, user: User) -> dict[str, Any]:
    """What the flag asks of this user before it is booked."""
    return {
        "flag_words": flag_words(
            opened.row, opened.flag, by=user, talked=opened.clinician_first and opened.clinician_has_talked
        ),
        "is_clinician": user.has_perm(workflow.MAY_SEE_CLINICAL),
        "may_be_booked": may_be_booked(opened, by=user),
    }


def _is_for(row: ConsultationRequest, user: User) -> bool:
    """Whether to claim it is what this user will most likely do. Of what may be spam it is first said whether it is;
    what was passed to the clinicians is theirs.
    """
    if row.status == workflow.Status.CLINICIAN:
        return user.has_perm(workflow.MAY_SEE_CLINICAL)
    return row.status != workflow.Status.SUSPECT


def _contact(row: ConsultationRequest, opened: OpenedRequest, clinic: ClinicProfile) -> dict[str, Any]:
    """How the person can be reached, and when."""
    hours, now = IntakePause.objects.desk_hours(clinic), timezone.now()
    wanted = CallTimes.of(opened.answers)
    suggested = next_call_time(wanted, hours=hours, now=now)
    typed = opened.answer("phone")
    numbers = telephone.read(typed, clinic.country)
    return {
        "waited": hours.waited(row.received_at, now),
        "numbers": numbers,
        "typed_words": telephone.has_words(typed) and typed not in [number.display for number in numbers],
        "duplicates": possible_duplicates(row, opened, clinic.country),
        "unreached": mails.unreached([row.reference]).get(row.reference, ""),
        "may_reply": mails.may_reply(clinic),
        "replies": _replies(opened),
        "call_times": str(wanted),
        "call_times_kept": can_be_kept(wanted, hours),
        "next_call_time": suggested,
        "call_back_form": CallBackForm(
            initial={"at": timezone.localtime(suggested)}, hours=hours, kept_until=row.delete_after
        ),
    }


def _replies(opened: OpenedRequest) -> list[ReplyTemplate]:
    """The mails on offer. To whoever is to be written to, those that speak of calling come last."""
    if not opened.answer("email"):
        return []
    found = ReplyTemplate.objects.filter(active=True)
    return sorted(found, key=_speaks_of_calling) if opened.reach_by == CONTACT_WAYS["email"] else list(found)


def _speaks_of_calling(reply: ReplyTemplate) -> bool:
    return re.search(r"\bcall", f"{reply.subject} {reply.words}", re.IGNORECASE) is not None


def _stages(row: ConsultationRequest) -> list[tuple[str, Any, bool]]:
    """The way of a request: what each stage is called, since when it was reached, and whether it was. Passed on to
    whichever clinician claims it, it is nobody's yet.
    """
    done, talked = row.is_finished, bool(row.contacted_at)
    return [
        ("Received", row.received_at, True),
        ("Taken on", None, bool(row.assignee_id) or talked),
        ("Contacted", row.contacted_at, talked),
        (row.get_status_display() if done else "Booked or closed", row.closed_at, done),
    ]


def typed_note(request: HttpRequest) -> NoteForm | None:
    """The note that was on the page when some other button was pressed."""
    return NoteForm(request.POST) if request.POST.get("text", "").strip() else None


def last_change(row: ConsultationRequest) -> str:
    """What was done with it last, and by whom, in brackets."""
    if row.amendments.filter(ingested_at=None).exists():  # is recorded once the worker takes it in
        return f" ({EVENT_WORDS['request_amended']})"
    return next((f" ({event['words']}, {event['actor']})" for event in _history(row)), "")


def _openings(row: ConsultationRequest) -> list[dict[str, Any]]:
    """Who opened it, and when last. Listed one by one, these events would bury the rest of the history; how many they
    are says little, as the page comes anew with each press of a button.
    """
    events = AuditEvent.objects.filter(about=row.about, verb=OPENED_EVENT).order_by()
    return [{**look} for look in events.values("actor").annotate(last=Max("at")).order_by("-last")]


def _history(row: ConsultationRequest) -> list[dict[str, Any]]:
    events = AuditEvent.objects.filter(about=row.about).exclude(verb=OPENED_EVENT).order_by("-id")[:PAGE_SIZE]
    sent = {event.detail["template"] for event in events if "template" in event.detail}
    titles = dict(ReplyTemplate.objects.filter(pk__in=sent).values_list("pk", "title")) if sent else {}
    return [{"at": event.at, "actor": event.actor, "words": _event_words(event, titles)} for event in events]


def _event_words(event: AuditEvent, titles: dict[int, str]) -> str:
    words = EVENT_WORDS.get(event.verb) or event.verb.removeprefix("request_").replace("_", " ").capitalize()
    if person := event.detail.get("task_for"):
        return f"Task assigned to {person}"
    if title := titles.get(event.detail.get("template", 0)):
        return f"{words}: “{title}”"
    reason = workflow.CLOSE_REASONS.get(event.detail.get("reason", ""), "")
    return f"{words} ({reason.lower()})" if reason else words


def screen(request: HttpRequest, name: str, context: dict[str, Any], *, title: str) -> HttpResponse:
    whole = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"admin/consultations/{name}.html", whole)
