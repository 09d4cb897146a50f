"""The pages of the request form, and the way from one to the next."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from education.consultations.form import posted, prerendered, screening
from education.consultations.form.fields import Problem
from education.consultations.form.forms import DEFAULTS, ConsultationForm
from education.consultations.public import kept, tokens
from education.consultations.public.availability import Intake
from education.core.http import client_address

FORM, CHECK, STOP = "form", "check", "stop"
RETRY_AFTER = {429: "3600", 503: "60"}
EDIT = "edit"  # back from a later page
AT_ONCE = "stop"  # sent straight from an urgent answer: the rest of the form is not filled in yet
NOT_KEPT = ("token", "remove")  # of what was posted


class Notice(NamedTuple):
    """What went wrong. While the words are shown, the page has this status."""

    words: str
    status: int = 200


TICK_TO_GO_ON = "Check the box if you want to go on."
NOTHING_SENT = "Nothing has been sent yet. "
NOTICES = {
    "cross_origin": Notice(
        "Your browser says that this form came from another website, so we took nothing from it. To ask us for a "
        "consultation, fill in our own form here.",
        403,
    ),
    "missing_code": Notice(
        "This page had lost its security code, so we made a new one. Check your answers and send them again.",
        400,
    ),
    "too_large": Notice(
        "What you sent is too large for us. Go back, shorten the longest answer, and send it again.", 413
    ),
    "unreadable": Notice("We could not read what arrived. Go back and try again, or fill in the form here.", 400),
    "expired": Notice(
        "This page was open for more than a day. Your answers are still here: check them and send them now."
    ),
    "hour_over": Notice(
        "We keep what you typed for one hour, and that hour is over. If your browser still has it, it is filled in "
        "below. If not, fill in the form again."
    ),
    "busy": Notice(
        "We could not store your request just now. Your answers are still on this page: try again in a minute.", 503
    ),
    "too_many": Notice(
        "Too many requests came from your internet connection within an hour, from you or from others who use it. Your "
        "answers are still on this page: send them again in an hour.",
        429,
    ),
    "withdrawn": Notice(
        "You withdrew what was sent with this form before. To ask us again, send it now: it will be a new request."
    ),
    "paused": Notice("We are not taking requests right now. Your answers are still on this page. ", 503),
}


class SeeOther(HttpResponseRedirect):
    status_code = 303


@dataclass(frozen=True)
class Visit:
    """One HTTP request to the form: the clinic, what was typed so far, and a key of NOTICES or nothing."""

    request: HttpRequest
    intake: Intake
    typed: dict[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    notice: str = ""

    @cached_property
    def token(self) -> tokens.FormToken | None:
        return tokens.read_form_token(self.typed.get("token", ""))

    @property
    def action(self) -> str:
        """What the button that was pressed last asks for."""
        return self.typed.get("action", "")

    @property
    def stop_read(self) -> str:
        """The keys of the urgent questions after which the stop page was read, with spaces between."""
        return self.typed.get("stop_read", "")

    @property
    def asked(self) -> list[screening.Question]:
        return screening.questions_for(self.typed, empty_form=self.intake.around.questions)

    def has_read_stop(self, urgent: list[str]) -> bool:
        return set(urgent) <= set(self.stop_read.split())

    def renewed_token(self) -> str:
        return tokens.new_form_token(self.token.nonce if self.token else "")

    @property
    def skipped_stop(self) -> bool:
        """They wanted to go on from the stop page without the tick that they have read it."""
        return self.typed.get("stop_shown") == "yes" and self.action != EDIT

    def with_notice(self, notice: str) -> "Visit":
        return replace(self, notice=notice)

    def with_token(self, token: str, *, notice: str) -> "Visit":
        return replace(self, typed={**self.typed, "token": token}, notice=notice)

    @property
    def notice_words(self) -> str:
        if not self.notice:
            return ""
        pause = self.intake.pause.message if self.notice == "paused" and self.intake.pause else ""
        return NOTHING_SENT + NOTICES[self.notice].words + pause

    @property
    def is_blank(self) -> bool:
        return not self.typed.keys() - {"token", "action"} - DEFAULTS.keys() and self.typed.items() >= DEFAULTS.items()


def go_on_to(step: str, visit: Visit, *, form: ConsultationForm | None = None) -> HttpResponse:
    """Keep what was typed, and send the browser to the page of this step. What can't be kept is shown at once."""
    token = visit.token
    address_token = visit.typed["token"] if token and token.fresh else visit.renewed_token()
    nonce = tokens.nonce_of(address_token)
    typed = {name: value for name, value in visit.typed.items() if name not in NOT_KEPT}
    document = {"typed": typed, "notice": visit.notice}
    if visit.intake.reachable:
        try:
            kept.keep(nonce, document, address=client_address(visit.request))
            anchor = "#error-summary" if step == STOP and visit.skipped_stop else ""  # in place of that of the form
            return SeeOther(reverse(f"begun_{step}", args=[address_token]) + anchor)
        except kept.NotKept:
            pass
    return page(visit, step, form=form)


def page(visit: Visit, step: str, *, form: ConsultationForm | None = None) -> HttpResponse:
    status = NOTICES[visit.notice].status if visit.notice else 200
    context = _form_context(visit, form) if step == FORM or not form else _context_with_answers(visit, form, step)
    response = render(visit.request, f"consultations/{step}.html", context, status=status)
    if status in RETRY_AFTER:
        response.headers["Retry-After"] = RETRY_AFTER[status]
    return response


def _form_context(visit: Visit, form: ConsultationForm | None) -> dict[str, object]:
    if not visit.intake.reachable:
        form = ConsultationForm.filled_with(visit.typed, asked=[], ticks=visit.intake.ticks)
    elif visit.action in (EDIT, AT_ONCE) or (form is None and not visit.is_blank):
        form = ConsultationForm.filled_with(visit.typed, asked=visit.asked, ticks=visit.intake.ticks)
    token = visit.renewed_token()
    is_new = visit.request.method != "POST" and not visit.token
    return {
        **visit.intake.context(),
        "form": form,
        "blank": "" if form else prerendered.markup(visit.intake.around.questions, visit.intake.ticks),
        "notice": visit.notice_words,
        "token": token,
        "stop_read": visit.stop_read,
        "own_address": reverse("begun_form", args=[token]) if is_new else "",
        "brought_back": form is not None and not form.is_bound and not visit.notice and visit.request.method != "POST",
    }


def _context_with_answers(visit: Visit, form: ConsultationForm, step: str) -> dict[str, object]:
    """The context of the check page and the stop page: both carry every answer in hidden fields, however long they stay
    open.
    """
    return {
        **visit.intake.context(),
        "form": form,
        "notice": visit.notice_words,
        "token": visit.renewed_token(),
        **(_stop_context(visit, form) if step == STOP else _check_context(visit, form)),
    }


def _stop_context(visit: Visit, form: ConsultationForm) -> dict[str, object]:
    return {
        "urgent_keys": " ".join(screening.urgent_keys(form.asked, visit.typed)),
        "problems": [Problem("stop-read", TICK_TO_GO_ON)] if visit.skipped_stop else [],
        "next_action": AT_ONCE if visit.action == AT_ONCE else CHECK,
        "form_is_next": visit.action == AT_ONCE,
        "for_someone_else": visit.typed.get("asking_for") == "someone",
    }


def _check_context(visit: Visit, form: ConsultationForm) -> dict[str, object]:
    return {
        "stop_read": visit.stop_read,
        "removable": posted.LINE_LISTS,
        "doubtful_numbers": form.doubtful_numbers(visit.intake.clinic.country),
    }
