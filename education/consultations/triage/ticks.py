"""What somebody ticked before a call, kept with their session until the call is over: a button draws the page anew."""

from django.http import HttpRequest

from education.consultations.models import ConsultationRequest
from education.consultations.triage.checklist import STEPS

KEPT = "before_call"  # by the reference of a request: the names of the steps, never their words
MOST = 10  # requests, the last that were worked on


def keep(request: HttpRequest, row: ConsultationRequest) -> None:
    """Note what is ticked on the page whose button was pressed."""
    ticked = [name for name in request.POST.getlist("step") if name in STEPS]
    if ticked or of(request, row):
        kept = _others(request, row) | {row.reference: ticked}
        request.session[KEPT] = dict(list(kept.items())[-MOST:])


def forget(request: HttpRequest, row: ConsultationRequest) -> None:
    """The next call begins with none."""
    if of(request, row):
        request.session[KEPT] = _others(request, row)


def of(request: HttpRequest, row: ConsultationRequest) -> list[str]:
    ticked: list[str] = request.session.get(KEPT, {}).get(row.reference, [])
    return ticked


def _others(request: HttpRequest, row: ConsultationRequest) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = request.session.get(KEPT, {})
    return {reference: names for reference, names in kept.items() if reference != row.reference}
