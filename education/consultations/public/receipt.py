"""The receipt: what a patient may know at an address that only they have, and the two things they may do there."""

from datetime import datetime, timedelta
from statistics import median

from django import forms
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations.form.fields import TEXT_LIMIT, Words, line, problems_of
from education.consultations.models import ConsultationRequest, Status
from education.consultations.public import actions, tokens
from education.consultations.public.availability import intake
from education.consultations.public.limits import TooMany
from education.core.http import client_address, no_store
from education.core.sealing import SealError

STATUS_WORDS = {
    Status.NEW: "Waiting to be read.",
    Status.SUSPECT: "Waiting to be read.",
    Status.CLAIMED: "A member of our staff has taken it on.",
    Status.RETRY: "We tried to reach you and will try again.",
    Status.CONTACTED: "We have been in touch.",
    Status.CLINICIAN: "A clinician will look at it next.",
    Status.BOOKED: "An appointment is arranged.",
    Status.CLOSED: "Finished. If you need us again, call us or send a new request.",
    Status.SPAM: "Finished. If you need us again, call us or send a new request.",
}
MEASURED_OVER = timedelta(days=90)
FEWEST, MOST = 5, 200
BUSY = "That did not work just now. Your words are still on this page: try again in a minute."
TOO_OFTEN = "That was tried too often. Wait an hour, or call us."
NOT_KNOWN = "This is not an e-mail address or telephone number that the request was sent with. Try the other one."


class AddForm(forms.Form):
    text = Words(
        label="What would you like to add?",
        help_text="Only staff who deal with your request read it. It is not shown here again.",
        limit=TEXT_LIMIT,
        widget=forms.Textarea({"rows": 4, "cols": None}),
        error_messages={"required": "Write what you would like to add."},
    )


class WithdrawForm(forms.Form):
    contact = line(
        "The e-mail address or telephone number that you gave us",
        required=True,
        help_text="So that nobody else can withdraw your request.",
        attrs={"autocomplete": "off"},
        error_messages={"required": "Enter the e-mail address or telephone number that you gave us."},
    )


def measured(now: datetime) -> str:
    """How long people really waited for a first contact, in opening hours; empty while too few were counted."""
    recent = ConsultationRequest.objects.filter(contacted_at__gt=now - MEASURED_OVER).order_by("-contacted_at")
    times = recent.values_list("received_at", "contacted_at")[:MOST]
    hours = Hours.of(ClinicProfile.load())
    waits = [hours.open_time(received, contacted).total_seconds() for received, contacted in times if contacted]
    return hours.in_words(timedelta(seconds=median(waits))) if len(waits) >= FEWEST else ""


def _row(token: str) -> ConsultationRequest | None:
    rows = ConsultationRequest.objects.exclude(status=Status.WITHDRAWN)
    return rows.filter(receipt_hash=tokens.receipt_hash(token)).first()


@no_store
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, token)


def _page(
    request: HttpRequest,
    token: str,
    *,
    add_form: AddForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    row = _row(token)
    if row is None:
        return _quiet(render(request, "consultations/receipt_unknown.html", intake().context(), status=404))
    problems = [problem for form in (add_form, withdraw_form) if form for problem in problems_of(form)]
    context = {
        **intake().context(),
        "row": row,
        "token": token,
        "status_words": STATUS_WORDS[Status(row.status)],
        "measured": measured(timezone.now()),
        "added": "added" in request.GET,
        "add_form": add_form or AddForm(prefix="add"),
        "withdraw_form": withdraw_form or WithdrawForm(prefix="withdraw"),
        "withdrawing": bool(withdraw_form),
        "adding": bool(add_form),
        "notice": notice,
        "problems": problems,
    }
    return _quiet(render(request, "consultations/receipt.html", context, status=status))


def _quiet(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@csrf_exempt  # no other site knows the address that this would have to be sent to
@no_store
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, token, add_form=AddForm(prefix="add"))
    form = AddForm(request.POST, prefix="add")
    if not form.is_valid():
        return _page(request, token, add_form=form)
    try:
        actions.add_words(token, text=form.cleaned_data["text"], address=client_address(request))
    except TooMany:
        return _page(request, token, add_form=form, notice=TOO_OFTEN, status=429)
    except (DatabaseError, SealError, OSError):
        return _page(request, token, add_form=form, notice=BUSY, status=503)
    return redirect(f"{reverse('receipt', args=[token])}?added")


@csrf_exempt
@no_store
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, token, withdraw_form=WithdrawForm(prefix="withdraw"))
    form = WithdrawForm(request.POST, prefix="withdraw")
    if not form.is_valid():
        return _page(request, token, withdraw_form=form)
    try:
        done = actions.withdraw(token, contact=form.cleaned_data["contact"])
    except actions.NotTheSender:
        form.add_error("contact", NOT_KNOWN)
        return _page(request, token, withdraw_form=form)
    except TooMany:
        return _page(request, token, withdraw_form=form, notice=TOO_OFTEN, status=429)
    except (DatabaseError, OSError):
        return _page(request, token, withdraw_form=form, notice=BUSY, status=503)
    if not done:
        return _page(request, token)
    context = {**intake().context(), "backup_days": settings.BACKUP_DAYS}
    return _quiet(render(request, "consultations/withdrawn.html", context))
