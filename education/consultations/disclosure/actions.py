"""Export requests with a reason, hand a patient what is kept about them, or erase it for good."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from education.accounts.models import User
from education.audit.actions import record
from education.consultations import erasures, mails, workflow
from education.consultations.models import ConsultationRequest, RequestQuerySet
from education.consultations.public import tokens
from education.consultations.triage import chart, examples
from education.consultations.triage.actions import require
from education.consultations.triage.record import OpenedRequest, notes_for, open_for
from education.consultations.workflow import Status


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
    return [open_for(row, by=by) for row in rows]


@transaction.atomic
def export_person(rows: Iterable[ConsultationRequest], *, by: User) -> str:
    """What is kept about one person, as plain text to hand over: as far as `by` may see it."""
    _require_view_and_erase(by)
    shown = list(rows)
    record("person_exported", by=by, detail={"references": " ".join(row.reference for row in shown)})
    return "\n\n".join(chart.as_text(open_for(row, by=by), notes_for(row, by=by)) for row in shown)


@transaction.atomic
def erase_person(rows: Iterable[ConsultationRequest], *, by: User) -> int:
    """Erase these requests with all that belongs to them. Returns how many. Restoring a backup erases them again."""
    _require_view_and_erase(by)
    references = {row.pk: row.reference for row in rows}
    erase(references.values())
    erasures.update_file_on_commit()
    record("person_erased", by=by, detail={"references": " ".join(references.values())})
    return len(references)


@transaction.atomic
def remove_examples(*, by: User) -> int:
    """Erase the requests that `triage.actions.load_examples` made, and no other; how many there were."""
    require(by, workflow.MAY_WORK)
    references = list(example_requests().values_list("reference", flat=True))
    if references:
        erase(references)
        erasures.update_file_on_commit()
        record("examples_removed", by=by, detail={"count": len(references)})
    return len(references)


def example_requests() -> RequestQuerySet:
    """Found by the receipts of their forms: what says EXAMPLE in them is sealed."""
    found = [
        token
        for nonce in examples.NONCES
        for token in (tokens.receipt_token(nonce), *tokens.earlier_receipt_tokens(nonce))
    ]
    return ConsultationRequest.objects.filter(receipt_hash__in=map(tokens.receipt_hash, found))


def erase(references: Iterable[str]) -> int:
    """Delete the requests with these references, and note that; how many there were. Joins the caller's transaction.

    Also called during a restore, for what was erased since the backup was made.
    """
    names = list(references)
    mails.delete_mails_to_patient(names)
    erasures.note(names)
    return ConsultationRequest.objects.filter(reference__in=names).delete()[1].get("education.ConsultationRequest", 0)


def _require_view_and_erase(by: User) -> None:
    require(by, workflow.MAY_ERASE)
    require(by, workflow.MAY_VIEW)
