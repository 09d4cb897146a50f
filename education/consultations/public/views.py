"""The request form, its stop page and its check page. No cookie, no session.

Every POST that can be kept ends in a redirect, so that Back and reload never ask to send a form again. The address
that it leads to is the form's own: its token opens what was typed, for an hour.
"""

import logging
from collections.abc import Callable
from functools import wraps

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from education.consultations.form import posted, screening
from education.consultations.form.forms import ConsultationForm
from education.consultations.form.posted import with_accepted_suggestion, without_removed_line
from education.consultations.public import actions, kept, tokens
from education.consultations.public.availability import Intake, intake, unreachable
from education.consultations.public.limits import TooMany
from education.consultations.public.steps import AT_ONCE, CHECK, EDIT, FORM, STOP, SeeOther, Visit, go_on_to, page
from education.core.http import client_address, public_page, same_origin
from education.core.sealing import SealError

log = logging.getLogger(__name__)
OPENED_HERE = ("", "same-origin")  # an old browser does not say


def no_store(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let no cache keep a copy. A referrer tells of a form's own address nothing but the site; without any referrer,
    old browsers would hide the origin of a POST.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, token: str = "", **options: str) -> HttpResponse:
        response = view(request, token, **options) if token else view(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "strict-origin" if token else "same-origin"
        if token:
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


@csrf_exempt  # Django's protection needs a cookie; ours is the signed token and the browser's origin headers
@no_store
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_form(request: HttpRequest) -> HttpResponse:
    try:
        return _answer(request, intake())
    except Error as error:  # the database died in the middle: what was typed must come back
        log.error("the form lost its database (%s)", type(error).__name__)
        return _answer(request, unreachable())


def _answer(request: HttpRequest, state: Intake) -> HttpResponse:
    if request.method == "POST":
        return _handle_post(Visit(request, state))
    return page(Visit(request, state), FORM) if state.is_open else _closed(request, state)


def _closed(request: HttpRequest, state: Intake, *, waits: bool = False) -> HttpResponse:
    """`waits`: something typed is kept, and can't be shown just now."""
    context = {**state.context(), "waits": waits}
    return render(request, "consultations/closed.html", context, status=200 if state.pause else 503)


@no_store
@require_safe
def begun(request: HttpRequest, token: str, *, step: str) -> HttpResponse:
    """A form that was begun, at its own address: what was typed, as it was last sent."""
    try:
        return _begun(request, token, step)
    except Error as error:
        log.error("the form lost its database (%s)", type(error).__name__)
        return _closed(request, unreachable(), waits=True)


def _begun(request: HttpRequest, token: str, step: str) -> HttpResponse:
    form_token = tokens.read_form_token(token)
    visit = Visit(request, intake())
    if form_token is None:
        return render(request, "consultations/form_unknown.html", visit.intake.context(), status=404)
    if request.headers.get("Sec-Fetch-Site", "") not in OPENED_HERE:
        # Somebody who made up this form and sends its address to others could read what they type into it.
        return render(request, "consultations/begun_elsewhere.html", visit.intake.context())
    found = kept.find(form_token.nonce) or {}
    if receipt := found.get("receipt"):
        return render(request, "consultations/sent.html", {**visit.intake.context(), "receipt": receipt})
    if not found:
        return _nothing_kept(visit, token, form_token, step)
    visit = Visit(request, visit.intake, {**found["typed"], "token": token}, found["notice"])
    if not visit.intake.is_open and not visit.notice:
        visit = visit.with_notice("paused" if visit.intake.pause else "busy")
    return _shown(visit, step)


def _nothing_kept(visit: Visit, token: str, form_token: tokens.FormToken, step: str) -> HttpResponse:
    """The answer where nothing was sent with the token, or only more than an hour ago."""
    if step != FORM:
        return SeeOther(reverse("begun_form", args=[token]))
    if not visit.intake.is_open:
        return _closed(visit.request, visit.intake)
    late = form_token.opened_before(kept.KEPT_FOR)
    return page(visit.with_token(token, notice="hour_over" if late else ""), FORM)


def _shown(visit: Visit, step: str) -> HttpResponse:
    """The step that was asked for, if what was typed lets it be shown; else the one that comes first."""
    form = ConsultationForm(visit.typed, asked=visit.asked, ticks=visit.intake.ticks)
    if step == FORM:
        return page(visit, FORM, form=None if form.is_valid() else form)
    wanted = _step_after(visit, form)
    if step != wanted:
        return SeeOther(reverse(f"begun_{wanted}", args=[visit.typed["token"]]))
    return page(visit, step, form=form)


def _step_after(visit: Visit, form: ConsultationForm) -> str:
    """Help comes before what is wrong with the form, which may not be filled in yet."""
    if not visit.has_read_stop(screening.urgent_keys(form.asked, visit.typed)):
        return STOP
    return CHECK if visit.action != AT_ONCE and form.is_valid() else FORM


def _handle_post(visit: Visit) -> HttpResponse:
    if not same_origin(visit.request):
        # Whoever wrote that form knows its token, and could later withdraw what a patient sends with it.
        return page(visit.with_notice("cross_origin"), FORM)
    try:
        typed = posted.read_post(visit.request)
    except posted.TooLarge:
        return page(visit.with_notice("too_large"), FORM)
    except posted.Unreadable:
        return page(visit.with_notice("unreadable"), FORM)
    visit = Visit(visit.request, visit.intake, with_accepted_suggestion(without_removed_line(typed)))
    if visit.token is None:
        return page(visit.with_notice("missing_code"), FORM)
    if visit.action == EDIT:
        return go_on_to(FORM, visit)
    if visit.intake.pause:
        return go_on_to(FORM, visit.with_notice("paused"))
    if not visit.intake.is_open:
        return go_on_to(FORM, visit.with_notice("busy"))
    return _handle_answers(visit, visit.token)


def _handle_answers(visit: Visit, token: tokens.FormToken) -> HttpResponse:
    form = ConsultationForm(visit.typed, asked=visit.asked, ticks=visit.intake.ticks)
    step = _step_after(visit, form)
    if step != CHECK or visit.action != "send" or visit.typed.get("remove"):
        return go_on_to(step, visit, form=form)
    if not token.fresh:
        return go_on_to(CHECK, visit.with_notice("expired"), form=form)
    return _send(visit, form, token)


def _send(visit: Visit, form: ConsultationForm, token: tokens.FormToken) -> HttpResponse:
    submission, state = form.submission(too_fast=token.too_fast), visit.intake
    try:
        sender = actions.Sender(token.nonce, client_address(visit.request), state.clinic, state.desk_hours)
        receipt_token = actions.submit(submission, sender)
    except TooMany:
        return go_on_to(CHECK, visit.with_notice("too_many"), form=form)
    except actions.Withdrawn:
        anew = tokens.new_form_token(tokens.another_nonce(token.nonce))
        return go_on_to(CHECK, visit.with_token(anew, notice="withdrawn"), form=form)
    except (Error, SealError, OSError, actions.NotStored) as error:
        log.error("a request could not be stored (%s)", type(error).__name__)
        return page(visit.with_notice("busy"), CHECK, form=form)
    return SeeOther(reverse("receipt", args=[receipt_token]))


@public_page
@require_safe
def my_questions(request: HttpRequest) -> HttpResponse:
    """Questions kept while reading. They are stored in the reader's browser: the page is the same for everybody."""
    return render(request, "consultations/my_questions.html")
