"""The receipt: at an address that only the patient has, the status, and the forms to add something or withdraw."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from statistics import median

from django import forms
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from education.clinic.models import ClinicProfile
from education.consultations.form.fields import MAX_TEXT, LimitedText, line, problems_of
from education.consultations.models import ConsultationRequest, IntakePause
from education.consultations.public import actions, tokens
from education.consultations.public.availability import intake, unreachable
from education.consultations.public.limits import TooMany
from education.consultations.workflow import Status
from education.core.http import client_address, no_store
from education.core.sealing import SealError

WAITING = "Waiting to be read."
OPEN = "We are working on it."
FINISHED = "Finished. If you need us again, call us or send a new request."
STATUS_WORDS = {
    Status.NEW: WAITING,
    Status.SUSPECT: WAITING,
    Status.CLAIMED: "A member of our staff has taken it on.",
    Status.RETRY: "We tried to reach you and will try again.",
    Status.CONTACTED: "We have been in touch.",
    Status.CLINICIAN: "A clinician will look at it next.",
    Status.BOOKED: "An appointment is arranged.",
}
STILL_PROMISED = (Status.NEW, Status.SUSPECT, Status.CLAIMED)
MEASURED_PERIOD = timedelta(days=90)
MIN_WAITS, MAX_WAITS = 5, 200  # requests that the measured wait is taken from
BUSY = "That did not work just now. Your words are still on this page: try again in a minute."
TOO_OFTEN = "There were too many attempts. Wait an hour, or call us."
AWAY = "We can’t look up your request just now. Try again in a minute."
UNKNOWN_CONTACT = (
    "This is not an e-mail address or telephone number that the request was sent with. Try the other one, or the whole "
    "number with its area code."
)


class AddForm(forms.Form):
    text = LimitedText(
        label="What would you like to add?",
        help_text="Only staff who deal with your request read it. It is not shown here again.",
        limit=MAX_TEXT,
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


def measured_wait(now: datetime) -> str:
    """The median time to a first contact lately, in opening hours; empty while there are too few to tell."""
    recent = ConsultationRequest.objects.filter(contacted_at__gt=now - MEASURED_PERIOD).order_by("-contacted_at")
    times = recent.values_list("received_at", "contacted_at")[:MAX_WAITS]
    hours = IntakePause.objects.desk_hours(ClinicProfile.load())
    waits = [hours.open_time(received, contacted).total_seconds() for received, contacted in times if contacted]
    return hours.in_words(timedelta(seconds=median(waits))) if len(waits) >= MIN_WAITS else ""


def _find(token: str) -> ConsultationRequest | None:
    rows = ConsultationRequest.objects.exclude(status=Status.WITHDRAWN)
    return rows.filter(receipt_hash=tokens.receipt_hash(token)).first()


@no_store
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    try:
        return _page(request, token)
    except Error:
        return _away(request, token)


def _page(
    request: HttpRequest,
    token: str,
    *,
    add_form: AddForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    row = _find(token)
    if row is None:
        return _not_indexed(render(request, "consultations/receipt_unknown.html", intake().context(), status=404))
    problems = [problem for form in (add_form, withdraw_form) if form for problem in problems_of(form)]
    context = {
        **intake().context(),
        "row": row,
        "token": token,
        "status_words": STATUS_WORDS.get(Status(row.status), FINISHED if row.is_finished else OPEN),
        "measured": measured_wait(timezone.now()),
        "promised_by": row.due_at if row.status in STILL_PROMISED and row.due_at > timezone.now() else None,
        "added": "added" in request.GET,
        "add_form": add_form or AddForm(prefix="add"),
        "withdraw_form": withdraw_form or WithdrawForm(prefix="withdraw"),
        "withdrawing": bool(withdraw_form),
        "adding": bool(add_form),
        "notice": notice,
        "problems": problems,
    }
    return _not_indexed(render(request, "consultations/receipt.html", context, status=status))


def _away(
    request: HttpRequest, token: str, *, add_form: AddForm | None = None, withdraw_form: WithdrawForm | None = None
) -> HttpResponse:
    """The database is away: what was typed is still on the page."""
    context = {
        **unreachable().context(),
        "token": token,
        "add_form": add_form or AddForm(prefix="add"),
        "withdraw_form": withdraw_form or WithdrawForm(prefix="withdraw"),
        "withdrawing": bool(withdraw_form),
        "adding": bool(add_form),
        "notice": BUSY if add_form or withdraw_form else AWAY,
    }
    response = render(request, "consultations/receipt_away.html", context, status=503)
    response.headers["Retry-After"] = "60"
    return _not_indexed(response)


def _not_indexed(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@csrf_exempt  # no other site knows the address that this would have to be sent to
@no_store
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, token: str) -> HttpResponse:
    form = AddForm(request.POST if request.method == "POST" else None, prefix="add")

    def act() -> HttpResponse:
        actions.add_text(token, text=form.cleaned_data["text"], address=client_address(request))
        return redirect(f"{reverse('receipt', args=[token])}?added")

    return _done_or_shown_again(request, token, act, add_form=form)


@csrf_exempt
@no_store
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    form = WithdrawForm(request.POST if request.method == "POST" else None, prefix="withdraw")

    def act() -> HttpResponse:
        try:
            done = actions.withdraw(token, contact=form.cleaned_data["contact"])
        except actions.NotTheSender:
            form.add_error("contact", UNKNOWN_CONTACT)
            return _page(request, token, withdraw_form=form)
        if not done:
            return _page(request, token)
        context = {**intake().context(), "backup_days": settings.BACKUP_DAYS}
        return _not_indexed(render(request, "consultations/withdrawn.html", context))

    return _done_or_shown_again(request, token, act, withdraw_form=form)


def _done_or_shown_again(
    request: HttpRequest,
    token: str,
    act: Callable[[], HttpResponse],
    *,
    add_form: AddForm | None = None,
    withdraw_form: WithdrawForm | None = None,
) -> HttpResponse:
    """Calls `act` once the one form given is valid. Until then, and when it fails, the page shows what was typed."""
    show = partial(_page, request, token, add_form=add_form, withdraw_form=withdraw_form)
    form = add_form or withdraw_form
    try:
        return act() if form and form.is_valid() else show()
    except TooMany:
        return show(notice=TOO_OFTEN, status=429)
    except (SealError, OSError):
        return show(notice=BUSY, status=503)
    except Error:
        return _away(request, token, add_form=add_form, withdraw_form=withdraw_form)
