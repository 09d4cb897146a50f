"""The form offers times to call at which the clinic is open. What was ticked before is kept all the same."""

from datetime import time
from typing import Any

import pytest
from django.test import Client

from education.clinic.models import ClinicProfile
from education.consultations.form.call_times import TICKS, offered
from education.consultations.models import ConsultationRequest
from education.consultations.triage.record import open_row
from tests.consultations.asking import QUEUE, SHORTEST, Page, check, open_form, press
from tests.screens import body, plain_words

HOURS = "Monday to Friday, 9 am to 5 pm"
WEEK = {f"call_day_{day}" for day in range(1, 6)}


@pytest.fixture
def opening_hours(clinic: ClinicProfile) -> None:
    ClinicProfile.objects.update(opening_hours=HOURS)


def ticks(page: Page) -> set[str]:
    """Those that can be seen."""
    return {attrs["name"] for attrs in page.all("input") if attrs.get("type") == "checkbox"} & TICKS.keys()


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, WEEK | {"call_morning", "call_afternoon"}),
        ({"working_days": "26", "closes_at": time(12)}, {"call_day_2", "call_day_6", "call_morning"}),
        ({"opens_at": time(12), "closes_at": time(18)}, WEEK | {"call_afternoon", "call_evening"}),
        ({"opening_hours": ""}, TICKS.keys()),
    ],
)
def test_only_times_within_the_clinics_hours_are_offered(fields: dict[str, Any], shown: set[str]) -> None:
    assert set(offered(ClinicProfile(**{"opening_hours": HOURS, **fields}))) == shown


@pytest.mark.usefixtures("opening_hours")
def test_patients_and_staff_are_offered_the_same_times(client: Client, desk: Client) -> None:
    shown = WEEK | {"call_morning", "call_afternoon"}
    assert ticks(open_form(client)) == shown
    assert ticks(Page(check(client, {"full_name": ""}))) == shown, "beside errors too"
    assert ticks(Page(desk.get(f"{QUEUE}add/"))) == shown
    assert ticks(Page(desk.post(f"{QUEUE}add/", {"full_name": ""}))) == shown


def test_the_form_follows_the_clinics_profile(client: Client, clinic: ClinicProfile) -> None:
    assert ticks(open_form(client)) == TICKS.keys()
    for days in ("12345", "1"):
        ClinicProfile.objects.update(opening_hours=HOURS, working_days=days)
        assert ticks(open_form(client)) == {*(f"call_day_{day}" for day in days), "call_morning", "call_afternoon"}


@pytest.mark.usefixtures("opening_hours")
def test_a_time_that_is_no_longer_offered_is_taken_shown_and_kept(client: Client, desk: Client) -> None:
    """From a page that was opened before the hours changed."""
    checked = Page(check(client, SHORTEST | {"call_day_7": "on", "call_evening": "on"}))
    assert "<dd>Sunday: evenings</dd>" in checked.html
    assert ticks(Page(press(client, checked.values() | {"action": "edit"}))) == WEEK | {
        *("call_day_7", "call_morning", "call_afternoon", "call_evening"),
    }
    press(client, checked.values())
    row = ConsultationRequest.objects.get()
    assert open_row(row).answers["call_day_7"] == "yes"
    assert "Sunday: evenings" in plain_words(body(desk.get(f"{QUEUE}{row.pk}/change/")))
