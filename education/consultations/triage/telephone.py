"""The request form for staff: the same questions, asked on the telephone."""

import logging

from django.contrib import messages
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from education.accounts.models import staff
from education.consultations.form import posted
from education.consultations.form.forms import DEFAULTS, ConsultationForm
from education.consultations.public import tokens
from education.consultations.public.actions import NotStored
from education.consultations.public.availability import intake
from education.consultations.triage import actions
from education.consultations.triage.views import may_work, screen
from education.core.sealing import SealError

log = logging.getLogger(__name__)
KEEP_ADDRESS = "keep_address"  # the button for an address that is right as it is
# What the form says from the patient's point of view, said from that of whoever writes it down.
CALLER = {
    "asking_for": [("me", "The caller"), ("someone", "Someone else")],
    "proxy_contact": [("mine", "The caller’s: call the caller"), ("theirs", "Theirs: call them")],
}
URGENT = "Urgent: tell the caller the emergency number now, and get a clinician."


@may_work
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(
            request, ConsultationForm.filled_with({**DEFAULTS, "contact_by": "phone"}), tokens.new_form_token()
        )
    typed = posted.with_accepted_suggestion(posted.read_post(request))
    token = tokens.read_form_token(typed.get("token", ""))
    form = ConsultationForm(typed)
    if token is None or not form.is_valid() or (form.email_hint and typed.get("action") != KEEP_ADDRESS):
        return _form(request, form, tokens.new_form_token(token.nonce if token else ""))
    submission = form.submission(taken_by=staff(request).get_username())
    try:
        row = actions.enter_by_telephone(submission, nonce=token.nonce, by=staff(request))
    except (Error, SealError, OSError, NotStored) as error:
        log.error("a request by telephone could not be stored (%s)", type(error).__name__)
        return _form(request, form, tokens.new_form_token(token.nonce), stored=False)
    messages.success(request, f"Request {row.reference} is entered. Tell the caller this reference.")
    if row.is_urgent:
        messages.error(request, URGENT)
    return HttpResponseRedirect(reverse("admin:education_consultationrequest_change", args=[row.pk]))


def _form(request: HttpRequest, form: ConsultationForm, token: str, *, stored: bool = True) -> HttpResponse:
    for name, choices in CALLER.items():
        form.own_field(name).choices = choices
    context = {
        **intake().context(),
        "form": form,
        "token": token,
        "failed": form.is_bound and bool(form.errors),
        "unstored": not stored,
        "doubted": stored and form.is_bound and not form.errors and form.email_hint,
    }
    response = screen(request, "telephone", context, title="Enter a request by telephone")
    response.status_code = 200 if stored else 503
    return response
