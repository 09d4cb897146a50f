"""What to do before and during a call or a mail, depending on the answers. No sentence here names a diagnosis.

What somebody ticked is kept with their session until the call is over: each button draws the page anew.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.http import HttpRequest

from education.accounts.models import User
from education.consultations import workflow
from education.consultations.form.screening import ADULT_AGE
from education.consultations.models import ConsultationRequest
from education.consultations.triage.record import OpenedRequest, clinician_has_talked
from education.core.contact.names import isolated

STEPS = (  # the names of them, in their order
    *("urgent", "interpreter", "access", "own-name", "their-name", "whom", "guardian"),
    *("clinician", "medicines", "doses"),
)

KEPT = "before_call"  # by the reference of a request: the names of the steps, never their words
MOST = 10  # requests, the last that were worked on


class Step(NamedTuple):
    name: str  # one of STEPS
    words: str


def before_the_call(opened: OpenedRequest, *, by: User) -> list[Step]:
    return list(_steps(opened, is_clinician=by.has_perm(workflow.MAY_SEE_CLINICAL)))


def _steps(opened: OpenedRequest, *, is_clinician: bool) -> Iterator[Step]:
    if opened.is_urgent:
        beside = "" if is_clinician else ", and a clinician beside you"
        yield Step("urgent", f"Urgent: have the emergency numbers ready, which stand below the flag{beside}.")
    by_telephone = bool(opened.answer("phone"))
    yield from _whom_one_speaks_to(opened) if by_telephone else _whom_one_writes_to(opened)
    if opened.age is not None and opened.age < ADULT_AGE:
        yield Step("guardian", "Under 18: a parent or guardian has to take part.")
    if opened.clinician_first:
        yield from _a_clinician_first(opened, is_clinician=is_clinician)
    why = "this call" if by_telephone else "what you write"
    yield Step("doses", f"No advice on doses. Nobody should stop a medicine because of {why}.")


def _whom_one_speaks_to(opened: OpenedRequest) -> Iterator[Step]:
    if opened.answer("interpreter_language"):
        yield Step("interpreter", "Get the interpreter on the line first.")
    if opened.answer("access_needs"):
        yield Step("access", "Read what makes talking easier for them.")
    yield Step("own-name", "Say only your name and the clinic’s until you know whom you speak to.")
    yield Step("their-name", f"Ask for full name and date of birth{', and compare' if opened.born else ''}.")
    whom = isolated(opened.whom_to_call)
    if opened.answer("proxy_knows") == "no":
        yield Step("whom", f"Speak only with {whom}. The patient does not know yet: leave no message.")
    elif opened.for_someone_else:
        yield Step("whom", f"Speak with {whom}; hear from the patient too that they want this.")


def _whom_one_writes_to(opened: OpenedRequest) -> Iterator[Step]:
    if opened.answer("interpreter_language"):
        yield Step("interpreter", "Ask an interpreter to help you write.")
    if opened.answer("access_needs"):
        yield Step("access", "Read what makes talking easier for them.")
    yield Step("own-name", "Write nothing about their health: others may read their mail.")
    whom = isolated(opened.whom_to_call)
    if opened.answer("proxy_knows") == "no":
        yield Step("whom", f"Write only to {whom}: the patient does not know yet.")
    elif opened.for_someone_else:
        yield Step("whom", f"Write to {whom}; hear from the patient too that they want this.")


def _a_clinician_first(opened: OpenedRequest, *, is_clinician: bool) -> Iterator[Step]:
    if clinician_has_talked(opened):
        yield Step("clinician", "A clinician has talked to them: it may be booked.")
    elif is_clinician:
        yield Step("clinician", "A clinician first, which is you: talk to them, then press “Contacted”.")
    else:
        yield Step("clinician", "A clinician first: do not book.")
    if not is_clinician:
        yield Step("medicines", "Give no advice on medicines.")


def keep_ticks(request: HttpRequest, row: ConsultationRequest) -> None:
    """Note what is ticked on the page whose button was pressed."""
    now = [name for name in request.POST.getlist("step") if name in STEPS]
    if now or ticked(request, row):
        kept = _others(request, row) | {row.reference: now}
        request.session[KEPT] = dict(list(kept.items())[-MOST:])


def forget_ticks(request: HttpRequest, row: ConsultationRequest) -> None:
    """The next call begins with none."""
    if ticked(request, row):
        request.session[KEPT] = _others(request, row)


def ticked(request: HttpRequest, row: ConsultationRequest) -> list[str]:
    names: list[str] = request.session.get(KEPT, {}).get(row.reference, [])
    return names


def _others(request: HttpRequest, row: ConsultationRequest) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = request.session.get(KEPT, {})
    return {reference: names for reference, names in kept.items() if reference != row.reference}
