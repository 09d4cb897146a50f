"""The request form, its check page, and the receipt. No cookie, no session: the answers ride in the page itself."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from education.consultations import actions, incoming, tokens
from education.consultations.forms import DEFAULTS, ConsultationForm
from education.consultations.intake import Intake, intake
from education.consultations.models import ConsultationRequest, Status
from education.core.http import no_store, same_origin
from education.core.sealing import SealError

log = logging.getLogger(__name__)
NOT_SENT = "Nothing has been sent yet. "
FOREIGN = "Your browser says that this came from another website. Check your answers here and send them again."
LOST_CODE = "This page had lost its security code, so we made a new one. Check your answers and send them again."
TOO_MUCH = "What you sent is too large for us. Go back, shorten the longest answer, and send it again."
GARBLED = "What arrived can’t be read. Go back and try again, or fill in the form here."
STALE = "This page was open for more than a day. Your answers are still here: check them and send them now."
BUSY = "We could not store your request just now. Your answers are still on this page: try again in a minute."
STATUS_WORDS = {
    Status.NEW: "Waiting to be read.",
    Status.CLAIMED: "A member of our staff has taken it on.",
    Status.CONTACTED: "We have been in touch.",
    Status.CLOSED: "Finished. If you need us again, call us or send a new request.",
}


class SeeOther(HttpResponseRedirect):
    status_code = 303


@dataclass(frozen=True)
class Visit:
    """One request to the form: who asks which clinic, and what was typed so far."""

    request: HttpRequest
    intake: Intake
    typed: dict[str, str] = field(default_factory=lambda: dict(DEFAULTS))

    @property
    def token(self) -> tokens.FormToken | None:
        return tokens.read_form_token(self.typed.get("token", ""))

    def renewed_token(self) -> str:
        return tokens.new_form_token(self.token.nonce if self.token else "")


def never_kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No copy anywhere. The referrer stays within the site: without one, old browsers hide the origin of a POST."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


@csrf_exempt  # Django's protection needs a cookie; ours is the signed token and the browser's own origin headers
@never_kept
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_form(request: HttpRequest) -> HttpResponse:
    state = intake()
    if request.method == "POST":
        return _posted(Visit(request, state))
    if not state.is_open:
        return render(request, "consultations/closed.html", state.context(), status=503)
    return _form_page(Visit(request, state))


def _posted(visit: Visit) -> HttpResponse:
    try:
        typed = incoming.read_post(visit.request)
    except incoming.TooMuch:
        return _form_page(visit, notice=NOT_SENT + TOO_MUCH, status=413)
    except incoming.Garbled:
        return _form_page(visit, notice=NOT_SENT + GARBLED, status=400)
    visit = Visit(visit.request, visit.intake, typed)
    if not same_origin(visit.request):
        return _form_page(visit, notice=NOT_SENT + FOREIGN, status=403)
    if visit.token is None:
        return _form_page(visit, notice=NOT_SENT + LOST_CODE, status=400)
    if typed.get("action") == "edit":
        return _form_page(visit)
    if not visit.intake.is_open:
        return _form_page(visit, notice=NOT_SENT + BUSY, status=503)
    return _checked(visit, visit.token)


def _checked(visit: Visit, token: tokens.FormToken) -> HttpResponse:
    form = ConsultationForm(visit.typed)
    if not form.is_valid():
        return _form_page(visit, form=form)
    if visit.typed.get("action") != "send":
        return _check_page(visit, form)
    if not token.fresh:
        return _check_page(visit, form, notice=NOT_SENT + STALE)
    return _send(visit, form, token)


def _send(visit: Visit, form: ConsultationForm, token: tokens.FormToken) -> HttpResponse:
    try:
        receipt_token = actions.submit(form.submission(), nonce=token.nonce)
    except (DatabaseError, SealError, OSError, actions.NotStored) as error:
        log.error("a request could not be stored (%s)", type(error).__name__)
        return _form_page(visit, notice=NOT_SENT + BUSY, status=503)
    return SeeOther(reverse("receipt", args=[receipt_token]))


def _form_page(
    visit: Visit, *, form: ConsultationForm | None = None, notice: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **visit.intake.context(),
        "form": form or ConsultationForm.filled_with(visit.typed),
        "notice": notice,
        "token": visit.renewed_token(),
    }
    response = render(visit.request, "consultations/form.html", context, status=status)
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


def _check_page(visit: Visit, form: ConsultationForm, *, notice: str = "") -> HttpResponse:
    context = {**visit.intake.context(), "form": form, "notice": notice, "token": visit.renewed_token()}
    return render(visit.request, "consultations/check.html", context)


@no_store
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What a patient may know at an address that only they have: never an answer."""
    row = ConsultationRequest.objects.filter(receipt_hash=tokens.receipt_hash(token)).first()
    template = "consultations/receipt.html" if row else "consultations/receipt_unknown.html"
    words = STATUS_WORDS[Status(row.status)] if row else ""
    context = {**intake().context(), "row": row, "status_words": words}
    response = render(request, template, context, status=200 if row else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
