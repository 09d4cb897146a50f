"""What the worker does with new requests, amendments and withdrawals: index them, record them, notify staff."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from education.audit.actions import record
from education.clinic.context import SharedRows, kept_rows
from education.consultations import erasures, mails, search_terms
from education.consultations.models import BlindIndexEntry, ConsultationRequest, RequestQuerySet, SealedAmendment
from education.consultations.triage.actions import begin_again
from education.consultations.triage.record import OpenedRequest, open_row
from education.consultations.upkeep.lost_keys import lost, set_aside
from education.consultations.workflow import Status

BATCH_SIZE = 200
told: set[str] = set()  # references of the requests set aside of which staff were told
Ingest = Callable[[int, datetime, SharedRows], bool]
PAUSE_SECONDS = 0.01  # SQLite allows one writer at a time, and patients who are sending come first


def ingest_new() -> int:
    """Ingest a batch of what has come in. Returns how many rows were done.

    A row that waits for a key that is not here is set aside, and staff are told that it came; it is ingested once its
    key is back.
    """
    now = timezone.now()
    aside = set_aside(lost())
    rows = kept_rows.get()  # before the transactions, each of which would read them again
    done = 0
    for ingest, pk in _waiting(aside):
        done += ingest(pk, now, rows)
        time.sleep(PAUSE_SECONDS)
    _tell_of(aside.filter(ingested_at__isnull=True), rows)
    return done


def _waiting(aside: RequestQuerySet) -> Iterator[tuple[Ingest, int]]:
    """How to ingest each row, and its key."""
    requests = ConsultationRequest.objects.to_ingest().exclude(pk__in=aside.values("pk"))
    for pk in requests.values_list("pk", flat=True)[:BATCH_SIZE]:
        yield _ingest_request, pk
    amendments = SealedAmendment.objects.filter(ingested_at__isnull=True, request__ingested_at__isnull=False)
    amendments = amendments.exclude(request__in=aside.values("pk")).order_by("id")
    for pk in amendments.values_list("pk", flat=True)[:BATCH_SIZE]:
        yield _ingest_amendment, pk


def _tell_of(aside: RequestQuerySet, rows: SharedRows) -> None:
    """Mail staff of these, each once in this process; the outbox sends the mail once in any case."""
    for pk, reference in aside.values_list("pk", "reference"):
        if reference not in told:
            mails.notify_staff(reference, pk=pk, rows=rows)
            told.add(reference)


@transaction.atomic
def _ingest_request(pk: int, now: datetime, rows: SharedRows) -> bool:
    row = ConsultationRequest.objects.select_for_update().filter(pk=pk, ingested_at__isnull=True).first()
    if row is None:
        return False
    if row.is_withdrawn:
        record("request_withdrawn", by=None, about=row.about, at=now)
        erasures.update_file_on_commit()
        mails.notify_staff_of_withdrawal(row.reference, rows=rows)
    else:
        _index_and_notify(row, now, rows)
    row.ingested_at = now
    row.save(update_fields=["ingested_at", "indexed_as"])  # changed_at stays: for whoever has it open it is the same
    return True


def _index_and_notify(row: ConsultationRequest, now: datetime, rows: SharedRows) -> None:
    opened, country = open_row(row, strict=True), rows.clinic.country
    _index(row, opened, country)
    row.indexed_as = search_terms.rules_in(country)
    record("request_received", by=None, about=row.about, detail={"readable": int(not opened.problem)}, at=now)
    if opened.is_example:
        return
    mails.notify_staff(row.reference, pk=row.pk, rows=rows)
    if opened.answer("email") and not opened.spam_reason:
        mails.acknowledge(row.reference, opened.answer("email"), due=row.due_at, rows=rows, link=opened.receipt)


@transaction.atomic
def _ingest_amendment(pk: int, now: datetime, rows: SharedRows) -> bool:
    """The request is locked first, as by its patient and by staff: in another order, two could wait for each other."""
    waiting = SealedAmendment.objects.filter(pk=pk, ingested_at__isnull=True)
    row = ConsultationRequest.objects.select_for_update().filter(pk__in=waiting.values("request")).first()
    amendment = waiting.first()
    if row is None or amendment is None:
        return False
    _index(row, open_row(row, strict=True), rows.clinic.country)
    record("request_amended", by=None, about=row.about, detail={"number": amendment.number}, at=now)
    if row.is_finished:  # somebody has to read what was added
        begin_again(row, "not_spam" if row.status == Status.SPAM else "reopen", by=None)
    mails.notify_staff(row.reference, pk=row.pk, rows=rows, amendment=amendment.number)
    waiting.update(ingested_at=now)
    return True


def index_again(*, most: int = BATCH_SIZE) -> int:
    """Index again the requests that were indexed by other rules, or for another country, `most` of them. Returns how
    many.

    Each is a transaction of its own, and the next run goes on where this one ended. What needs a key that is not here
    is found as before until the key is back.
    """
    country = kept_rows.get().clinic.country
    waiting = ConsultationRequest.objects.to_index_again(search_terms.rules_in(country))
    done = 0
    for pk in waiting.exclude(pk__in=set_aside(lost()).values("pk")).values_list("pk", flat=True)[:most]:
        done += _index_one_again(pk, country)
        time.sleep(PAUSE_SECONDS)
    return done


@transaction.atomic
def _index_one_again(pk: int, country: str) -> bool:
    rules = search_terms.rules_in(country)
    row = ConsultationRequest.objects.to_index_again(rules).select_for_update().filter(pk=pk).first()
    if row is None:
        return False
    opened = open_row(row, strict=True)
    if not opened.problem:
        row.index_entries.all().delete()
    _index(row, opened, country)
    row.indexed_as = rules
    row.save(update_fields=["indexed_as"])
    return True


def _index(row: ConsultationRequest, opened: OpenedRequest, country: str) -> None:
    """Found by the contact that counts and by the one that was sent last."""
    terms = search_terms.terms_of(opened.answers, country)
    if (latest := opened.latest.get("answers", {})) != opened.answers:
        terms |= search_terms.terms_of(latest, country)
    known = {bytes(digest) for digest in row.index_entries.values_list("digest", flat=True)}
    new = search_terms.digests_for(row.reference, terms) - known
    made_up = search_terms.padding(len(known) + len(new))
    entries = [BlindIndexEntry(request=row, digest=digest) for digest in sorted([*new, *made_up])]  # no order of origin
    # Only an entry that is there is passed over. `ignore_conflicts` would on SQLite lose any that can't be stored.
    BlindIndexEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["digest", "request"], update_fields=["digest"]
    )
