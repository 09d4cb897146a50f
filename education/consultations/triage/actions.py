"""What staff do with requests. Each verb is one transaction: the change and its audit event."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from education.accounts.models import User
from education.audit.actions import record
from education.clinic.context import kept_rows
from education.clinic.models import ClinicProfile
from education.colleagues.models import Whose
from education.consultations import mails, search_terms, workflow
from education.consultations.form.submission import Submission
from education.consultations.models import ConsultationRequest, IntakePause, ReplyTemplate, RequestQuerySet, SealedNote
from education.consultations.public import tokens
from education.consultations.public.actions import CONTACT_MACS, Sender, submit
from education.consultations.triage import examples
from education.consultations.triage.record import OpenedRequest, may_be_booked, may_be_passed_on, open_for
from education.core import sealing
from education.core.workflow import IllegalMove


class NoEmailAddress(Exception):
    """The patient left no e-mail address."""


class NoWayBack(Exception):
    """The clinic's profile has no name or no telephone number, so the patient could not answer a mail."""


class ClinicianFirst(Exception):
    """A clinician has to talk to the patient before this request is booked."""


class WaitsForClinician(IllegalMove):
    """The request waits for a clinician already."""


class ChangedMeanwhile(Exception):
    """The request is no longer as it was on the page where the button was pressed."""


def require(by: User, permission: str) -> None:
    """Raises PermissionDenied for somebody without the permission, and for everybody if it is empty: only the patient
    may do such things.
    """
    if not permission or not by.has_perm(permission):
        raise PermissionDenied


def move(row: ConsultationRequest, verb: str, *, by: User | None, **detail: str) -> None:
    """The one place where a verb moves a request: asks the table, saves, and records an audit event with `detail`.

    The caller holds the row's lock. `by` is None for the worker. Raises IllegalMove, PermissionDenied.
    """
    transition = workflow.REQUESTS.find(row.status, verb)
    if by is not None:
        require(by, transition.permission)
    was_finished = row.is_finished
    row.status = transition.next
    if was_finished and not row.is_finished:
        row.closed_at = None
    elif row.is_finished and not was_finished:
        row.closed_at = timezone.now()
    row.save(update_fields=["status", "assignee", "due_at", "contacted_at", "closed_at", "changed_at"])
    record(f"request_{verb}", by=by, about=row.about, detail=detail)


@contextmanager
def unchanged_since(request: ConsultationRequest, seen: str) -> Iterator[None]:
    """What is done in this block is one transaction, and is done only if the request still has the version `seen`.

    Raises ChangedMeanwhile. An empty `seen` is not compared.
    """
    with transaction.atomic():
        if seen and _locked(request).version != seen:
            raise ChangedMeanwhile
        yield


def _locked(request: ConsultationRequest) -> ConsultationRequest:
    return ConsultationRequest.objects.select_for_update().get(pk=request.pk)


def _locked_and_assigned(request: ConsultationRequest, by: User) -> ConsultationRequest:
    """Whoever acts on a request that nobody has becomes its assignee. Whoever can't work on it any more has it not."""
    row = _locked(request)
    row.assignee = row.assignee if row.assignee and row.assignee.has_perm(workflow.MAY_WORK) else by
    return row


@transaction.atomic
def list_requests(
    rows: Iterable[ConsultationRequest], *, by: User, verb: str = "requests_listed"
) -> list[OpenedRequest]:
    """Decrypt the rows of one page. Who sees which is recorded first, under `verb`."""
    require(by, workflow.MAY_VIEW)
    shown = list(rows)
    record(verb, by=by, detail={"references": " ".join(row.reference for row in shown)})
    return [open_for(row, by=by) for row in shown]


@transaction.atomic
def open_request(row: ConsultationRequest, *, by: User, verb: str = "request_opened") -> OpenedRequest:
    """Decrypt one request to look at, print or copy it. Who does is recorded first, under `verb`."""
    require(by, workflow.MAY_VIEW)
    record(verb, by=by, about=row.about)
    return open_for(row, by=by)


