"""The request form, its stop page and its check page. No cookie, no session: the pages carry the answers."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps

from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from education.consultations.form import posted, prerendered, screening
from education.consultations.form.forms import DEFAULTS, ConsultationForm
from education.consultations.form.posted import with_accepted_suggestion, without_removed_line
from education.consultations.public import actions, tokens
from education.consultations.public.availability import Intake, intake, unreachable
from education.consultations.public.limits import TooMany
from education.core.http import client_address, public_page, same_origin
from education.core.sealing import SealError

log = logging.getLogger(__name__)
NOT_SENT = "Nothing has been sent yet. "
CROSS_ORIGIN = (
    "Your browser says that this form came from another website, so we took nothing from it. To ask us for a "
    "consultation, fill in our own form here."
)
MISSING_CODE = "This page had lost its security code, so we made a new one. Check your answers and send them again."
TOO_LARGE = "What you sent is too large for us. Go back, shorten the longest answer, and send it again."
UNREADABLE = "What arrived can’t be read. Go back and try again, or fill in the form here."
EXPIRED = "This page was open for more than a day. Your answers are still here: check them and send them now."
BUSY = "We could not store your request just now. Your answers are still on this page: try again in a minute."
TOO_MANY = (
    "More requests came from your internet address this hour than we can take. Your answers are still on this page: "
    "send them again in an hour."
)
RETRY_AFTER = {429: "3600", 503: "60"}
PAUSED = "We are not taking requests just now. Your answers are still on this page. "


class SeeOther(HttpResponseRedirect):
    status_code = 303


@dataclass(frozen=True)
class Visit:
    """One HTTP request to the form: the clinic, and what was typed so far."""

    request: HttpRequest
    intake: Intake
    typed: dict[str, str] = field(default_factory=lambda: dict(DEFAULTS))

    @property
    def token(self) -> tokens.FormToken | None:
        return tokens.read_form_token(self.typed.get("token", ""))

    @property
    def stop_read(self) -> str:
        """The keys of the urgent questions after which the stop page was read, with spaces between."""
        return self.typed.get("stop_read", "")

    def has_read_stop(self, urgent: list[str]) -> bool:
        return set(urgent) <= set(self.stop_read.split())

    def renewed_token(self) -> str:
        return tokens.new_form_token(self.token.nonce if self.token else "")


def no_store_same_origin(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No copy is kept. The referrer is sent within the site: without it, old browsers hide the origin of a POST."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


@csrf_exempt  # Django's protection needs a cookie; ours is the signed token and the browser's origin headers
@no_store_same_origin
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
    if not state.is_open:
        return render(request, "consultations/closed.html", state.context(), status=200 if state.pause else 503)
    return _form_page(Visit(request, state))


def _handle_post(visit: Visit) -> HttpResponse:
    if not same_origin(visit.request):
        # Whoever wrote that form knows its token, and could later withdraw what a patient sends with it.
        return _form_page(visit, notice=NOT_SENT + CROSS_ORIGIN, status=403)
    try:
        typed = posted.read_post(visit.request)
    except posted.TooLarge:
        return _form_page(visit, notice=NOT_SENT + TOO_LARGE, status=413)
    except posted.Unreadable:
        return _form_page(visit, notice=NOT_SENT + UNREADABLE, status=400)
    visit = Visit(visit.request, visit.intake, with_accepted_suggestion(without_removed_line(typed)))
    if visit.token is None:
        return _form_page(visit, notice=NOT_SENT + MISSING_CODE, status=400)
    if typed.get("action") == "edit":
        return _form_page(visit)
    if visit.intake.pause:
        return _form_page(visit, notice=NOT_SENT + PAUSED + visit.intake.pause.message, status=503)
    if not visit.intake.is_open:
        return _form_page(visit, notice=NOT_SENT + BUSY, status=503)
    return _handle_answers(visit, visit.token)


def _handle_answers(visit: Visit, token: tokens.FormToken) -> HttpResponse:
    form = ConsultationForm(visit.typed)
    if not visit.has_read_stop(screening.urgent_keys(form.asked, visit.typed)):
        return _page_with_answers(visit, form, "stop")
    if visit.typed.get("action") == "stop":  # straight from the answer: the rest of the form is not filled in yet
        return _form_page(visit)
    if not form.is_valid():
        return _form_page(visit, form=form)
    if visit.typed.get("action") != "send" or visit.typed.get("remove"):
        return _page_with_answers(visit, form, "check")
    if not token.fresh:
        return _page_with_answers(visit, form, "check", notice=NOT_SENT + EXPIRED)
    return _send(visit, form, token)


def _send(visit: Visit, form: ConsultationForm, token: tokens.FormToken) -> HttpResponse:
    submission = form.submission(too_fast=token.too_fast)
    try:
        where = client_address(visit.request)
        receipt_token = actions.submit(submission, nonce=token.nonce, address=where, clinic=visit.intake.clinic)
    except TooMany:
        return _form_page(visit, notice=NOT_SENT + TOO_MANY, status=429)
    except (Error, SealError, OSError, actions.NotStored) as error:
        log.error("a request could not be stored (%s)", type(error).__name__)
        return _form_page(visit, notice=NOT_SENT + BUSY, status=503)
    return SeeOther(reverse("receipt", args=[receipt_token]))


def _form_page(
    visit: Visit, *, form: ConsultationForm | None = None, notice: str = "", status: int = 200
) -> HttpResponse:
    if not visit.intake.reachable:
        form = ConsultationForm.filled_with(visit.typed, asked=[])
    elif not form and visit.typed != DEFAULTS:
        form = ConsultationForm.filled_with(visit.typed)
    context = {
        **visit.intake.context(),
        "form": form,
        "blank": "" if form else prerendered.markup(visit.intake.around.questions),
        "notice": notice,
        "token": visit.renewed_token(),
        "fresh": visit.request.method != "POST",
        "stop_read": visit.stop_read,
    }
    response = render(visit.request, "consultations/form.html", context, status=status)
    if status in RETRY_AFTER:
        response.headers["Retry-After"] = RETRY_AFTER[status]
    return response


def _page_with_answers(visit: Visit, form: ConsultationForm, name: str, *, notice: str = "") -> HttpResponse:
    """The check page or the stop page: both carry every answer in hidden fields."""
    context = {
        **visit.intake.context(),
        "form": form,
        "notice": notice,
        "token": visit.renewed_token(),
        "stop_read": visit.stop_read,
        "removable": posted.LINE_LISTS,
        **_stop_context(visit, form),
        "doubtful_numbers": form.doubtful_numbers(visit.intake.clinic.country),
    }
    return render(visit.request, f"consultations/{name}.html", context)


def _stop_context(visit: Visit, form: ConsultationForm) -> dict[str, object]:
    """`not_ticked`: they wanted to go on from the stop page without the tick that they have read it."""
    return {
        "urgent_keys": " ".join(screening.urgent_keys(form.asked, visit.typed)),
        "not_ticked": visit.typed.get("stop_shown") == "yes",
        "next_action": "stop" if visit.typed.get("action") == "stop" else "check",
    }


@public_page
@require_safe
def my_questions(request: HttpRequest) -> HttpResponse:
    """Questions kept while reading. They are stored in the reader's browser: the page is the same for everybody."""
    return render(request, "consultations/my_questions.html")
