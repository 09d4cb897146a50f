"""Nothing is kept longer than promised, and a request is deleted with all that belongs to it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.clinic.models import ClinicProfile
from education.consultations.models import (
    BlindIndexEntry,
    ConsultationRequest,
    SealedAmendment,
    SealedNote,
)
from education.consultations.triage import actions as triage
from education.consultations.upkeep import ingest, retention
from education.consultations.workflow import DAYS_AFTER_CLOSING
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import ingested
from tests.each import of_each
from tests.queries import queries

pytestmark = pytest.mark.usefixtures("clinic")


def test_purging_deletes_everything_of_a_request_and_records_a_count(ines: User) -> None:
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
    assert "ana@example.org" not in asking.recipients()
    assert AuditEvent.objects.get(verb="requests_purged").detail == {"count": 1}


def test_purging_goes_on_past_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH_SIZE", 2)
    for number in range(5):
        asking.request(f"n{number}")
    assert retention.purge_due(now=timezone.now() + timedelta(days=400)) == 5


def test_what_is_due_is_read_in_the_transaction_that_deletes_it() -> None:
    """Read before it, what staff say in between is no spam would be deleted with the spam."""
    asking.request()
    said = queries(lambda: retention.purge_due(now=timezone.now() + timedelta(days=400)))
    read = next(number for number, sql in enumerate(said) if sql.startswith("SELECT") and "delete_after" in sql)
    assert any(sql.startswith("SAVEPOINT") for sql in said[:read])


@pytest.mark.sqlite
def test_looking_for_what_is_due_never_reads_the_whole_table() -> None:
    plan = retention.due_for_deletion(timezone.now())[: retention.BATCH_SIZE].explain()
    assert plan.count("USING INDEX") == 1 + len(DAYS_AFTER_CLOSING), plan
    assert "SCAN" not in plan


def test_the_days_kept_come_from_the_profile(clinic: ClinicProfile) -> None:
    clinic.retention_days = 10
    clinic.save()
    row = asking.request()
    assert row.delete_after == timezone.localdate(row.received_at) + timedelta(days=10)


@of_each([("withdrawn", 30), ("spam", 30), ("closed", 90), ("new", 90)])
def test_the_record_says_until_when_it_is_kept(case: tuple[str, int], clinic: ClinicProfile, ines: User) -> None:
    status, days = case
    clinic.retention_days = 90
    clinic.save()
    row = ingested()
    closed_at = None if status == "new" else timezone.now()
    ConsultationRequest.objects.update(status=status, closed_at=closed_at)
    row.refresh_from_db()
    assert row.kept_until == timezone.localdate() + timedelta(days=days)
    words = f"Deleted after {date_format(row.kept_until, 'DATE_FORMAT')}."
    assert words in cast.logged_in(ines).get(asking.address(row)).content.decode()


@pytest.mark.parametrize(("status", "days", "kept"), [("spam", 29, True), ("spam", 31, False), ("closed", 31, True)])
def test_spam_is_deleted_sooner_and_nothing_is_kept_longer_than_promised(status: str, days: int, kept: bool) -> None:
    row = ingested()
    ConsultationRequest.objects.update(status=status, closed_at=timezone.now())
    retention.purge_due(now=timezone.now() + timedelta(days=days))
    assert ConsultationRequest.objects.exists() is kept
    retention.purge_due(now=datetime.combine(row.delete_after + timedelta(days=1), time(12), tzinfo=UTC))
    assert not ConsultationRequest.objects.exists()


def test_a_clock_that_jumps_ahead_deletes_two_days_worth_an_hour(caplog: pytest.LogCaptureFixture) -> None:
    now = timezone.now()
    for number, days in enumerate((1, 3, 300)):
        row = asking.request(f"n{number}")
        ConsultationRequest.objects.filter(pk=row.pk).update(
            delete_after=timezone.localdate(now) + timedelta(days=days)
        )
    assert retention.purge_in_steps(now=now) == 0
    year = now + timedelta(days=365)
    assert [retention.purge_in_steps(now=year) for _ in range(3)] == [1, 1, 0]
    assert "the clock is far ahead of the last purge" in caplog.text
    assert retention.purge_in_steps(now=now) == 0
    assert retention.horizon(year) == now + retention.PURGE_STEP, "the clock was set right again"


def test_the_first_purge_goes_by_what_was_recorded_last() -> None:
    ingested()
    assert retention.purge_in_steps(now=timezone.now() + timedelta(days=365)) == 0
