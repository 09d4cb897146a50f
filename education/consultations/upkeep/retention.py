"""How long requests are kept. A request is deleted with its index, notes, amendments and mails; a count remains."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from education.audit import facts
from education.audit.actions import record
from education.audit.models import AuditEvent
from education.consultations import mails
from education.consultations.models import ConsultationRequest, RequestQuerySet
from education.consultations.public import limits
from education.consultations.workflow import DAYS_AFTER_CLOSING
from education.core.disk import empty_write_ahead_log_on_commit

log = logging.getLogger(__name__)
BATCH_SIZE = 200
PURGED_UNTIL = "purged until"
PURGE_STEP = timedelta(days=2)  # for each hourly purge: a site that was off for a month has caught up within a day


def due_for_deletion(now: datetime) -> RequestQuerySet:
    """The requests whose time has come, in no order: to order them, SQLite would read the whole table instead of the
    indexes on these columns.
    """
    due = Q(delete_after__lt=timezone.localdate(now))
    for status, days in DAYS_AFTER_CLOSING.items():
        due |= Q(status=status, closed_at__lt=now - timedelta(days=days))
    return ConsultationRequest.objects.filter(due)


def purge_in_steps(*, now: datetime | None = None) -> int:
    """As `purge_due`, but at most PURGE_STEP beyond the last purge, so that a clock that jumps ahead deletes little at
    once.
    """
    now = now or timezone.now()
    until = horizon(now)
    if until < now:
        log.error("the clock is far ahead of the last purge: deleting only what was due on %s", f"{until:%Y-%m-%d}")
    count = purge_due(now=until)
    facts.note(PURGED_UNTIL, until.isoformat(), now=now)
    return count


def horizon(now: datetime) -> datetime:
    """The moment up to which what is past its time may be deleted now."""
    reached = purged_until()
    return min(now, reached + PURGE_STEP) if reached else now


def purged_until() -> datetime | None:
    """How far the last purge came; before the first one, when something was last recorded."""
    if fact := facts.known(PURGED_UNTIL):
        return datetime.fromisoformat(fact.value)
    last = AuditEvent.objects.order_by("-id").first()
    return last.at if last else None


def purge_due(*, now: datetime | None = None) -> int:
    """Delete what has been kept long enough; how many requests that were."""
    now = now or timezone.now()
    limits.delete_old(now)
    count = 0
    while deleted := _purge_some(now):
        count += deleted
    return count


@transaction.atomic
def _purge_some(now: datetime) -> int:
    """Locked as they are read: what staff say at this moment is no spam is not deleted with the rest of it."""
    due = due_for_deletion(now).select_for_update()
    if references := dict(due.values_list("pk", "reference")[:BATCH_SIZE]):
        ConsultationRequest.objects.filter(pk__in=references).delete()
        mails.delete_mails_to_patient(references.values())
        record("requests_purged", by=None, detail={"count": len(references)}, at=now)
        empty_write_ahead_log_on_commit()
    return len(references)
