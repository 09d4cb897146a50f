"""The receipt: at an address that only the patient has, the status, and the forms to add something or withdraw."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django import forms
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from education.clinic.models import ClinicProfile
from education.consultations.form.fields import MAX_TEXT, LimitedText, line, problems_of
from education.consultations.models import ConsultationRequest, IntakePause
from education.consultations.public import actions, kept, tokens
from education.consultations.public.availability import Intake, intake, unreachable
from education.consultations.public.limits import TooMany
from education.consultations.public.steps import SeeOther
from education.consultations.workflow import Status
from education.core.http import client_address, no_store
from education.core.sealing import SealError
from education.once.actions import answer_once, key_of

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
# How many of the four steps on the receipt are behind the patient. Nothing is still to come of one that is not here.
STEPS_DONE = {
    Status.NEW: 1,
    Status.SUSPECT: 1,
    Status.CLAIMED: 2,
    Status.RETRY: 2,
    Status.CLINICIAN: 2,
    Status.CONTACTED: 3,
    Status.BOOKED: 3,
}
STILL_PROMISED = (Status.NEW, Status.SUSPECT, Status.CLAIMED)
MEASURED_PERIOD = timedelta(days=90)
TEMPLATE = "consultations/receipt.html"
MIN_WAITS, MAX_WAITS = 5, 200  # requests that the measured wait is taken from
BUSY = "That did not work. Your words are still on this page: try again in a minute."
TOO_OFTEN = "There were too many attempts. Wait an hour, or call us."
AWAY = "We can’t look up your request right now. Try again in a minute."
REFUSED = {"busy": (BUSY, 503), "too_often": (TOO_OFTEN, 429)}  # words and status
UNKNOWN_CONTACT = (
    "This is not an e-mail address or telephone number that the request was sent with. Try the other one, or the whole "
    "number with its area code."
)


class AddForm(forms.Form):
    text = LimitedText(
        label="What would you like to add?",
        help_text="Only staff who deal with your request read it. It is not shown here again.",
        limit=MAX_TEXT,
        widget=forms.Textarea({"rows": 4, "cols": False}),
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


FORMS: dict[str, type[forms.Form]] = {"add": AddForm, "withdraw": WithdrawForm}


def measured_wait(now: datetime) -> str:
    """The median time to a first contact lately, in opening hours; empty while there are too few to tell."""
    recent = ConsultationRequest.objects.filter(contacted_at__gt=now - MEASURED_PERIOD).order_by("-contacted_at")
    times = recent.values_list("received_at", "contacted_at")[:MAX_WAITS]
    hours = IntakePause.objects.desk_hours(ClinicProfile.load())
    waits = [hours.open_time(received, contacted).total_seconds() for received, contacted in times if contacted]
    return hours.within(timedelta(seconds=median(waits))) if len(waits) >= MIN_WAITS else ""


def _find(token: str) -> ConsultationRequest | None:
    return ConsultationRequest.objects.of_receipt(tokens.receipt_hash(token)).first()


@no_store
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    try:
        return _page(request, token)
    except Error:
        return _away(request, token)


def _page(request: HttpRequest, token: str, *, typed_in: forms.Form | None = None, refused: str = "") -> HttpResponse:
    """The receipt; `typed_in` is the form that could not be taken as it was sent, `refused` a key of REFUSED."""
    row = _find(token)
    if row is None:
        return _not_indexed(render(request, "consultations/receipt_unknown.html", intake().context(), status=404))
    if row.is_withdrawn:
        context = {**intake().context(), "backup_days": settings.BACKUP_DAYS}
        return _not_indexed(render(request, "consultations/withdrawn.html", context))
    notice, status = REFUSED.get(refused, ("", 200))
    context = {
        **receipt_context(row, intake()),
        **_forms(token, typed_in),
        "for_child": row.age_mac in ("", tokens.age_mac(token, child=True)),  # empty: sent before this was noted
        "added": "added" in request.GET,
        "notice": notice,
        "problems": problems_of(typed_in) if typed_in else [],
    }
    return _not_indexed(render(request, TEMPLATE, context, status=status))


def receipt_context(row: ConsultationRequest, state: Intake) -> dict[str, Any]:
    """What a receipt says without what can be done there."""
    return {
        **state.context(),
        "said": state.around.words["receipt"],
        "row": row,
        "status_words": STATUS_WORDS.get(Status(row.status), FINISHED if row.is_finished else OPEN),
        "steps_done": _steps_done(row),
        "measured": measured_wait(timezone.now()),
        "promised_by": row.due_at if row.status in STILL_PROMISED and row.due_at > timezone.now() else None,
    }


def _steps_done(row: ConsultationRequest) -> int:
    done = STEPS_DONE.get(Status(row.status), 0)
    return max(done, 3) if done and row.contacted_at else done


def _away(request: HttpRequest, token: str, *, typed_in: forms.Form | None = None) -> HttpResponse:
    """The database is away: what was typed is still on the page."""
    notice = BUSY if typed_in and typed_in.is_bound else AWAY
    context = {**unreachable().context(), **_forms(token, typed_in), "notice": notice}
    response = render(request, "consultations/receipt_away.html", context, status=503)
    response.headers["Retry-After"] = "60"
    return _not_indexed(response)


def _forms(token: str, typed_in: forms.Form | None) -> dict[str, Any]:
    """The two forms of the page, and which of them is open."""
    shown = {verb: form_class(prefix=verb) for verb, form_class in FORMS.items()}
    verb = str(typed_in.prefix) if typed_in else ""
    if typed_in:
        shown[verb] = typed_in
    return {
        "token": token,
        "add_form": shown["add"],
        "withdraw_form": shown["withdraw"],
        "adding": verb == "add",
        "withdrawing": verb == "withdraw",
        "once": secrets.token_urlsafe(12),
    }


def _not_indexed(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@csrf_exempt  # no other site knows the address that this would have to be sent to
@no_store
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, token: str) -> HttpResponse:
    def act(form: forms.Form) -> HttpResponse:
        text, added = form.cleaned_data["text"], f"{reverse('receipt', args=[token])}?added"

        def once() -> HttpResponse:
            actions.add_text(token, text=text, address=client_address(request))
            return SeeOther(added)

        key = key_of(token, request.POST.get("once", ""), text)
        return answer_once(key, once, secret_address=added)  # type: ignore[return-value]

    return _act_or_go_back(request, token, "add", act)


@csrf_exempt
@no_store
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """However often it is sent, it ends on the receipt, which says that the request is withdrawn."""

    def act(form: forms.Form) -> HttpResponse:
        actions.withdraw(token, contact=form.cleaned_data["contact"])
        return SeeOther(reverse("receipt", args=[token]))

    return _act_or_go_back(request, token, "withdraw", act)


def _act_or_go_back(
    request: HttpRequest, token: str, verb: str, act: Callable[[forms.Form], HttpResponse]
) -> HttpResponse:
    """Calls `act` with the valid form. Until then, and when it fails, the page shows what was typed."""
    if request.method != "POST":
        return _typed_before(request, token, verb)
    form = FORMS[verb](request.POST, prefix=verb)
    why = ""
    try:
        if form.is_valid():
            response = act(form)
            kept.forget(_secret(token, verb))
            return response
    except actions.NotTheSender:
        why = "unknown_contact"
    except TooMany:
        why = "too_often"
    except (SealError, OSError):
        why = "busy"
    except Error:
        return _away(request, token, typed_in=form)
    return _go_back(request, token, form, why)


def _go_back(request: HttpRequest, token: str, form: forms.Form, why: str) -> HttpResponse:
    verb = str(form.prefix)
    typed = {form.add_prefix(name): form.data.get(form.add_prefix(name), "") for name in form.fields}
    try:
        kept.keep(_secret(token, verb), {"typed": typed, "why": why}, address=client_address(request))
    except kept.NotKept:
        return _page(request, token, typed_in=_with_reason(form, why), refused=why)
    except Error:
        return _away(request, token, typed_in=form)
    return SeeOther(reverse(f"receipt_{verb}", args=[token]))


def _typed_before(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    form = FORMS[verb](prefix=verb)
    try:
        found = kept.find(_secret(token, verb)) or {"typed": None, "why": ""}
        form = _with_reason(FORMS[verb](found["typed"], prefix=verb), found["why"])
        return _page(request, token, typed_in=form, refused=found["why"])
    except Error:
        return _away(request, token, typed_in=form)


def _with_reason(form: forms.Form, why: str) -> forms.Form:
    if form.is_valid() and why == "unknown_contact":
        form.add_error("contact", UNKNOWN_CONTACT)
    return form


def _secret(token: str, verb: str) -> str:
    """What the words typed into one form of a receipt are kept with."""
    return f"{token} {verb}"
