"""What is due on a day that becomes a day off, and on one that no longer is."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from education.accounts.models import User
from education.clinic.models import ClinicProfile
from education.consultations.models import ConsultationRequest, IntakePause
from education.consultations.triage import actions as triage
from education.consultations.upkeep.days_off import follow_days_off
from tests.consultations import asking
from tests.consultations.asking import next_monday

pytestmark = pytest.mark.usefixtures("clinic")
DAY = timedelta(days=1)


def due(row: ConsultationRequest) -> datetime:
    row.refresh_from_db()
    return row.due_at


def away(begins: datetime, days: int) -> IntakePause:
    first = timezone.localdate(begins)
    return IntakePause.objects.create(message="Away", begins=first, until=first + days * DAY)


@pytest.mark.parametrize(("status", "hour"), [("new", 17), ("retry", 9)])
def test_what_is_due_on_a_day_that_becomes_a_day_off_waits_for_the_next(status: str, hour: int) -> None:
    row = asking.request()
    at = next_monday(10)
    ConsultationRequest.objects.update(received_at=at - DAY, due_at=at, status=status)
    assert follow_days_off() == 0
    away(at, days=1)
    assert follow_days_off() == 1
    assert due(row) == at.replace(hour=hour) + 2 * DAY
    assert follow_days_off() == 0


def test_what_was_only_suspected_comes_back_to_the_day_that_its_patient_was_told(ines: User) -> None:
    row = asking.request(website="x")
    received = timezone.now() - 2 * DAY
    promised = IntakePause.objects.desk_hours(ClinicProfile.load()).deadline(received, 9)
    ClinicProfile.objects.update(reply_working_days=9)
    ConsultationRequest.objects.update(received_at=received, due_at=promised)
    follow_days_off()
    triage.mark_not_spam(row, by=ines)
    pause = away(timezone.now(), days=30)
    follow_days_off()
    assert due(row) > promised
    pause.ended_at = timezone.now()
    pause.save()
    follow_days_off()
    assert due(row) == promised


def test_a_pause_that_ends_early_gives_back_what_was_promised_or_agreed(ines: User) -> None:
    """What was reopened counts from then on; a time that has passed meanwhile does not come back."""
    rows = [asking.request(name) for name in ("promised", "reopened", "called", "long ago")]
    triage.close(rows[1], reason="answered", by=ines)
    triage.reopen(rows[1], by=ines)
    triage.call_later(rows[2], "no_answer", at=next_monday(9), by=ines)
    triage.call_later(rows[2], "call_back", at=next_monday(11), by=ines)
    long_ago = timezone.now() - 40 * DAY
    ConsultationRequest.objects.filter(pk__in=[rows[1].pk, rows[3].pk]).update(received_at=long_ago)
    before = [due(row) for row in rows]
    pause = away(timezone.now(), days=30)
    assert follow_days_off() == 4
    late = [due(row) for row in rows]
    assert all(then < now for then, now in zip(before, late, strict=True))
    pause.ended_at = timezone.now()
    pause.save()
    assert follow_days_off() == 3
    assert [due(row) for row in rows] == [*before[:3], late[3]]
    assert follow_days_off() == 0


def test_a_call_of_which_nobody_noted_the_time_stays_where_a_pause_moved_it() -> None:
    row = asking.request()
    ConsultationRequest.objects.update(due_at=next_monday(10), status="retry")
    pause = away(next_monday(10), days=1)
    assert follow_days_off() == 1
    moved = due(row)
    pause.ended_at = timezone.now()
    pause.save()
    assert follow_days_off() == 0
    assert due(row) == moved


def test_no_day_off_moves_a_call_that_is_meant_for_a_time_at_which_the_clinic_is_closed(ines: User) -> None:
    meant, usual = asking.request("meant"), asking.request("usual")
    at = next_monday(3)
    triage.call_later(meant, "call_back", at=at, though_closed=True, by=ines)
    triage.call_later(usual, "call_back", at=at, by=ines)
    away(at, days=1)
    follow_days_off()
    assert (due(meant), due(usual)) == (at, at.replace(hour=9) + 2 * DAY)