def search(typed: str) -> RequestQuerySet:
    """Requests with this reference, or else those whose blind index has every term of what was typed."""
    reference = "".join(filter(str.isalnum, typed)).upper()  # however it is grouped
    if len(reference) == tokens.REFERENCE_LENGTH:
        by_reference = ConsultationRequest.objects.filter(reference=reference)
        if by_reference.exists():
            return by_reference
    wanted = search_terms.terms_for(typed, kept_rows.get().clinic.country)
    terms = [[digest for term in one_of for digest in search_terms.digests(term)] for one_of in wanted]
    return ConsultationRequest.objects.with_terms(terms) if terms else ConsultationRequest.objects.none()


@transaction.atomic
def claim(request: ConsultationRequest, *, by: User) -> None:
    """Become its assignee, also in place of a colleague."""
    row = _locked(request)
    row.assignee = by
    move(row, "claim", by=by)


@transaction.atomic
def mark_contacted(request: ConsultationRequest, *, by: User) -> None:
    """Note that somebody talked to the patient. That ends the time of a call that was still to be made, and keeps the
    promise to reply: from now on it is the next step that is due.
    """
    row = _locked_and_assigned(request, by)
    row.contacted_at = row.contacted_at or timezone.now()
    row.due_at = _due_from_now()
    move(row, "contact", by=by, **({workflow.BY_CLINICIAN: "yes"} if by.has_perm(workflow.MAY_SEE_CLINICAL) else {}))


@transaction.atomic
def call_later(request: ConsultationRequest, verb: str, *, at: datetime, though_closed: bool = False, by: User) -> None:
    """Note that nobody answered, a voice message was left, or a time was agreed. The request is due again at that time.

    `though_closed`: somebody who knows that the clinic is closed then means this time, so no day off moves it.
    """
    row = _locked_and_assigned(request, by)
    row.due_at = at
    known = {workflow.THOUGH_CLOSED: "yes"} if though_closed else {}
    move(row, verb, by=by, **{workflow.CALL_AT: at.isoformat()}, **known)


@transaction.atomic
def needs_clinician(request: ConsultationRequest, *, by: User) -> None:
    """Pass the request on. It has no assignee then: any clinician may claim it. Raises WaitsForClinician."""
    row = _locked(request)
    if not may_be_passed_on(row, by=by):
        raise WaitsForClinician
    row.assignee = None
    move(row, "needs_clinician", by=by)


@transaction.atomic
def book(request: ConsultationRequest, *, by: User) -> None:
    """Note that an appointment was made. Raises ClinicianFirst."""
    row = _locked_and_assigned(request, by)
    if not may_be_booked(open_for(row, by=by), by=by):
        raise ClinicianFirst
    row.contacted_at = row.contacted_at or timezone.now()
    move(row, "book", by=by)


@transaction.atomic
def close(request: ConsultationRequest, *, reason: str, by: User) -> None:
    if reason not in workflow.CLOSE_REASONS:
        raise ValueError(f"No such reason: {reason}")
    move(_locked_and_assigned(request, by), "close", by=by, reason=reason)


@transaction.atomic
def mark_spam(request: ConsultationRequest, *, by: User) -> None:
    move(_locked(request), "spam", by=by)


@transaction.atomic
def mark_not_spam(request: ConsultationRequest, *, by: User) -> None:
    """What was only suspected stays due when its patient was told, who now hears that it came."""
    row = _locked(request)
    if row.is_finished:
        begin_again(row, "not_spam", by=by)
    else:
        move(row, "not_spam", by=by, **{workflow.STILL_DUE: "yes"})
    opened = open_for(row, by=by)
    if opened.spam_reason and opened.answer("email") and not opened.is_example:
        rows = kept_rows.get()
        mails.acknowledge(row.reference, opened.answer("email"), due=row.due_at, rows=rows, link=opened.receipt)


@transaction.atomic
def reopen(request: ConsultationRequest, *, by: User) -> None:
    begin_again(_locked(request), "reopen", by=by)


def begin_again(row: ConsultationRequest, verb: str, *, by: User | None) -> None:
    """A finished request is new again, without an assignee, and due as if it had come in now.

    The caller holds the row's lock. `by` is None for the worker.
    """
    row.due_at = _due_from_now()
    row.assignee = None
    move(row, verb, by=by)


def _due_from_now() -> datetime:
    """When a request is due that comes in now."""
    clinic = ClinicProfile.load()
    return IntakePause.objects.desk_hours(clinic).deadline(timezone.now(), clinic.reply_working_days)


