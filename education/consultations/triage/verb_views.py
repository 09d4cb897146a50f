"""The buttons on a record: each parses, calls one verb of `triage`, and goes back to the record."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from education.accounts.models import User, staff
from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations.models import ConsultationRequest, ReplyTemplate
from education.consultations.triage import actions
from education.consultations.triage.forms import CallBackForm, CloseForm, NoteForm
from education.consultations.triage.next_call import next_try
from education.consultations.triage.record import open_row
from education.consultations.triage.views import may_work, show_record
from education.core.workflow import IllegalMove

Verb = Callable[..., None]
AT_ONCE: dict[str, tuple[Verb, str]] = {
    "claim": (actions.claim, "it is yours now"),
    "contact": (actions.mark_contacted, "marked as contacted"),
    "needs_clinician": (actions.needs_clinician, "it waits for a clinician now"),
    "book": (actions.book, "booked"),
    "spam": (actions.mark_spam, "marked as spam"),
    "not_spam": (actions.mark_not_spam, "no spam, it waits in the queue"),
    "reopen": (actions.reopen, "reopened, it waits in the queue again"),
}
NO_ADDRESS = "This patient left no e-mail address."


@may_work
@require_POST
def at_once(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    action, done = AT_ONCE[verb]
    row = get_object_or_404(ConsultationRequest, pk=pk)
    return _move(request, row, lambda by: action(row, by=by), done)


@may_work
@require_POST
def missed(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Nobody answered, or a voice message was left: the next try is set by itself."""
    row = get_object_or_404(ConsultationRequest, pk=pk)
    best_times = open_row(row).answer("best_times")
    at = next_try(best_times, hours=Hours.of(ClinicProfile.load()), now=timezone.now())
    return _move(request, row, lambda by: actions.call_later(row, verb, at=at, by=by), f"next try {_said(at)}")


@may_work
@require_POST
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    form = CallBackForm(request.POST)
    if not form.is_valid():
        return show_record(request, row, forms={"call_back_form": form})
    at = form.cleaned_data["at"]
    return _move(request, row, lambda by: actions.call_later(row, "call_back", at=at, by=by), f"call back {_said(at)}")


@may_work
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show_record(request, row, forms={"note_form": form})
    text = form.cleaned_data["text"]
    return _move(request, row, lambda by: actions.add_note(row, text=text, by=by), "note added")


@may_work
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return show_record(request, row, forms={"close_form": form})
    reason = form.cleaned_data["reason"]
    return _move(request, row, lambda by: actions.close(row, reason=reason, by=by), "closed")


@may_work
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    chosen = request.POST.get("template", "")
    template = get_object_or_404(ReplyTemplate, pk=chosen if chosen.isdecimal() else 0, active=True)
    return _move(request, row, lambda by: actions.send_reply(row, template, by=by), f"“{template.title}” is on its way")


def _said(at: datetime) -> str:
    return timezone.localtime(at).strftime("%A %-d %B, %H:%M")


def _move(request: HttpRequest, row: ConsultationRequest, action: Callable[[User], None], done: str) -> HttpResponse:
    try:
        action(staff(request))
    except IllegalMove:
        words = f"Request {row.reference} has changed meanwhile: that is no longer possible. This is how it stands now."
        messages.warning(request, words)
    except actions.NoAddress:
        messages.warning(request, NO_ADDRESS)
    else:
        messages.success(request, f"Request {row.reference}: {done}.")
    return HttpResponseRedirect(reverse("admin:education_consultationrequest_change", args=[row.pk]))
