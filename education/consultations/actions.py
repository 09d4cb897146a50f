"""Everything that is done to requests. Each action is one transaction: the change, its audit event, its mail."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from education.audit.actions import record
from education.clinic.models import ClinicProfile
from education.consultations import examples, index, mails, tokens, workflow
from education.consultations.models import (
    BlindIndexEntry,
    ConsultationRequest,
    RequestQuerySet,
    SealedAmendment,
    SealedNote,
)
from education.consultations.record import Opened, open_row
from education.consultations.submission import Submission
from education.consultations.triage_forms import REASONS
from education.core import sealing
from education.staff.models import User

ATTEMPTS = 5
BATCH = 200


class NotStored(Exception):
    """No free reference was found. Practically impossible; the sender may simply send again."""


def submit(submission: Submission, *, nonce: str, now: datetime | None = None) -> str:
    """Store what a patient sent, sealed; the receipt's token.

    The same form again is the same request: with the same text nothing happens, with another text it is an amendment.
    """
    now = now or timezone.now()
    token = tokens.receipt_token(nonce)
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                known = ConsultationRequest.objects.select_for_update().filter(receipt_hash=tokens.receipt_hash(token))
                if row := known.first():
                    _amend(row, submission, token, now)
                else:
                    _create(submission, token, now)
            return token
        except IntegrityError:
            continue  # a second click came first, or the reference is taken: look again
    raise NotStored


def _create(submission: Submission, token: str, now: datetime) -> ConsultationRequest:
    reference = tokens.new_reference()
    envelope = sealing.seal(submission.document(now), bound_to=reference)
    return ConsultationRequest.objects.create(
        reference=reference,
        receipt_hash=tokens.receipt_hash(token),
        content_mac=tokens.content_mac(token, submission.answers),
        sealed=envelope,
        key_id=sealing.key_id_of(envelope),
        flag=submission.flag,
        received_at=now,
        delete_after=timezone.localdate(now) + timedelta(days=ClinicProfile.load().retention_days),
    )


def _amend(row: ConsultationRequest, submission: Submission, token: str, now: datetime) -> None:
    mac = tokens.content_mac(token, submission.answers)
    last = row.amendments.order_by("-number").first()
    if mac == (last.content_mac if last else row.content_mac):
        return
    amendment = SealedAmendment(request=row, number=last.number + 1 if last else 1, content_mac=mac, created_at=now)
    amendment.sealed = sealing.seal(submission.document(now), bound_to=amendment.bound_to)
    amendment.key_id = sealing.key_id_of(amendment.sealed)
    amendment.save(force_insert=True)
    if submission.flag > row.flag:
        row.flag = submission.flag
        row.save(update_fields=["flag", "changed_at"])


def ingest_new(*, now: datetime | None = None) -> int:
    """On the staff side: index, audit and announce what came in. The number of requests and amendments done."""
    now = now or timezone.now()
    done = missing = 0
    for step, pk, reference in _to_ingest():
        try:
            done += step(pk, now)
        except sealing.KeyMissing:  # it may come back; meanwhile the others go on, and staff hear of this one
            mails.tell_staff(reference, pk=pk)
            missing += 1
    if missing:
        raise sealing.KeyMissing(f"{missing} requests wait for a key that is not here.")
    return done


def _to_ingest() -> Iterator[tuple[Callable[[int, datetime], bool], int, str]]:
    for pk, reference in ConsultationRequest.objects.to_ingest().values_list("pk", "reference")[:BATCH]:
        yield _ingest_request, pk, reference
    amendments = SealedAmendment.objects.filter(ingested_at__isnull=True, request__ingested_at__isnull=False)
    for pk, reference in amendments.order_by("id").values_list("pk", "request__reference")[:BATCH]:
        yield _ingest_amendment, pk, reference


@transaction.atomic
def _ingest_request(pk: int, now: datetime) -> bool:
    row = ConsultationRequest.objects.select_for_update().filter(pk=pk, ingested_at__isnull=True).first()
    if row is None:
        return False
    opened = open_row(row, strict=True)
    _index(row, opened)
    record("request_received", by=None, about=row.about, detail={"readable": int(not opened.problem)}, at=now)
    if not opened.is_example:
        mails.tell_staff(row.reference, pk=row.pk)
        if opened.answer("email") and not opened.marked:
            mails.acknowledge(row.reference, opened.answer("email"))
    row.ingested_at = now
    row.save(update_fields=["ingested_at", "changed_at"])
    return True


@transaction.atomic
def _ingest_amendment(pk: int, now: datetime) -> bool:
    waiting = SealedAmendment.objects.select_for_update().filter(pk=pk, ingested_at__isnull=True)
    amendment = waiting.first()
    if amendment is None:
        return False
    row = amendment.request
    _index(row, open_row(row, strict=True))
    record("request_amended", by=None, about=row.about, detail={"number": amendment.number}, at=now)
    if row.is_closed:  # somebody has to read what was added
        _change(row, "reopen", by=None)
    mails.tell_staff(row.reference, pk=row.pk, amendment=amendment.number)
    waiting.update(ingested_at=now)
    return True


def _index(row: ConsultationRequest, opened: Opened) -> None:
    digests = index.digests(index.terms_of(opened.answers))
    entries = [BlindIndexEntry(request=row, digest=digest) for digest in digests]
    BlindIndexEntry.objects.bulk_create(entries, ignore_conflicts=True)


def purge_due(*, now: datetime | None = None) -> int:
    """Delete what has been kept long enough, with its index, notes and amendments. Leaves a count."""
    today = timezone.localdate(now)
    with transaction.atomic():
        rows = ConsultationRequest.objects.due_for_deletion(today).values_list("pk", "reference")[:BATCH]
        references = dict(rows)
        if not references:
            return 0
        ConsultationRequest.objects.filter(pk__in=references).delete()
        mails.forget(references.values())
        record("requests_purged", by=None, detail={"count": len(references)}, at=now)
    return len(references) + purge_due(now=now)


def _require(by: User, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied


@transaction.atomic
def list_requests(rows: Iterable[ConsultationRequest], *, by: User, found_by_search: bool = False) -> list[Opened]:
    """Open the rows of one page of the queue. Who saw which is recorded before anything is shown."""
    _require(by, workflow.MAY_VIEW)
    shown = list(rows)
    verb = "requests_searched" if found_by_search else "requests_listed"
    record(verb, by=by, detail={"references": " ".join(row.reference for row in shown)})
    return [open_row(row) for row in shown]


@transaction.atomic
def open_request(row: ConsultationRequest, *, by: User) -> Opened:
    """Open one request. Who did is recorded before it is shown."""
    _require(by, workflow.MAY_VIEW)
    record("request_opened", by=by, about=row.about)
    return open_row(row)


def search(typed: str) -> RequestQuerySet:
    """Requests with this reference, or else with these terms in their blind index."""
    by_reference = ConsultationRequest.objects.filter(reference=typed.strip().upper())
    if by_reference.exists():
        return by_reference
    terms = index.digests(index.terms_for(typed))
    return ConsultationRequest.objects.with_terms(terms) if terms else ConsultationRequest.objects.none()


def _change(row: ConsultationRequest, verb: str, *, by: User | None, **detail: str) -> None:
    """The one place where a request changes its state: asks the table, saves, and leaves an audit event."""
    transition = workflow.REQUESTS.find(row.status, verb)
    if by is not None:
        _require(by, transition.permission)
    row.status = transition.next
    row.closed_at = timezone.now() if row.is_closed else None
    row.save(update_fields=["status", "assignee", "closed_at", "changed_at"])
    record(f"request_{verb}", by=by, about=row.about, detail=detail)


def _locked(request: ConsultationRequest) -> ConsultationRequest:
    return ConsultationRequest.objects.select_for_update().get(pk=request.pk)


@transaction.atomic
def claim(request: ConsultationRequest, *, by: User) -> None:
    """Take it on, also from a colleague."""
    row = _locked(request)
    row.assignee = by
    _change(row, "claim", by=by)


@transaction.atomic
def mark_contacted(request: ConsultationRequest, *, by: User) -> None:
    row = _locked(request)
    row.assignee = row.assignee or by
    _change(row, "contact", by=by)


@transaction.atomic
def add_note(request: ConsultationRequest, *, text: str, by: User) -> None:
    row = _locked(request)
    _change(row, "note", by=by)
    number = (row.notes.aggregate(last=Max("number"))["last"] or 0) + 1
    note = SealedNote(request=row, number=number, author=by, created_at=timezone.now())
    note.sealed = sealing.seal({"text": text}, bound_to=note.bound_to)
    note.key_id = sealing.key_id_of(note.sealed)
    note.save(force_insert=True)


@transaction.atomic
def close(request: ConsultationRequest, *, reason: str, by: User) -> None:
    if reason not in REASONS:
        raise ValueError(f"No such reason: {reason}")
    _change(_locked(request), "close", by=by, reason=reason)


@transaction.atomic
def reopen(request: ConsultationRequest, *, by: User) -> None:
    """Back to the start of the queue, where anybody may take it."""
    row = _locked(request)
    row.assignee = None
    _change(row, "reopen", by=by)


@transaction.atomic
def load_examples(*, by: User) -> int:
    """Fill a trial's queue with requests marked EXAMPLE; the number that are new."""
    if not settings.TRIAL:
        raise ImproperlyConfigured("Examples are for trials only.")
    before = ConsultationRequest.objects.count()
    for number, submission in enumerate(examples.submissions()):
        submit(submission, nonce=f"example-{number}")
    added = ConsultationRequest.objects.count() - before
    if added:
        record("examples_loaded", by=by, detail={"count": added})
    return added
