"""How long requests are kept. A request is deleted with its index, notes, amendments and mails; a count remains."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from education.audit.actions import record
from education.consultations import mails
from education.consultations.models import ConsultationRequest, RequestQuerySet
from education.consultations.public import limits
from education.consultations.workflow import Status
from education.core.disk import empty_write_ahead_log_on_commit

BATCH_SIZE = 200
# Nothing is kept longer than the patient was told. These are deleted sooner: days after they were closed.
DAYS_AFTER_CLOSING = {Status.SPAM: 30, Status.WITHDRAWN: 30}


def due_for_deletion(now: datetime) -> RequestQuerySet:
    due = Q(delete_after__lt=timezone.localdate(now))
    for status, days in DAYS_AFTER_CLOSING.items():
        due |= Q(status=status, closed_at__lt=now - timedelta(days=days))
    return ConsultationRequest.objects.filter(due).order_by("id")


def purge_due(*, now: datetime | None = None) -> int:
    """Delete what has been kept long enough; how many requests that were."""
    now = now or timezone.now()
    limits.delete_old(now)
    count = 0
    while references := dict(due_for_deletion(now).values_list("pk", "reference")[:BATCH_SIZE]):
        with transaction.atomic():
            ConsultationRequest.objects.filter(pk__in=references).delete()
            mails.delete_mails_to_patient(references.values())
            record("requests_purged", by=None, detail={"count": len(references)}, at=now)
            empty_write_ahead_log_on_commit()
        count += len(references)
    return count
