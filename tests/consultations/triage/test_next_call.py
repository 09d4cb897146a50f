"""When to call again, and what is due when."""

from calendar import day_name
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations.form.call_times import CallTimes
from education.consultations.models import ConsultationRequest, IntakePause
from education.consultations.public import actions as public
from education.consultations.triage.next_call import can_be_kept, next_call_time
from education.consultations.upkeep import ingest
from education.outbox.models import OutboxMessage
from tests.consultations import asking
from tests.consultations.asking import address, ingested
from tests.each import of_each
from tests.screens import body, plain_words

pytestmark = pytest.mark.usefixtures("clinic")
MONDAY_NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
BEFORE_CHRISTMAS = datetime(2026, 12, 23, 12, tzinfo=UTC)


def wanted(*ticks: str) -> CallTimes:
    return CallTimes.of(dict.fromkeys((f"call_{tick}" for tick in ticks), "yes"))


@of_each(
    [
        ((), "Mon 15:00"),
        (("morning",), "Tue 09:00"),
        (("afternoon",), "Mon 15:00"),
        (("day_4", "morning"), "Thu 09:00"),
        (("day_4", "day_3", "afternoon"), "Wed 12:00"),
        (("morning", "evening"), "Tue 09:00"),
        (("day_7",), "Mon 15:00"),  # never open then
        (("evening",), "Mon 15:00"),
    ]
)
def test_the_next_call_follows_the_ticks(case: tuple[tuple[str, ...], str], clinic: ClinicProfile) -> None:
    ticks, expected = case
    assert f"{next_call_time(wanted(*ticks), hours=Hours.of(clinic), now=MONDAY_NOON):%a %H:%M}" == expected
    assert can_be_kept(wanted(*ticks), Hours.of(clinic)) == (ticks not in (("day_7",), ("evening",)))


def test_the_next_call_leaves_days_off_alone(clinic: ClinicProfile) -> None:
    clinic.closed_on_holidays = True
    at = next_call_time(wanted("day_5", "day_1"), hours=Hours.of(clinic), now=BEFORE_CHRISTMAS)
    assert f"{at:%a %d %H:%M}" == "Mon 28 09:00"


def test_words_beside_the_ticks_are_shown_and_never_read(desk: Client) -> None:
    number = timezone.localdate().isoweekday() % 5 + 1  # another day than today, on which it would depend on the hour
    day, ticks = day_name[number - 1], {f"call_day_{number}": "on", "call_morning": "on"}
    row = ingested(phone="5550100", **ticks, best_times="only on Fridays after 4 pm")
    page = plain_words(body(desk.get(address(row))))
    assert f"{day}: mornings" in page
    assert "only on Fridays after 4 pm" in page
    assert "Read first what they wrote about times." in page
    assert "that they chose" not in page, "nor was nine o’clock their choice"
    desk.post(address(row, "no_answer"))
    row.refresh_from_db()
    assert f"{timezone.localtime(row.due_at):%A %H}" == f"{day} 09"


def test_ticks_alone_are_a_time_that_they_chose(desk: Client) -> None:
    page = plain_words(body(desk.get(address(ingested(phone="5550100", call_morning="on")))))
    assert ", at a time that they chose." in page


def test_a_request_from_before_there_were_ticks_still_opens(desk: Client) -> None:
    submission = asking.submission(phone="5550100", best_times="Weekday mornings")
    old = {name: value for name, value in submission.answers.items() if not name.startswith("call_")}
    submission.answers.clear()
    submission.answers.update(old)
    public.submit(submission, public.Sender("old"))
    row = ConsultationRequest.objects.get()
    page = plain_words(body(desk.get(address(row))))
    assert "Weekday mornings" in page
    assert desk.post(address(row, "no_answer")).status_code == 302


def test_the_check_page_carries_the_ticks_and_says_them_as_one_answer(client: Client) -> None:
    page = asking.Page(asking.check(client, asking.SHORTEST | {"call_day_1": "on", "call_day_3": "on"}))
    assert "<dd>Monday, Wednesday</dd>" in page.html
    assert {"call_day_1", "call_day_3"} <= set(page.values())


@pytest.mark.parametrize(
    ("fields", "due"),
    [({"closed_on_holidays": True}, "Mon 28"), ({"closed_days": ["2026-12-24"]}, "Mon 28"), ({}, "Fri 25")],
)
def test_a_request_before_christmas_is_due_when_the_clinic_is_open(
    clinic: ClinicProfile, fields: dict[str, Any], due: str
) -> None:
    ClinicProfile.objects.update(**fields)
    public.submit(asking.submission(), public.Sender("one"), now=BEFORE_CHRISTMAS)
    assert f"{ConsultationRequest.objects.get().due_at:%a %d}" == due


def test_the_promise_to_the_patient_names_the_day(client: Client) -> None:
    IntakePause.objects.create(
        message="Away", begins=timezone.localdate() + timedelta(days=1), until=timezone.localdate() + timedelta(days=30)
    )
    sent = asking.send(client)
    due = timezone.localtime(ConsultationRequest.objects.get().due_at)
    assert due.date() > timezone.localdate() + timedelta(days=30)
    promised = f"You will hear from us by {due:%A, %B} {due.day}"
    assert f"{promised}. We count only days when we are open." in body(client.get(sent.headers["Location"]))
    ingest.ingest_new()
    assert f"{promised}." in OutboxMessage.objects.get(key__endswith="patient/received").body


def test_a_pause_that_was_ended_early_is_no_time_off_from_that_day_on(clinic: ClinicProfile) -> None:
    today, day = timezone.localdate(), timedelta(days=1)
    IntakePause.objects.create(message="Away", begins=today - 5 * day, until=today + 30 * day, ended_at=timezone.now())
    off = IntakePause.objects.desk_hours(clinic).off
    assert [offset for offset in (-6, -5, -1, 0, 1, 30) if today + offset * day in off] == [-5, -1]
