"""The buttons on a record: each view calls one verb of `triage.actions` and goes back to the record."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from education.accounts.models import User, staff
from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.colleagues.forms import is_from_desk
from education.consultations.form.call_times import CallTimes
from education.consultations.models import ConsultationRequest, IntakePause, ReplyTemplate, SealedNote
from education.consultations.triage import actions
from education.consultations.triage.checklist import forget_ticks, keep_ticks
from education.consultations.triage.forms import CallBackForm, CloseForm, NoteForm, TaskForm
from education.consultations.triage.next_call import next_call_time
from education.consultations.triage.record import open_for
from education.consultations.triage.views import (
    button_of_record,
    last_change,
    may_work,
    no_longer_kept,
    record_address,
    show_record,
    typed_note,
)
from education.core.http import by_button
from education.core.text import full_stop, today_or_date, whole_number
from education.core.workflow import IllegalMove

# Does what the button says, and returns how to say that it is done: “Request ABCD2345: booked.”
Act = Callable[[ConsultationRequest, User], str]
View = Callable[..., HttpResponseBase]
WHAT_LACKS = (
    "Nothing was sent: the clinic’s profile has no name or no telephone number, so nobody could answer the e-mail. "
    "Fill them in first."
)


def _one_tap(action: Callable[..., None], done: str, *, ends_call: bool = True) -> View:
    """A button that asks for nothing."""

    @may_work
    @button_of_record
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        def act(row: ConsultationRequest, by: User) -> str:
            action(row, by=by)
            return done

        return _move(request, pk, act, ends_call=ends_call)

    return view


def _not_reached(verb: str) -> View:
    """The button for a call that nobody answered, or that ended with a voice message: it sets the time of the next
    call.
    """

    @may_work
    @button_of_record
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        def act(row: ConsultationRequest, by: User) -> str:
            wanted = CallTimes.of(open_for(row, by=by).answers)
            at = next_call_time(wanted, hours=_desk_hours(), now=timezone.now())
            actions.call_later(row, verb, at=at, by=by)
            return f"next try {_in_words(at)}"

        return _move(request, pk, act, ends_call=True)

    return view


claim = _one_tap(actions.claim, "it is yours now", ends_call=False)
contact = _one_tap(actions.mark_contacted, "marked as contacted")
needs_clinician = _one_tap(actions.needs_clinician, "it waits for a clinician now")
book = _one_tap(actions.book, "booked")
spam = _one_tap(actions.mark_spam, "marked as spam")
not_spam = _one_tap(actions.mark_not_spam, "not spam, it waits in the queue")
reopen = _one_tap(actions.reopen, "reopened, it waits in the queue again")
no_answer = _not_reached("no_answer")
voicemail = _not_reached("voicemail")


@may_work
@button_of_record
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    last_day = ConsultationRequest.objects.filter(pk=pk).values_list("delete_after", flat=True).first()
    form = CallBackForm(request.POST, hours=_desk_hours(), kept_until=last_day)

    def act(row: ConsultationRequest, by: User) -> str:
        at = form.cleaned_data["at"]
        actions.call_later(row, "call_back", at=at, though_closed=form.is_closed_then, by=by)
        return f"it waits until {_in_words(at)}"

    return _move(request, pk, act, ends_call=True, call_back_form=form)


@may_work
@button_of_record
def note(request: HttpRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)

    def act(row: ConsultationRequest, by: User) -> str:
        actions.add_note(row, text=form.cleaned_data["text"], by=by)
        return "note added"

    return _move(request, pk, act, adds=True, note_form=form)


@may_work
@button_of_record
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """The note becomes a task."""
    form, whose = NoteForm(request.POST), TaskForm(request.POST)

    def act(row: ConsultationRequest, by: User) -> str:
        actions.add_note(row, text=form.cleaned_data["text"], task=whose.whose, by=by)
        return f"the task stands on the desk of {whose.whose.person.get_username()}"

    return _move(request, pk, act, adds=True, note_form=form, task_form=whose)


def _task_button(*, done: bool) -> View:
    @may_work
    @by_button(lambda pk, number: record_address(pk))
    def view(request: HttpRequest, pk: int, number: int) -> HttpResponse:
        found = get_object_or_404(SealedNote.objects.exclude(task_for=""), request=pk, number=number)

        def act(row: ConsultationRequest, by: User) -> str:
            actions.set_task_done(found, done=done, by=by)
            return "task done" if done else "the task is open again"

        answer = _move(request, pk, act)
        return redirect("admin:index") if is_from_desk(request) else answer

    return view


task_done = _task_button(done=True)
task_reopen = _task_button(done=False)


@may_work
@button_of_record
def close(request: HttpRequest, pk: int) -> HttpResponse:
    form = CloseForm(request.POST)

    def act(row: ConsultationRequest, by: User) -> str:
        actions.close(row, reason=form.cleaned_data["reason"], by=by)
        return "closed"

    return _move(request, pk, act, ends_call=True, close_form=form)


@may_work
@button_of_record
def confirm_contact(request: HttpRequest, pk: int) -> HttpResponse:
    seen = request.POST.get("amendment", "")

    def act(row: ConsultationRequest, by: User) -> str:
        actions.confirm_contact(row, number=whole_number(seen) or 0, by=by)
        return "the changed contact counts from now on"

    return _move(request, pk, act)


@may_work
@button_of_record
def dismiss_mail(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: ConsultationRequest, by: User) -> str:
        actions.dismiss_mail(row, by=by)
        return "noted that e-mail does not reach this patient"

    return _move(request, pk, act)


@may_work
@button_of_record
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = request.POST.get("template", "")
    template = get_object_or_404(ReplyTemplate, pk=chosen if chosen.isdecimal() else 0, active=True)

    def act(row: ConsultationRequest, by: User) -> str:
        actions.send_reply(row, template, by=by)
        return f"the e-mail “{template.title}” is on its way"

    return _move(request, pk, act)


def _move(
    request: HttpRequest, pk: int, act: Act, *, adds: bool = False, ends_call: bool = False, **forms: Form
) -> HttpResponse:
    """Acts, unless one of the forms has an error: then the record shows it. `forms` as its template calls them.

    A note that was typed and not added is added with it. What only `adds` is done on an older page too; anything else
    is refused when the request has changed since the page was opened, and what was typed is shown again. What is ticked
    before a call stays so, unless the verb `ends_call`.
    """
    row = ConsultationRequest.objects.filter(pk=pk).first()
    if row is None:
        return no_longer_kept(request)
    by = staff(request)
    keep_ticks(request, row)
    note = None if adds else typed_note(request)
    shown = {**forms, "note_form": note} if note else forms
    if not all(form.is_valid() for form in shown.values()):
        return show_record(request, row, forms=shown)
    try:
        with actions.unchanged_since(row, "" if adds else request.POST.get("seen", "")):
            done = act(row, by)
            if note:
                actions.add_note(row, text=note.cleaned_data["text"], by=by)
    except tuple(REFUSALS) as refusal:
        now = _as_it_is(row)
        _say_why(request, now, refusal)
        return show_record(request, now, forms=shown) if shown else _to(row)
    if ends_call:
        forget_ticks(request, row)
    done_words = full_stop(f"Request {row.reference_shown}: {done}")
    messages.success(request, f"{done_words} Your note is added." if note else done_words)
    return _to(row)


def _say_why(request: HttpRequest, now: ConsultationRequest, refusal: Exception) -> None:
    words = WITHDRAWN_MEANWHILE if now.is_withdrawn else REFUSALS[type(refusal)]
    messages.warning(request, words.format(request=f"Request {now.reference_shown}", last=last_change(now)))


def note_added(request: HttpRequest, row: ConsultationRequest, note: NoteForm) -> HttpResponse | None:
    """Add a note that was typed beside a button which only reads. The record, with the note, where that can't be."""
    if not note.is_valid():
        return show_record(request, row, forms={"note_form": note})
    try:
        actions.add_note(row, text=note.cleaned_data["text"], by=staff(request))
    except IllegalMove as refusal:
        now = _as_it_is(row)
        _say_why(request, now, refusal)
        return show_record(request, now, forms={"note_form": note})
    return None


WITHDRAWN_MEANWHILE = "The patient has withdrawn it meanwhile, so nothing was done. Please do not call about it."
REFUSALS: dict[type[Exception], str] = {
    IllegalMove: "{request} has changed meanwhile{last}: that is no longer possible. This is how it stands now.",
    actions.ChangedMeanwhile: "{request} has changed since you opened this page{last}, so nothing was done. This is "
    "how it stands now: press again if it is still right.",
    actions.ClinicianFirst: "{request} is not booked: a clinician has to talk to the patient first, and press "
    "“Contacted”.",
    actions.WaitsForClinician: "{request} waits for a clinician already.",
    actions.NoEmailAddress: "This patient left no e-mail address.",
    actions.NoWayBack: WHAT_LACKS,
}


def _as_it_is(row: ConsultationRequest) -> ConsultationRequest:
    return ConsultationRequest.objects.get(pk=row.pk)


def _to(row: ConsultationRequest) -> HttpResponse:
    return HttpResponseRedirect(record_address(row.pk))


def _desk_hours() -> Hours:
    return IntakePause.objects.desk_hours(ClinicProfile.load())


def _in_words(at: datetime) -> str:
    return today_or_date(at, "WEEKDAY_TIME_FORMAT")
