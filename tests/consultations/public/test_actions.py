"""Ingesting, noting, purging: what the worker and staff do to requests."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.clinic.models import ClinicProfile
from education.consultations.models import BlindIndexEntry, ConsultationRequest, SealedAmendment, SealedNote
from education.consultations.public import tokens
from education.consultations.triage import actions as triage
from education.consultations.triage.record import open_note, open_row
from education.consultations.upkeep import ingest, retention
from education.core import sealing
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations import asking

pytestmark = pytest.mark.usefixtures("clinic")


def recipients() -> list[str]:
    rows = OutboxMessage.objects.order_by("key")
    return [sealing.open_sealed(bytes(row.recipient), bound_to=row.key)["to"] for row in rows]


def verbs() -> list[str]:
    return list(AuditEvent.objects.filter(verb__startswith="request").order_by("id").values_list("verb", flat=True))


def tamper(row: ConsultationRequest) -> None:
    """Put another request's answers into this row."""
    other = asking.request("other", full_name="Somebody Else")
    ConsultationRequest.objects.filter(pk=row.pk).update(sealed=other.sealed)


def test_ingesting_indexes_audits_and_posts_mail_once() -> None:
    row = asking.request(**asking.WHOLE)
    assert ingest.ingest_new() == 1
    assert ingest.ingest_new() == 0
    row.refresh_from_db()
    assert row.ingested_at
    assert verbs() == ["request_received"]
    assert sorted(recipients()) == ["ana@example.org", "desk@clinic.test"]
    assert row.index_entries.count() == BlindIndexEntry.objects.count() > 5


def test_ingesting_again_after_a_crash_doubles_nothing() -> None:
    row = asking.request(**asking.WHOLE)
    ingest.ingest_new()
    entries = BlindIndexEntry.objects.count()
    ConsultationRequest.objects.update(ingested_at=None)
    assert ingest.ingest_new() == 1
    assert BlindIndexEntry.objects.count() == entries
    assert OutboxMessage.objects.count() == 2
    assert row.pk


def test_two_workers_ingest_a_request_once() -> None:
    row = asking.request()
    assert ingest._ingest_request(row.pk, timezone.now())
    assert not ingest._ingest_request(row.pk, timezone.now())


def test_mails_hold_a_reference_and_a_link_and_nothing_else_of_the_request() -> None:
    row = asking.request(**asking.WHOLE)
    ingest.ingest_new()
    for mail in OutboxMessage.objects.all():
        said = mail.subject + mail.body
        assert row.reference in said
        assert not [value for value in asking.WHOLE.values() if len(value) > 3 and value in said]
    staff = OutboxMessage.objects.get(key__contains="staff")
    assert f"/admin/education/consultationrequest/{row.pk}/change/" in staff.body
    acknowledgement = OutboxMessage.objects.get(key__contains="received")
    assert "What happens next" in acknowledgement.body
    assert "my-request" not in acknowledgement.body


@pytest.mark.parametrize("typed", [{"email": "", "phone": "5550100"}, {"website": "x"}])
def test_no_acknowledgement_without_an_address_or_to_suspected_spam(typed: dict[str, str]) -> None:
    asking.request(**typed)
    ingest.ingest_new()
    assert recipients() == ["desk@clinic.test"]


def test_an_amendment_is_ingested_audited_and_announced() -> None:
    row = asking.request()
    ingest.ingest_new()
    asking.request(full_name="Ana Maria Ruiz")
    assert ingest.ingest_new() == 1
    assert ingest.ingest_new() == 0
    assert verbs() == ["request_received", "request_amended"]
    assert OutboxMessage.objects.filter(key=f"request/{row.reference}/1/staff/0").exists()
    assert list(triage.search("Maria")) == [row]


def test_an_amendment_before_the_first_ingest_waits_its_turn() -> None:
    asking.request()
    asking.request(full_name="Ana Maria Ruiz")
    assert ingest.ingest_new() == 2


def test_two_workers_ingest_an_amendment_once() -> None:
    asking.request()
    asking.request(main_reason="More")
    amendment = SealedAmendment.objects.get()
    assert ingest._ingest_amendment(amendment.pk, timezone.now())
    assert not ingest._ingest_amendment(amendment.pk, timezone.now())


def test_an_amendment_reopens_a_closed_request_and_raises_its_flag(ines: User) -> None:
    row = asking.request()
    ingest.ingest_new()
    triage.close(row, reason="answered", by=ines)
    asking.request(screening_opioids="yes")
    ingest.ingest_new()
    row.refresh_from_db()
    assert (row.status, row.flag, row.closed_at) == ("new", 2, None)


def test_an_amendment_never_lowers_a_flag() -> None:
    asking.request(screening_opioids="yes")
    row = asking.request(screening_opioids="no")
    assert row.flag == 2


def test_changing_ones_mind_back_is_kept_too() -> None:
    row = asking.request(main_reason="A")
    asking.request(main_reason="B")
    asking.request(main_reason="A")
    opened = open_row(row)
    assert opened.answers["main_reason"] == "A"
    assert len(opened.amendments) == 2


def test_an_answer_taken_back_is_named() -> None:
    row = asking.request(questions="May I bring my dog?")
    asking.request()
    assert open_row(row).amendments[0].withdrawn == ["Questions you would like to ask us"]


