"""Time as the clinic's desk counts it: opening hours only."""

from datetime import UTC, datetime, timedelta

import pytest

from education.clinic.hours import Hours
from tests import cast

pytestmark = pytest.mark.django_db


def test_deadlines_and_waiting_times_count_the_clinics_opening_hours() -> None:
    hours = Hours.of(cast.clinic())
    friday = datetime(2026, 3, 13, 16, tzinfo=UTC)
    assert hours.deadline(friday, 2) == datetime(2026, 3, 17, 17, tzinfo=UTC)
    assert hours.deadline(friday + timedelta(days=1), 1) == datetime(2026, 3, 16, 17, tzinfo=UTC)
    assert hours.open_time(friday, datetime(2026, 3, 16, 10, tzinfo=UTC)) == timedelta(hours=2)
    assert hours.in_words(timedelta(hours=17)) == "2 working days"
    assert hours.in_words(timedelta(minutes=61)) == "1 working hour"
    assert hours.in_words(timedelta(seconds=20)) == "less than a minute"
    assert hours.in_words(timedelta()) == ""
