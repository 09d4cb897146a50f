"""Export requests with a reason, hand a patient what is kept about them, or erase it for good."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from education.accounts.models import User
from education.audit.actions import record
from education.consultations import mails, workflow
from education.consultations.models import ConsultationRequest, RequestQuerySet
from education.consultations.triage import chart
from education.consultations.triage.actions import require
from education.consultations.triage.record import OpenedRequest, open_note, open_row
from education.consultations.workflow import Status

ERASURE_LOG = "erasures.txt"


def received_between(begins: date, ends: date) -> RequestQuerySet:
    between = ConsultationRequest.objects.filter(received_at__date__gte=begins, received_at__date__lte=ends)
    return between.exclude(status=Status.WITHDRAWN).prefetch_related("amendments").order_by("received_at", "id")


@transaction.atomic
def export(begins: date, ends: date, *, reason: str, by: User) -> list[OpenedRequest]:
    """Decrypt every request received on these days, the last included. Recorded with the reason before that.

    `reason` is a key of `workflow.EXPORT_REASONS`; ValueError for any other.
    """
    require(by, workflow.MAY_EXPORT)
    require(by, workflow.MAY_VIEW)
    if reason not in workflow.EXPORT_REASONS:
        raise ValueError(f"No such reason: {reason}")
    rows = list(received_between(begins, ends))
    detail = {"count": len(rows), "reason": reason, "begins": begins.isoformat(), "ends": ends.isoformat()}
    record("requests_exported", by=by, detail=detail)
    return [open_row(row) for row in rows]


@transaction.atomic
def export_person(rows: Iterable[ConsultationRequest], *, by: User) -> str:
    """Everything that is kept about one person, as plain text to hand over."""
    _require_view_and_erase(by)
    shown = list(rows)
    record("person_exported", by=by, detail={"references": " ".join(row.reference for row in shown)})
    texts = []
    for row in shown:
        notes = [open_note(note) for note in row.notes.select_related("author", "request")]
        texts.append(chart.as_text(open_row(row), notes, clinical=True))
    return "\n\n".join(texts)


def erase_person(rows: Iterable[ConsultationRequest], *, by: User, now: datetime | None = None) -> int:
    """Erase these requests with all that belongs to them; how many. A backup restored later erases them again."""
    _require_view_and_erase(by)
    references = {row.pk: row.reference for row in rows}
    with transaction.atomic():
        erase(references.values())
        record("person_erased", by=by, detail={"references": " ".join(references.values())}, at=now)
    log_erasures(references.values())
    return len(references)


def erase(references: Iterable[str]) -> int:
    """Delete the requests with these references; how many. Joins the caller's transaction.

    Also called after a restore, for what was erased since the backup was made.
    """
    names = list(references)
    mails.delete_mails_to_patient(names)
    return ConsultationRequest.objects.filter(reference__in=names).delete()[1].get("education.ConsultationRequest", 0)


def log_erasures(references: Iterable[str]) -> None:
    """Write the references beside the backups, so that a restore can erase them again. They name nobody."""
    folder = settings.BACKUP_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = timezone.now().date().isoformat()
    with (folder / ERASURE_LOG).open("a", encoding="ascii") as log:
        log.writelines(f"{reference} {at}\n" for reference in references)


def logged_erasures(text: str) -> list[str]:
    """The references in the text of an erasure log."""
    return [line.split()[0] for line in text.splitlines() if line.strip()]


def _require_view_and_erase(by: User) -> None:
    require(by, workflow.MAY_ERASE)
    require(by, workflow.MAY_VIEW)
