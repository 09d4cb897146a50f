"""Staff screens: print, copy for the chart, export as CSV, and export or erase everything about one person."""

import csv
from io import StringIO

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from education.accounts.models import User, staff
from education.clinic.models import ClinicProfile
from education.consultations import workflow
from education.consultations.disclosure import actions as disclosure
from education.consultations.disclosure.forms import ExportForm
from education.consultations.form.fields import problems_of
from education.consultations.models import ConsultationRequest
from education.consultations.triage import actions, chart
from education.consultations.triage.duplicates import Likeness, same_person
from education.consultations.triage.record import notes_for, open_for
from education.consultations.triage.verb_views import note_added
from education.consultations.triage.views import button_of_record, may_view, screen, show_record, typed_note
from education.core.http import by_button
from education.core.text import counted, whole_number

NOTHING_CHOSEN = "Nothing was downloaded. Check the requests that are from this person."
NOTHING_ERASED = "Nothing was erased. Check the requests that are from this person, and that you are sure."
may_export = permission_required((workflow.MAY_VIEW, workflow.MAY_EXPORT), raise_exception=True)
may_erase = permission_required((workflow.MAY_VIEW, workflow.MAY_ERASE), raise_exception=True)


button_of_person = by_button(lambda pk: reverse("admin:education_consultationrequest_person", args=[pk]))


@may_view
@button_of_record
def print_record(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ConsultationRequest, pk=pk)
    return show_record(request, row, template="print_record", verb="request_printed")


@may_view
@button_of_record
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as plain text, to paste into the chart. A note that was typed and not added is added first."""
    row = get_object_or_404(ConsultationRequest, pk=pk)
    note = typed_note(request)
    if note and (refused := note_added(request, row, note)):
        return refused
    user = staff(request)
    opened = actions.open_request(row, by=user, verb="request_copied")
    text = chart.as_text(opened, notes_for(row, by=user))
    return screen(request, "copy", {"row": row, "text": text}, title=f"Request {row.reference_shown} for the chart")


@may_export
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    form = ExportForm(request.POST or None, initial={"ends": timezone.localdate()})
    if not form.is_valid():
        return screen(request, "export", {"form": form, "problems": problems_of(form)}, title="Export requests")
    user = staff(request)
    given = form.cleaned_data
    opened = disclosure.export(given["begins"], given["ends"], reason=given["reason"], by=user)
    file = StringIO()
    csv.writer(file).writerows(chart.as_rows(opened))
    name = f"requests-{given['begins']}-{given['ends']}.csv"
    # Excel needs the byte order mark to read UTF-8.
    return _download("\ufeff" + file.getvalue(), name, "text/csv")


@may_erase
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The requests that may be from the same person, to hand over or to erase. Staff tick which of them are."""
    return _person_page(request, get_object_or_404(ConsultationRequest, pk=pk))


@may_erase
@reauthentication_required  # type: ignore[untyped-decorator]
@button_of_person
def export_person(request: HttpRequest, pk: int) -> HttpResponse:
    rows = _chosen(request, pk)
    if not rows:
        messages.warning(request, NOTHING_CHOSEN)
        return _person_page(request, get_object_or_404(ConsultationRequest, pk=pk))
    text = disclosure.export_person(rows, by=staff(request))
    return _download(text, f"request-{pk}.txt", "text/plain")


@may_erase
@reauthentication_required  # type: ignore[untyped-decorator]
@button_of_person
def erase_person(request: HttpRequest, pk: int) -> HttpResponse:
    rows = _chosen(request, pk)
    if request.POST.get("sure") != "yes" or not rows:
        messages.warning(request, NOTHING_ERASED)
        return _person_page(request, get_object_or_404(ConsultationRequest, pk=pk))
    count = disclosure.erase_person(rows, by=staff(request))
    messages.success(request, f"Erased: {counted(count, 'request')}, with notes and index.")
    return HttpResponseRedirect(reverse("admin:education_consultationrequest_changelist"))


def _person_page(request: HttpRequest, row: ConsultationRequest) -> HttpResponse:
    """What was ticked stays ticked when the page comes back; before that nothing is."""
    user = staff(request)
    found = _person(row, user)
    opened = actions.list_requests([one.row for one in found], by=user, verb="person_listed")
    context = {
        "row": row,
        "rows": [(one, likeness.why) for one, likeness in zip(opened, found, strict=True)],
        "ticked": _ticked(request),
        "clinical": user.has_perm(workflow.MAY_SEE_CLINICAL),
    }
    return screen(request, "person", context, title=f"The person of request {row.reference_shown}")


def _chosen(request: HttpRequest, pk: int) -> list[ConsultationRequest]:
    """The requests of this person that were ticked."""
    row = get_object_or_404(ConsultationRequest, pk=pk)
    ticked = _ticked(request)
    return [one.row for one in _person(row, staff(request)) if one.row.pk in ticked]


def _ticked(request: HttpRequest) -> set[int | None]:
    return {whole_number(key) for key in request.POST.getlist("request")}


def _person(row: ConsultationRequest, user: User) -> list[Likeness]:
    """This request, and those that may be from the same person."""
    answers = open_for(row, by=user).answers
    return [Likeness(row, "The request that you came from"), *same_person(row, answers, ClinicProfile.load().country)]


def _download(text: str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
