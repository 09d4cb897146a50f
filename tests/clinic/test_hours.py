"""Time as the clinic's desk counts it: opening hours only, and no day off."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from education.clinic.hours import DaysOff, Hours, as_the_site_writes, hours_to_call, public_holidays
from education.clinic.models import ClinicProfile
from tests import cast
from tests.cast import logged_in, staff
from tests.each import of_each
from tests.screens import body, edit

PROFILE = "/admin/education/clinicprofile/1/change/"
BEFORE_CHRISTMAS = datetime(2026, 12, 23, 12, tzinfo=UTC)  # a Wednesday


@pytest.mark.django_db
def test_deadlines_and_waiting_times_count_the_clinics_opening_hours() -> None:
    hours = Hours.of(cast.clinic())
    friday = datetime(2026, 3, 13, 16, tzinfo=UTC)
    assert hours.deadline(friday, 2) == datetime(2026, 3, 17, 17, tzinfo=UTC)
    assert hours.deadline(friday + timedelta(days=1), 1) == datetime(2026, 3, 16, 17, tzinfo=UTC)
    assert hours.open_time(friday, datetime(2026, 3, 16, 10, tzinfo=UTC)) == timedelta(hours=2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("received", "now", "said"),
    [
        ("2026-03-12 16:00", "2026-03-16 17:00", "2 working days"),
        ("2026-03-13 16:00", "2026-03-16 10:00", "less than a working day"),  # two hours, with two days between them
        ("2026-03-16 07:30", "2026-03-16 10:00", "2 hours"),  # also those before the desk opened
        ("2026-03-16 10:00", "2026-03-16 11:00", "1 hour"),
        ("2026-03-16 10:00", "2026-03-16 10:59", "59 minutes"),
        ("2026-03-16 10:00:00", "2026-03-16 10:00:20", "less than a minute"),
        ("2026-03-14 10:00", "2026-03-16 09:00", ""),
    ],
)
def test_how_long_somebody_waited_is_said_as_people_say_it(received: str, now: str, said: str) -> None:
    begin, end = (datetime.fromisoformat(f"{moment}+00:00") for moment in (received, now))
    assert Hours.of(cast.clinic()).waited(begin, end) == said


@pytest.mark.parametrize(("hours", "said"), [(0, "1 working day"), (2, "1 working day"), (17, "3 working days")])
def test_patients_are_told_of_whole_working_days_that_hold_the_wait(hours: int, said: str) -> None:
    assert Hours.of(clinic()).within(timedelta(hours=hours)) == said


def clinic(**fields: Any) -> ClinicProfile:
    return ClinicProfile(**{"country": "US", **fields})


@of_each(
    [
        ({}, "Mon 28"),  # Thursday 24, and not Christmas Day
        ({"country": "GB", "region": "ENG"}, "Tue 29"),  # nor Boxing Day, kept on Monday
        ({"closed_on_holidays": False}, "Fri 25"),
        ({"closed_days": ["2026-12-24", "2026-12-28"]}, "Wed 30"),
        ({"working_days": "12345", "closed_days": ["2026-12-26"]}, "Mon 28"),
    ]
)
def test_no_deadline_falls_on_a_day_off(case: tuple[dict[str, Any], str]) -> None:
    fields, due = case
    hours = Hours.of(clinic(**fields))
    assert f"{hours.deadline(BEFORE_CHRISTMAS, 2):%a %d}" == due


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Monday to Friday, 9 am to 5 pm", "Monday to Friday, 9 a.m. to 5 p.m."),
        ("Mon–Fri 9AM–5:30PM", "Mon–Fri 9 a.m.–5:30 p.m."),
        ("Monday to Friday, 9 a.m. to 5 p.m.", "Monday to Friday, 9 a.m. to 5 p.m."),
        ("Monday to Friday, 9 to 5, by 2 amiable people", "Monday to Friday, 9 to 5, by 2 amiable people"),
    ],
)
def test_hours_that_the_clinic_types_have_the_times_of_all_other_screens(typed: str, shown: str) -> None:
    for language in ("en", "en-gb"):
        with translation.override(language):
            assert as_the_site_writes(typed) == shown
            assert date_format(time(17), "TIME_FORMAT") == "5 p.m."
    with translation.override("en-ie"):
        assert as_the_site_writes(typed) == typed
    hours = Hours.of(clinic(opening_hours=typed))
    assert hours.now_in_words(datetime(2026, 12, 23, 12, tzinfo=UTC)).endswith("until 5 p.m.")
    assert hours.now_in_words(datetime(2026, 12, 23, 7, tzinfo=UTC)).endswith("from 9 a.m.")


@pytest.mark.parametrize(
    ("typed", "beside_the_number"),
    [
        ("Monday to Friday, 9 to 5\nTelephone: 9 to noon and 1 to 5", "Monday to Friday, 9 to noon and 1 to 5"),
        ("Monday to Friday, 9 to 5\nTelephone: 9 to noon, Monday to Wednesday", "9 to noon, Monday to Wednesday"),
        ("Monday to Friday, 9 to 5\nTelephone: Tue 9–12", "Tue 9–12"),
        ("Monday to Friday, 9 to 5\nTelephone: 24 hours a day", "24 hours a day"),
        ("Monday to Friday, 9 to 5\nTelephone: by appointment", "By appointment"),
        ("Daily\n phone : mornings only\n", "Monday to Friday, mornings only"),
        ("9 to 5", "Monday to Friday, 9 to 5"),
        ("\nMonday to Friday, 9 to 5\nTelephones are off at noon\nPhone:", "Monday to Friday, 9 to 5"),
        ("", ""),
    ],
)
def test_beside_the_number_stands_when_the_telephone_is_answered(typed: str, beside_the_number: str) -> None:
    assert hours_to_call(clinic(opening_hours=typed)) == beside_the_number


@pytest.mark.parametrize(
    ("working_days", "named"),
    [
        ("1234567", "Daily"),
        ("2", "Tuesday"),
        ("45", "Thursday and Friday"),
        ("1235", "Monday to Wednesday and Friday"),
        ("12467", "Monday, Tuesday, Thursday, Saturday and Sunday"),
        ("567", "Friday to Sunday"),
    ],
)
def test_hours_of_one_day_are_not_taken_for_those_of_every_day(working_days: str, named: str) -> None:
    hours = hours_to_call(clinic(opening_hours="Telephone: from 9 to noon", working_days=working_days))
    assert hours == f"{named}, from 9 to noon"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/contact/"])
def test_that_the_clinic_is_open_is_not_said_of_its_telephone(client: Client, path: str) -> None:
    """Somebody who reads it beside the number calls at half past twelve, and nobody answers."""
    cast.clinic(telephone="(212) 555-0140", opening_hours="Daily, 9 am to 5 pm\nTelephone: 9 am to noon")
    page = body(client.get(path))
    head, facts = page[: page.index("<main")], page[page.index('class="reach') :]
    days, hours = ('<span class="nowrap">Monday to Friday,</span>', '<span class="nowrap">9 a.m. to noon</span>')
    assert f'<span class="hours">{days} {hours}</span>' in head
    number, opening, *_ = facts.split("<h3>")[1:]
    assert "(212) 555-0140" in number
    assert "open-now" not in number
    assert opening.index("Opening hours") < opening.index("open-now") < opening.index("Telephone: ")
    assert 'class="open-now no-print"' in opening, "on paper it would be wrong tomorrow"


def test_the_desk_opens_next_after_holidays_closed_days_and_a_pause() -> None:
    christmas = datetime(2026, 12, 25, 9, tzinfo=UTC)
    assert f"{Hours.of(clinic()).next_opening(christmas):%a %d}" == "Mon 28"
    assert f"{Hours.of(clinic(closed_days=['2026-12-28'])).next_opening(christmas):%a %d}" == "Tue 29"
    pause = [(date(2026, 12, 28), date(2027, 1, 3))]
    assert f"{Hours.of(clinic(), pause).next_opening(christmas):%a %d}" == "Mon 04"


def test_holidays_of_a_region_count_where_it_is_named_and_unknown_ones_do_no_harm() -> None:
    chavez = date(2027, 3, 31)
    assert chavez in public_holidays("US", "CA", 2027)
    assert chavez not in public_holidays("US", "", 2027)
    assert public_holidays("US", "Nowhere", 2027) == public_holidays("US", "", 2027)
    assert public_holidays("", "", 2027) == public_holidays("ZZ", "", 2027) == frozenset()


def test_a_pause_without_an_end_counts_up_to_today_and_one_for_ever_too() -> None:
    today = timezone.localdate()
    for until in (None, date(9999, 12, 31)):
        off = DaysOff.of(clinic(closed_on_holidays=False), [(today - timedelta(days=3), until)])
        assert today in off
        assert today + timedelta(days=1) not in off


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(
    days=st.sets(st.integers(1, 7), min_size=1),
    own=st.frozensets(DAYS, max_size=9),
    first=DAYS,
    moments=st.tuples(MOMENTS, MOMENTS),
)
def test_open_time_is_what_counting_day_by_day_gives(
    days: set[int], own: frozenset[date], first: date, moments: tuple[datetime, datetime]
) -> None:
    begin, end = sorted(moments)
    off = DaysOff("US", "CA", own, ((first, first + timedelta(days=9)),))
    hours = Hours(frozenset(days), time(9), time(17), off)
    counted, day = timedelta(), begin.date()
    while day <= end.date():
        if day.isoweekday() in days and day not in off:
            opens, closes = (datetime.combine(day, at, tzinfo=UTC) for at in (hours.opens, hours.closes))
            counted += max(min(closes, end) - max(opens, begin), timedelta())
        day += timedelta(days=1)
    assert hours.open_time(begin, end) == counted


@pytest.mark.django_db
@of_each(
    [
        ("December 24, 2026", ["2026-12-24"]),
        ("12/24/2026\n\n2026-12-31", ["2026-12-24", "2026-12-31"]),
        ("12/30/2026 to 1/2/2027", ["2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02"]),
        ("", []),
    ]
)
def test_staff_enter_the_days_on_which_the_clinic_is_closed(case: tuple[str, list[str]]) -> None:
    typed, stored = case
    manager = logged_in(staff("anna", "manager"))
    edit(manager, PROFILE, "_save", form_id="clinicprofile_form", closed_days=typed)
    assert ClinicProfile.load().closed_days == stored
    edit(manager, PROFILE, "_save", form_id="clinicprofile_form", name="Willow")
    assert ClinicProfile.load().closed_days == stored, "what the form shows is what it reads"


@pytest.mark.django_db
@of_each(
    [
        ("closed_days", "Christmas", "“Christmas” is not a date. Write it like December 24, "),
        ("closed_days", "1/2/2027 to 1/1/2027", "ends before it begins"),
        ("closed_days", "1/1/2026 to 1/1/2027", "Enter 200 days at most"),
        ("region", "XX", "Leave it empty, or use one of: AK, AL"),
    ]
)
def test_what_is_no_day_or_region_is_refused_with_words(case: tuple[str, str, str]) -> None:
    field, typed, words = case
    manager = logged_in(staff("anna", "manager"))
    page = body(edit(manager, PROFILE, "_save", form_id="clinicprofile_form", **{field: typed}))
    assert words in page
    assert typed in page
