"""What to do before and during a call or a mail, depending on the answers. No sentence here names a diagnosis.

What somebody ticked is kept with their session until the call is over: each button draws the page anew. Which steps
there are follows from the patient's answers, so a session holds keyed digests of them and no name.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.http import HttpRequest

from education.accounts.models import User
from education.consultations import workflow
from education.consultations.form.screening import ADULT_AGE
from education.consultations.models import ConsultationRequest
from education.consultations.triage.record import OpenedRequest
from education.core import sealing
from education.core.contact.names import isolated

STEPS = (  # the names of them, in their order
    *("urgent", "interpreter", "access", "own-name", "their-name", "no-health", "whom", "guardian"),
    *("clinician", "doses"),
)

KEPT = "before_call"  # by the reference of a request: a digest of each step
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
    yield from _whom_one_turns_to(opened, by_telephone=by_telephone)
    if opened.age is not None and opened.age < ADULT_AGE:
        yield Step("guardian", "Under 18: a parent or guardian has to take part.")
    if opened.clinician_first and not opened.row.is_finished:
        yield from _a_clinician_first(opened, is_clinician=is_clinician)
    why = "this call" if by_telephone else "what you write"
    what = "doses" if is_clinician else "medicines or doses"
    yield Step("doses", f"Give no advice on {what}. Nobody should stop a medicine because of {why}.")


def _whom_one_turns_to(opened: OpenedRequest, *, by_telephone: bool) -> Iterator[Step]:
    if opened.answer("interpreter_language"):
        helps = "Get the interpreter on the line first." if by_telephone else "Ask an interpreter to help you write."
        yield Step("interpreter", helps)
    if opened.answer("access_needs"):
        yield Step("access", "Read what makes talking easier for them.")
    if by_telephone:
        yield Step("own-name", "Say only your name and the clinic’s until you know whom you speak to.")
        yield Step("their-name", f"Ask for full name and date of birth{', and compare' if opened.born else ''}.")
    else:
        yield Step("no-health", "Write nothing about their health: others may read their e-mail.")
    whom = isolated(opened.whom_to_call)
    if opened.answer("proxy_knows") == "no":
        spoken = f"Speak only with {whom}. The patient does not know yet: leave no message."
        yield Step("whom", spoken if by_telephone else f"Write only to {whom}: the patient does not know yet.")
    elif opened.for_someone_else:
        how = "Speak with" if by_telephone else "Write to"
        yield Step("whom", f"{how} {whom}; hear from the patient too that they want this.")


def _a_clinician_first(opened: OpenedRequest, *, is_clinician: bool) -> Iterator[Step]:
    if opened.clinician_has_talked:
        yield Step("clinician", "A clinician has talked to them: it may be booked.")
    elif is_clinician:
        yield Step("clinician", "A clinician first, which is you: talk to them, then press “Contacted”.")
    else:
        yield Step("clinician", "A clinician first: do not book.")


def keep_ticks(request: HttpRequest, row: ConsultationRequest) -> None:
    """Note what is ticked on the page whose button was pressed."""
    now = [digest for name, digest in _digests(row).items() if name in request.POST.getlist("step")]
    if now or _kept(request, row):
        kept = _others(request, row) | {row.reference: now}
        request.session[KEPT] = dict(list(kept.items())[-MOST:])


def forget_ticks(request: HttpRequest, row: ConsultationRequest) -> None:
    """The next call begins with none."""
    if _kept(request, row):
        request.session[KEPT] = _others(request, row)


def ticked(request: HttpRequest, row: ConsultationRequest) -> list[str]:
    """The names of the steps that are ticked."""
    kept = _kept(request, row)
    return [name for name, digest in _digests(row).items() if digest in kept] if kept else []


def _digests(row: ConsultationRequest) -> dict[str, str]:
    blinded = sealing.blind_each(f"step {row.reference} {name}" for name in STEPS)
    return {name: digest.hex() for name, digest in zip(STEPS, blinded, strict=True)}


def _kept(request: HttpRequest, row: ConsultationRequest) -> list[str]:
    digests: list[str] = request.session.get(KEPT, {}).get(row.reference, [])
    return digests


def _others(request: HttpRequest, row: ConsultationRequest) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = request.session.get(KEPT, {})
    return {reference: digests for reference, digests in kept.items() if reference != row.reference}
