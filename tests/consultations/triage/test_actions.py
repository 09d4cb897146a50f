"""What staff do with requests: each verb once, with its permission and its audit event."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.utils import timezone

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.clinic.models import ClinicProfile
from education.consultations.models import ConsultationRequest, IntakePause
from education.consultations.triage import actions as triage
from education.consultations.triage.record import open_note, open_row
from education.consultations.upkeep import ingest
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations import asking

pytestmark = pytest.mark.usefixtures("clinic")


def verbs() -> list[str]:
    return list(AuditEvent.objects.filter(verb__startswith="request").order_by("id").values_list("verb", flat=True))


def test_a_note_is_sealed_numbered_and_recorded(ines: User) -> None:
    row = asking.request()
    for text in ("Called, no answer", "Called again"):
        triage.add_note(row, text=text, by=ines)
    notes = list(row.notes.all())
    assert [open_note(note).text for note in notes] == ["Called, no answer", "Called again"]
    assert open_note(notes[0]).author == "ines"
    assert b"Called" not in bytes(notes[0].sealed)
    assert verbs() == ["request_note", "request_note"]


def test_claiming_contacting_closing_reopening(ines: User) -> None:
    row = asking.request()
    carl = cast.staff("carl", "intake")
    triage.claim(row, by=ines)
    triage.claim(row, by=carl)
    triage.mark_contacted(row, by=ines)
    row.refresh_from_db()
    assert row.assignee == carl
    triage.close(row, reason="answered", by=carl)
    assert AuditEvent.objects.get(verb="request_close").detail == {"reason": "answered"}
    triage.reopen(row, by=ines)
    row.refresh_from_db()
    assert (row.assignee, row.closed_at) == (None, None)


def test_whoever_contacts_a_new_request_becomes_its_assignee(ines: User) -> None:
    row = asking.request()
    triage.mark_contacted(row, by=ines)
    row.refresh_from_db()
    assert row.assignee == ines


@pytest.mark.parametrize("hours", [-99, 1])
def test_whoever_was_talked_to_is_not_overdue_because_of_a_call_that_was_to_be_made(ines: User, hours: int) -> None:
    """Nor because of the time by which a reply was promised: there was one."""
    row = asking.request()
    triage.call_later(row, "no_answer", at=timezone.now() + timedelta(hours=hours), by=ines)
    triage.mark_contacted(row, by=ines)
    row.refresh_from_db()
    clinic = ClinicProfile.load()
    fresh = IntakePause.objects.desk_hours(clinic).deadline(timezone.now(), clinic.reply_working_days)
    assert (row.is_overdue, row.due_at) == (False, fresh)
    triage.close(row, reason="answered", by=ines)
    triage.reopen(row, by=ines)
    row.refresh_from_db()
    assert (row.status, row.due_at) == ("new", fresh), "no call is still to be made"


def test_an_unknown_reason_is_refused(ines: User) -> None:
    with pytest.raises(ValueError, match="No such reason"):
        triage.close(asking.request(), reason="whim", by=ines)


def test_without_the_permission_nothing_happens() -> None:
    row, erin = asking.request(), cast.erin_the_editor()
    for act in (lambda: triage.claim(row, by=erin), lambda: triage.open_request(row, by=erin)):
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(PermissionDenied):
        triage.list_requests([row], by=erin)
    assert verbs() == []


def test_examples_are_loaded_once_and_mail_nobody(ines: User) -> None:
    assert triage.load_examples(by=ines) >= 4
    assert triage.load_examples(by=ines) == 0
    ingest.ingest_new()
    assert not OutboxMessage.objects.exists()
    assert AuditEvent.objects.filter(verb="examples_loaded").count() == 1
    assert all(open_row(row).name.startswith("EXAMPLE") for row in ConsultationRequest.objects.all())


def test_production_has_no_examples(ines: User, settings: Any) -> None:
    settings.TRIAL = False
    with pytest.raises(ImproperlyConfigured):
        triage.load_examples(by=ines)
