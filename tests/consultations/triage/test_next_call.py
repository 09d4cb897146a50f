"""When to call again."""

from datetime import UTC, datetime

import pytest

from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations.triage.next_call import next_call_time

pytestmark = pytest.mark.usefixtures("clinic")
MONDAY_NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "Mon 15:00"),
        ("whenever", "Mon 15:00"),
        ("Weekday mornings", "Tue 09:00"),
        ("After 4 in the afternoon", "Mon 16:00"),
        ("after 4", "Mon 16:00"),
        ("not before 10", "Mon 15:00"),
        ("Thursday mornings, before 11", "Thu 09:00"),
        ("before 10 am", "Tue 09:00"),
        ("Sundays", "Mon 15:00"),
        ("after 9 pm", "Mon 15:00"),
        ("from 99", "Mon 15:00"),
    ],
)
def test_the_next_call_falls_within_the_good_times_that_can_be_read(
    clinic: ClinicProfile, words: str, expected: str
) -> None:
    assert f"{next_call_time(words, hours=Hours.of(clinic), now=MONDAY_NOON):%a %H:%M}" == expected