def test_a_swapped_row_is_found_out_and_still_announced() -> None:
    row = asking.request()
    tamper(row)
    assert ingest.ingest_new() == 2
    row.refresh_from_db()
    opened = open_row(row)
    assert "changed or damaged" in opened.problem
    assert opened.name == "Can’t be opened"
    assert AuditEvent.objects.get(verb="request_received", about=row.about).detail == {"readable": 0}
    assert OutboxMessage.objects.filter(key=f"request/{row.reference}/0/staff/0").exists()


def test_with_its_key_away_a_request_waits_staff_hear_and_the_others_go_on(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = asking.request()
    private = settings.SEAL_KEY_DIR / f"seal_private_{row.key_id}.pem"
    away = private.rename(private.with_suffix(".away"))
    sealing._private_key.cache_clear()
    monkeypatch.setattr(sealing.time, "time", lambda: 4_000_000_000)  # or both could carry the same second
    sealing.make_keys(settings.SEAL_KEY_DIR)
    other = asking.request("other")
    with pytest.raises(sealing.KeyMissing, match="1 requests wait"):
        ingest.ingest_new()
    assert "not here" in open_row(row).problem
    other.refresh_from_db()
    assert other.ingested_at
    assert OutboxMessage.objects.filter(key__startswith=f"request/{row.reference}/").exists()
    away.rename(private)
    assert ingest.ingest_new() == 1


@pytest.mark.parametrize(
    "typed",
    [
        "ana@example.org",
        " ANA@Example.org ",
        "ruiz",
        "Ruiz ana",
        "RUÍZ",
        "anita",
        "+1 555 010 1234 7",
        "0101234 7",
        "1979-05-14",
        "14 May 1979",
        "14.5.1979",
        "14/05/1979",
        "Mira",
    ],
)
def test_found_by_what_staff_hear_on_the_telephone(typed: str) -> None:
    row = asking.request(**asking.WHOLE)
    asking.request("other", full_name="Bea Stone", email="bea@example.org")
    ingest.ingest_new()
    assert list(triage.search(typed)) == [row]
    assert list(triage.search(row.reference.lower())) == [row]


@pytest.mark.parametrize("typed", ["", "x", "ruiz stone", "bo@example.org", "5550199", "99/99/1979", "Ruizz"])
def test_not_found_by_anything_else(typed: str) -> None:
    asking.request(**asking.WHOLE)
    ingest.ingest_new()
    assert not triage.search(typed).exists()


def test_a_note_is_sealed_numbered_and_audited(ines: User) -> None:
    row = asking.request()
    for text in ("Called, no answer", "Called again"):
        triage.add_note(row, text=text, by=ines)
    notes = list(row.notes.all())
    assert [open_note(note).text for note in notes] == ["Called, no answer", "Called again"]
    assert open_note(notes[0]).author == "ines"
    assert b"Called" not in bytes(notes[0].sealed)
    assert verbs() == ["request_note", "request_note"]


def test_a_note_moved_to_another_place_can_not_be_read(ines: User) -> None:
    row = asking.request()
    triage.add_note(row, text="Called", by=ines)
    SealedNote.objects.update(number=2, author=None)
    note = open_note(row.notes.get())
    assert "can’t be opened" in note.text
    assert note.author == ""


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


def test_whoever_contacts_a_new_request_has_it(ines: User) -> None:
    row = asking.request()
    triage.mark_contacted(row, by=ines)
    row.refresh_from_db()
    assert row.assignee == ines


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


def test_purging_removes_all_of_a_request_and_leaves_a_count(ines: User) -> None:
    now = timezone.now()
    row = asking.request(**asking.WHOLE)
    asking.request(main_reason="More")
    ingest.ingest_new()
    triage.add_note(row, text="Called", by=ines)
    last_day = datetime.combine(row.delete_after, time(12), tzinfo=UTC)
    assert retention.purge_due(now=now) == 0
    assert retention.purge_due(now=last_day) == 0
    assert retention.purge_due(now=last_day + timedelta(days=1)) == 1
    for model in (ConsultationRequest, BlindIndexEntry, SealedNote, SealedAmendment):
        assert not model.objects.exists()
    assert "ana@example.org" not in recipients()
    assert AuditEvent.objects.get(verb="requests_purged").detail == {"count": 1}


def test_purging_goes_on_past_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH_SIZE", 2)
    for number in range(5):
        asking.request(f"n{number}")
    assert retention.purge_due(now=timezone.now() + timedelta(days=400)) == 5


def test_the_days_kept_come_from_the_profile(clinic: ClinicProfile) -> None:
    clinic.retention_days = 10
    clinic.save()
    row = asking.request()
    assert row.delete_after == timezone.localdate(row.received_at) + timedelta(days=10)


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


def test_the_database_holds_a_closed_request_and_its_time_together() -> None:
    asking.request()
    with pytest.raises(IntegrityError):
        ConsultationRequest.objects.update(status="closed")


def test_the_identity_of_a_text_is_keyed_by_the_receipt() -> None:
    answers = {"full_name": "Ana"}
    assert tokens.content_mac("a", answers) != tokens.content_mac("b", answers)
    assert tokens.content_mac("a", answers) != tokens.content_mac("a", {"full_name": "Bea"})


def test_a_request_names_nobody() -> None:
    row = asking.request(**asking.WHOLE)
    assert str(row) == f"Request {row.reference}"
