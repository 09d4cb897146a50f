"""Ingesting: requests, amendments and withdrawals are indexed, recorded and mailed once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.clinic.context import SharedRows
from education.consultations import search_terms
from education.consultations.models import (
    BlindIndexEntry,
    ConsultationRequest,
    SealedAmendment,
)
from education.consultations.triage import actions as triage
from education.consultations.triage.record import open_row
from education.consultations.upkeep import ingest
from education.core import sealing
from education.outbox.models import OutboxMessage
from tests.consultations import asking
from tests.queries import queries

pytestmark = pytest.mark.usefixtures("clinic")


def verbs() -> list[str]:
    return list(AuditEvent.objects.filter(verb__startswith="request").order_by("id").values_list("verb", flat=True))


def tamper(row: ConsultationRequest) -> None:
    """Put another request's answers into this row."""
    other = asking.request("other", full_name="Somebody Else")
    ConsultationRequest.objects.filter(pk=row.pk).update(sealed=other.sealed)


def test_ingesting_indexes_records_and_mails_once() -> None:
    row = asking.request(**asking.WHOLE)
    assert ingest.ingest_new() == 1
    assert ingest.ingest_new() == 0
    row.refresh_from_db()
    assert row.ingested_at
    assert verbs() == ["request_received"]
    assert sorted(asking.recipients()) == ["ana@example.org", "desk@clinic.test"]
    assert row.index_entries.count() == BlindIndexEntry.objects.count() > 5


def test_a_request_that_can_not_be_indexed_whole_is_not_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    row = asking.request(**asking.WHOLE)
    with monkeypatch.context() as patched:
        patched.setattr(search_terms, "digests_for", lambda *_: {None})
        patched.setattr(search_terms, "padding", lambda count: [])
        with pytest.raises(IntegrityError):
            ingest.ingest_new()
    assert ingest.ingest_new() == 1
    assert list(triage.search("ana@example.org")) == [row]


def test_an_entry_that_is_there_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    row = asking.request(**asking.WHOLE)
    monkeypatch.setattr(search_terms, "padding", lambda count: [b"the same"])
    ingest.ingest_new()
    entries = row.index_entries.count()
    ConsultationRequest.objects.filter(pk=row.pk).update(ingested_at=None)
    assert ingest.ingest_new() == 1
    assert row.index_entries.count() == entries


def test_ingesting_again_after_a_crash_duplicates_nothing() -> None:
    row = asking.request(**asking.WHOLE)
    ingest.ingest_new()
    entries = BlindIndexEntry.objects.count()
    ConsultationRequest.objects.update(ingested_at=None)
    assert ingest.ingest_new() == 1
    assert BlindIndexEntry.objects.count() == entries
    assert OutboxMessage.objects.count() == 2
    assert row.pk


def test_the_words_of_mails_are_those_that_are_kept() -> None:
    """Inside the transaction of each request they would be read again."""
    for name in ("one", "two", "three"):
        asking.request(name, **asking.SHORTEST)
    asked = queries(ingest.ingest_new)
    assert OutboxMessage.objects.count() == 2 * 3
    assert not [sql for sql in asked if 'FROM "education_siteplace"' in sql]


def test_two_workers_ingest_a_request_once() -> None:
    row = asking.request()
    assert ingest._ingest_request(row.pk, timezone.now(), SharedRows())
    assert not ingest._ingest_request(row.pk, timezone.now(), SharedRows())


def test_mails_hold_a_reference_and_a_link_and_nothing_else_of_the_request() -> None:
    row = asking.request(**asking.WHOLE)
    ingest.ingest_new()
    for mail in OutboxMessage.objects.all():
        said = mail.subject + mail.body
        assert row.reference_shown in said
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
    assert asking.recipients() == ["desk@clinic.test"]


@pytest.mark.parametrize(("days", "promised"), [(1, True), (-1, False)])
def test_a_mail_that_goes_out_late_promises_no_day_that_has_passed(days: int, promised: bool) -> None:
    asking.request()
    ConsultationRequest.objects.update(due_at=timezone.now() + timedelta(days=days))
    ingest.ingest_new()
    said = OutboxMessage.objects.get(key__contains="received").body
    assert "We reply within two working days." in said
    assert ("You will hear from us by" in said) == promised


def test_an_amendment_is_indexed_recorded_and_mailed_to_staff() -> None:
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
    assert ingest._ingest_amendment(amendment.pk, timezone.now(), SharedRows())
    assert not ingest._ingest_amendment(amendment.pk, timezone.now(), SharedRows())


def test_an_amendment_reopens_a_closed_request_and_raises_its_flag(ines: User) -> None:
    row = asking.request()
    ingest.ingest_new()
    triage.close(row, reason="answered", by=ines)
    asking.request(screening_opioids="yes")
    ingest.ingest_new()
    row.refresh_from_db()
    assert (row.status, row.flag, row.closed_at) == ("new", 2, None)


@pytest.mark.parametrize("verb", ["close", "mark_spam"])
def test_what_is_reopened_by_an_amendment_is_due_as_if_it_had_come_in_now(ines: User, verb: str) -> None:
    """As when staff reopen it: else it would be overdue since the day that its patient was promised at first."""
    row = asking.ingested()
    triage.claim(row, by=ines)
    long_ago = timezone.now() - timedelta(days=40)
    ConsultationRequest.objects.update(received_at=long_ago, due_at=long_ago)
    getattr(triage, verb)(row, by=ines, **({"reason": "answered"} if verb == "close" else {}))
    asking.request(main_reason="It got worse")
    ingest.ingest_new()
    row.refresh_from_db()
    assert row.status == "new"
    assert row.due_at > timezone.now()
    assert row.assignee is None


def test_a_swapped_row_is_detected_and_staff_are_still_told_of_it() -> None:
    row = asking.request()
    tamper(row)
    assert ingest.ingest_new() == 2
    row.refresh_from_db()
    opened = open_row(row)
    assert "changed or damaged" in opened.problem
    assert opened.name == "Can’t be opened"
    assert AuditEvent.objects.get(verb="request_received", about=row.about).detail == {"readable": 0}
    assert OutboxMessage.objects.filter(key=f"request/{row.reference}/0/staff/0").exists()


def test_a_request_whose_key_is_missing_waits_while_staff_are_told_and_others_are_ingested(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = asking.request()
    private = settings.SEAL_KEY_DIR / f"seal_private_{row.key_id}.pem"
    away = private.rename(private.with_suffix(".away"))
    sealing._private_key.cache_clear()
    monkeypatch.setattr(sealing.time, "time", lambda: 4_000_000_000)  # or both could carry the same second
    sealing.make_keys(settings.SEAL_KEY_DIR)
    other = asking.request("other")
    assert ingest.ingest_new() == 1
    assert "not here" in open_row(row).problem
    other.refresh_from_db()
    assert other.ingested_at
    assert OutboxMessage.objects.filter(key__startswith=f"request/{row.reference}/").exists()
    away.rename(private)
    assert ingest.ingest_new() == 1
