"""What the worker does with what came in, on the staff side: index, audit, announce."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from education.audit.actions import record
from education.consultations import mails, search_terms
from education.consultations.disclosure.actions import note_erasures
from education.consultations.models import BlindIndexEntry, ConsultationRequest, SealedAmendment
from education.consultations.triage.actions import change
from education.consultations.triage.record import Opened, open_row
from education.core import sealing

BATCH = 200
PAUSE = 0.01  # seconds; SQLite lets one write at a time, and whoever sends a request comes first


def ingest_new(*, now: datetime | None = None) -> int:
    """The number of requests, amendments and withdrawals done."""
    now = now or timezone.now()
    done = missing = 0
    for step, pk, reference in _to_ingest():
        try:
            done += step(pk, now)
            time.sleep(PAUSE)
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
    if row.is_withdrawn:
        record("request_withdrawn", by=None, about=row.about, at=now)
        note_erasures([row.reference])
        mails.tell_withdrawn(row.reference)
    else:
        _take_in(row, now)
    row.ingested_at = now
    row.save(update_fields=["ingested_at", "changed_at"])
    return True


def _take_in(row: ConsultationRequest, now: datetime) -> None:
    opened = open_row(row, strict=True)
    _index(row, opened)
    record("request_received", by=None, about=row.about, detail={"readable": int(not opened.problem)}, at=now)
    if opened.is_example:
        return
    mails.tell_staff(row.reference, pk=row.pk)
    if opened.answer("email") and not opened.marked:
        mails.acknowledge(row.reference, opened.answer("email"), link=opened.receipt)


@transaction.atomic
def _ingest_amendment(pk: int, now: datetime) -> bool:
    waiting = SealedAmendment.objects.select_for_update().filter(pk=pk, ingested_at__isnull=True)
    amendment = waiting.first()
    if amendment is None:
        return False
    row = amendment.request
    _index(row, open_row(row, strict=True))
    record("request_amended", by=None, about=row.about, detail={"number": amendment.number}, at=now)
    if row.is_finished:  # somebody has to read what was added
        change(row, "not_spam" if row.status == "spam" else "reopen", by=None)
    mails.tell_staff(row.reference, pk=row.pk, amendment=amendment.number)
    waiting.update(ingested_at=now)
    return True


def _index(row: ConsultationRequest, opened: Opened) -> None:
    digests = search_terms.digests(search_terms.terms_of(opened.answers))
    entries = [BlindIndexEntry(request=row, digest=digest) for digest in digests]
    BlindIndexEntry.objects.bulk_create(entries, ignore_conflicts=True)