@transaction.atomic
def add_note(request: ConsultationRequest, *, text: str, by: User, task: Whose | None = None) -> None:
    """Add a note, sealed. With `task`, it is one, and whoever it is for gets a mail that quotes nothing of it."""
    row = _locked(request)
    move(row, "note", by=by, **({"task_for": task.person.get_username()} if task else {}))
    number = (row.notes.aggregate(last=Max("number"))["last"] or 0) + 1
    note = SealedNote(request=row, number=number, author=by, created_at=timezone.now())
    note.sealed = sealing.seal({"text": text}, bound_to=note.bound_to)
    note.key_id = sealing.key_id_of(note.sealed)
    if task:
        note.task_for, note.due_on = task.person.get_username(), task.due_on
    note.save(force_insert=True)
    if task and task.person != by:
        mails.task_assigned(note, address=task.person.email, by=by)


@transaction.atomic
def set_task_done(note: SealedNote, *, done: bool, by: User) -> None:
    """Done, or open again."""
    require(by, workflow.MAY_WORK)
    note.set_done(by=by if done else None)
    record("request_task_done" if done else "request_task_reopen", by=by, about=note.request.about)


@transaction.atomic
def confirm_contact(request: ConsultationRequest, *, number: int, by: User) -> None:
    """Let the contact in this amendment count from now on: to call, to write to, and to withdraw with.

    Raises IllegalMove if it is no longer the latest, or changes nothing.
    """
    row = _locked(request)
    opened = open_for(row, by=by)
    if not opened.unconfirmed or number != opened.unconfirmed_number:
        raise IllegalMove("The contact has changed meanwhile.")
    row.contact_from = number
    macs = opened.latest.get(CONTACT_MACS)
    if macs is not None:  # the patient's side computes them: it takes the receipt's token
        row.email_mac, row.phone_mac = macs.get("email_mac", ""), macs.get("phone_mac", "")
    row.save(update_fields=["contact_from", "email_mac", "phone_mac"])
    move(row, "confirm_contact", by=by, amendment=str(number))


@transaction.atomic
def send_reply(request: ConsultationRequest, template: ReplyTemplate, *, by: User) -> None:
    """Mail the patient the text of a template, through the outbox. Raises NoEmailAddress, NoWayBack."""
    require(by, workflow.MAY_WORK)
    if not mails.may_reply(ClinicProfile.load()):
        raise NoWayBack
    row = _locked(request)
    address = open_for(row, by=by).answer("email")
    if not address:
        raise NoEmailAddress
    event = record("request_reply", by=by, about=row.about, detail={"template": template.pk})
    mails.reply(row.reference, address, template, number=event.pk)
    row.save(update_fields=["changed_at"])


@transaction.atomic
def dismiss_mail(request: ConsultationRequest, *, by: User) -> None:
    """Staff know that mail does not reach this patient: it is no longer shown as news."""
    require(by, workflow.MAY_WORK)
    row = _locked(request)
    if mails.dismiss_unreached(row.reference):
        record("request_mail_dismissed", by=by, about=row.about)
        row.save(update_fields=["changed_at"])


@transaction.atomic
def enter_by_telephone(submission: Submission, *, nonce: str, by: User) -> ConsultationRequest:
    """Store what a caller told `by` on the telephone. `nonce` is the form's, as for `submit`."""
    require(by, workflow.MAY_WORK)
    token = submit(submission, Sender(nonce))
    row = ConsultationRequest.objects.get(receipt_hash=tokens.receipt_hash(token))
    record("request_entered", by=by, about=row.about)
    return row


@transaction.atomic
def load_examples(*, by: User) -> int:
    """Fill a trial's queue with requests marked EXAMPLE; how many were added."""
    require(by, workflow.MAY_WORK)
    if not settings.TRIAL:
        raise ImproperlyConfigured("Examples are for trials only.")
    before = ConsultationRequest.objects.count()
    for nonce, submission in zip(examples.NONCES, examples.submissions(), strict=True):
        submit(submission, Sender(nonce))
    added = ConsultationRequest.objects.count() - before
    if added:
        record("examples_loaded", by=by, detail={"count": added})
    return added
