"""What staff do to requests. Each verb is one transaction: the change and its audit event."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from education.accounts.models import User
from education.audit.actions import record
from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations import mails, search_terms, workflow
from education.consultations.form.submission import Submission
from education.consultations.models import ConsultationRequest, ReplyTemplate, RequestQuerySet, SealedNote
from education.consultations.public import tokens
from education.consultations.public.actions import submit
from education.consultations.triage import examples
from education.consultations.triage.record import Opened, open_row
from education.core import sealing


class NoAddress(Exception):
    """The patient left no e-mail address."""


def require(by: User, permission: str) -> None:
    if not permission or not by.has_perm(permission):
        raise PermissionDenied


def change(row: ConsultationRequest, verb: str, *, by: User | None, **detail: str) -> None:
    """The one place where staff move a request: asks the table, saves, and leaves an audit event."""
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


def _locked(request: ConsultationRequest) -> ConsultationRequest:
    return ConsultationRequest.objects.select_for_update().get(pk=request.pk)


def _taken_up(request: ConsultationRequest, by: User) -> ConsultationRequest:
    """Locked; whoever acts on a request that nobody has claimed has it now."""
    row = _locked(request)
    row.assignee = row.assignee or by
    return row


@transaction.atomic
def list_requests(rows: Iterable[ConsultationRequest], *, by: User, verb: str = "requests_listed") -> list[Opened]:
    """Open the rows of one page of the queue. Who saw which is recorded before anything is shown."""
    require(by, workflow.MAY_VIEW)
    shown = list(rows)
    record(verb, by=by, detail={"references": " ".join(row.reference for row in shown)})
    return [open_row(row) for row in shown]


@transaction.atomic
def open_request(row: ConsultationRequest, *, by: User, verb: str = "request_opened") -> Opened:
    """Open one request to look at, print or copy it. Who did is recorded before it is shown."""
    require(by, workflow.MAY_VIEW)
    record(verb, by=by, about=row.about)
    return open_row(row)


def search(typed: str) -> RequestQuerySet:
    """Requests with this reference, or else with these terms in their blind index."""
    by_reference = ConsultationRequest.objects.filter(reference=typed.strip().upper())
    if by_reference.exists():
        return by_reference
    terms = search_terms.digests(search_terms.terms_for(typed))
    return ConsultationRequest.objects.with_terms(terms) if terms else ConsultationRequest.objects.none()


@transaction.atomic
def claim(request: ConsultationRequest, *, by: User) -> None:
    """Take it on, also from a colleague."""
    row = _locked(request)
    row.assignee = by
    change(row, "claim", by=by)


@transaction.atomic
def mark_contacted(request: ConsultationRequest, *, by: User) -> None:
    row = _taken_up(request, by)
    row.contacted_at = row.contacted_at or timezone.now()
    change(row, "contact", by=by)


@transaction.atomic
def call_later(request: ConsultationRequest, verb: str, *, at: datetime, by: User) -> None:
    """Nobody answered, a voice message was left, or a time was agreed: it comes back to the top at that time."""
    row = _taken_up(request, by)
    row.due_at = at
    change(row, verb, by=by)


@transaction.atomic
def needs_clinician(request: ConsultationRequest, *, by: User) -> None:
    """Nobody in particular has it now: any clinician may take it."""
    row = _locked(request)
    row.assignee = None
    change(row, "needs_clinician", by=by)


@transaction.atomic
def book(request: ConsultationRequest, *, by: User) -> None:
    row = _taken_up(request, by)
    row.contacted_at = row.contacted_at or timezone.now()
    change(row, "book", by=by)


@transaction.atomic
def close(request: ConsultationRequest, *, reason: str, by: User) -> None:
    if reason not in workflow.CLOSE_REASONS:
        raise ValueError(f"No such reason: {reason}")
    change(_taken_up(request, by), "close", by=by, reason=reason)


@transaction.atomic
def mark_spam(request: ConsultationRequest, *, by: User) -> None:
    change(_locked(request), "spam", by=by)


@transaction.atomic
def mark_not_spam(request: ConsultationRequest, *, by: User) -> None:
    change(_promised_anew(_locked(request)), "not_spam", by=by)


@transaction.atomic
def reopen(request: ConsultationRequest, *, by: User) -> None:
    """Back to the start of the queue, where anybody may take it."""
    row = _promised_anew(_locked(request))
    row.assignee = None
    change(row, "reopen", by=by)


def _promised_anew(row: ConsultationRequest) -> ConsultationRequest:
    clinic = ClinicProfile.load()
    row.due_at = Hours.of(clinic).deadline(timezone.now(), clinic.reply_working_days)
    return row


@transaction.atomic
def add_note(request: ConsultationRequest, *, text: str, by: User) -> None:
    row = _locked(request)
    change(row, "note", by=by)
    number = (row.notes.aggregate(last=Max("number"))["last"] or 0) + 1
    note = SealedNote(request=row, number=number, author=by, created_at=timezone.now())
    note.sealed = sealing.seal({"text": text}, bound_to=note.bound_to)
    note.key_id = sealing.key_id_of(note.sealed)
    note.save(force_insert=True)


@transaction.atomic
def send_reply(request: ConsultationRequest, template: ReplyTemplate, *, by: User) -> None:
    """Mail the fixed words of a template, through the outbox."""
    require(by, workflow.MAY_WORK)
    row = _locked(request)
    address = open_row(row).answer("email")
    if not address:
        raise NoAddress
    event = record("request_reply", by=by, about=row.about, detail={"template": template.pk})
    mails.reply(row.reference, address, template, number=event.pk)


@transaction.atomic
def enter_by_telephone(submission: Submission, *, nonce: str, by: User) -> ConsultationRequest:
    """A request that somebody told us on the telephone, marked with who took it."""
    require(by, workflow.MAY_WORK)
    token = submit(submission, nonce=nonce)
    row = ConsultationRequest.objects.get(receipt_hash=tokens.receipt_hash(token))
    record("request_entered", by=by, about=row.about)
    return row


@transaction.atomic
def load_examples(*, by: User) -> int:
    """Fill a trial's queue with requests marked EXAMPLE; the number that are new."""
    require(by, workflow.MAY_WORK)
    if not settings.TRIAL:
        raise ImproperlyConfigured("Examples are for trials only.")
    before = ConsultationRequest.objects.count()
    for number, submission in enumerate(examples.submissions()):
        submit(submission, nonce=f"example-{number}")
    added = ConsultationRequest.objects.count() - before
    if added:
        record("examples_loaded", by=by, detail={"count": added})
    return added
