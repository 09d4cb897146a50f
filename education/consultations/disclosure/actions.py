"""Taking requests out of the site: exported with a reason, handed to the patient, or erased for good."""

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
from education.consultations.triage.record import Opened, open_note, open_row
from education.consultations.workflow import Status

LOG_NAME = "erasures.txt"


def received_between(begins: date, ends: date) -> RequestQuerySet:
    between = ConsultationRequest.objects.filter(received_at__date__gte=begins, received_at__date__lte=ends)
    return between.exclude(status=Status.WITHDRAWN).prefetch_related("amendments").order_by("received_at", "id")


@transaction.atomic
def export(begins: date, ends: date, *, reason: str, by: User) -> list[Opened]:
    """Open every request of these days for a file. Recorded with the reason before anything is shown."""
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
    _require_both(by)
    shown = list(rows)
    record("person_exported", by=by, detail={"references": " ".join(row.reference for row in shown)})
    texts = []
    for row in shown:
        notes = [open_note(note) for note in row.notes.select_related("author", "request")]
        texts.append(chart.text(open_row(row), notes, clinical=True))
    return "\n\n".join(texts)


def erase_person(rows: Iterable[ConsultationRequest], *, by: User, now: datetime | None = None) -> int:
    """Erase these requests with all that belongs to them, also in any backup that is ever restored."""
    _require_both(by)
    references = {row.pk: row.reference for row in rows}
    with transaction.atomic():
        erase(references.values())
        record("person_erased", by=by, detail={"references": " ".join(references.values())}, at=now)
    note_erasures(references.values())
    return len(references)


def erase(references: Iterable[str]) -> int:
    """Joins the caller's transaction. Also how a restored backup forgets what was erased since it was made."""
    names = list(references)
    mails.forget(names)
    return ConsultationRequest.objects.filter(reference__in=names).delete()[1].get("education.ConsultationRequest", 0)


def note_erasures(references: Iterable[str]) -> None:
    """Beside the backups, so that a restore can erase again. A reference is drawn at random and names nobody."""
    folder = settings.BACKUP_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = timezone.now().date().isoformat()
    with (folder / LOG_NAME).open("a", encoding="ascii") as log:
        log.writelines(f"{reference} {at}\n" for reference in references)


def noted_erasures(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines() if line.strip()]


def _require_both(by: User) -> None:
    require(by, workflow.MAY_ERASE)
    require(by, workflow.MAY_VIEW)
