"""Whom to call when it can't wait: filled in by country, checked, and the same wherever patients read it."""

import re
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from education.clinic import help_lines
from education.clinic.countries import COUNTRIES
from education.clinic.models import ClinicProfile
from tests import cast
from tests.cast import care, logged_in, published, staff
from tests.consultations.asking import FORM, SHORTEST, check, send
from tests.each import of_each
from tests.screens import body, edit, plain_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
PROFILE = "/admin/education/clinicprofile/1/change/"
US = help_lines.of_country("US")
line_and_rest = import_module("education.migrations.0015_help_lines_and_days_off").line_and_rest


def change(**typed: Any) -> Any:
    manager = logged_in(staff("anna", "manager"))
    return edit(manager, PROFILE, "_save", form_id="clinicprofile_form", name="Willow", accent="#1d3557", **typed)


def called() -> list[tuple[str, str]]:
    return [(line["call"], line["text"]) for line in ClinicProfile.as_written().help_lines]


@of_each(
    [
        ("US", [("911", ""), ("988", "988")]),
        ("CA", [("911", ""), ("988", "988")]),
        ("GB", [("999", ""), ("116 123", "")]),
        ("IE", [("112", ""), ("999", ""), ("116 123", "")]),
        ("AU", [("000", ""), ("13 11 14", "")]),
        ("NZ", [("111", ""), ("1737", "1737")]),
        ("FR", [("112", "")]),
        ("IN", []),
    ]
)
def test_the_first_save_fills_in_the_lines_of_the_country(case: tuple[str, list[tuple[str, str]]]) -> None:
    country, expected = case
    change(country=country)
    assert called() == expected


def test_lines_that_nobody_touched_follow_the_country_and_others_stay() -> None:
    change(country="US")
    anna = logged_in(staff("otto", "manager"))
    edit(anna, PROFILE, "_save", form_id="clinicprofile_form", country="GB")
    assert called() == [("999", ""), ("116 123", "")]
    edit(anna, PROFILE, "_save", form_id="clinicprofile_form", **{"help_lines-0-call": "112"})
    edit(anna, PROFILE, "_save", form_id="clinicprofile_form", country="US")
    assert called() == [("112", ""), ("116 123", "")]


@of_each(
    [
        ({"kind": "crisis", "call": "988"}, "Line 1: say who answers"),
        ({"kind": "crisis", "label": "Lifeline"}, "Line 1: enter a number to call"),
        ({"label": "Lifeline", "call": "988"}, "Line 1: choose when it is for"),
        ({"kind": "emergency", "call": "Room 204"}, "“Room 204” is not a number to dial"),
        ({"kind": "emergency", "call": "988 24/7"}, "“988 24/7” is not a number to dial"),
        ({"kind": "emergency", "call": "+44 (0)20"}, "is not a number to dial"),
        ({"kind": "emergency", "call": "9" * 21}, "shorten “Number to call”"),
    ]
)
def test_a_line_that_could_not_be_dialled_is_refused_and_comes_back(case: tuple[dict[str, str], str]) -> None:
    typed, words = case
    response = change(**{f"help_lines-0-{part}": value for part, value in typed.items()})
    page = body(response)
    assert words in page.replace("&quot;", '"')
    assert all(f'value="{value}"' in page for value in typed.values())
    assert not ClinicProfile.objects.exists()


def test_the_standard_lines_are_such_as_staff_could_enter() -> None:
    assert set(help_lines.OF_COUNTRY) <= set(COUNTRIES)
    numbers = {
        number for lines in help_lines.OF_COUNTRY.values() for line in lines for number in (line.call, line.text)
    }
    assert all(help_lines.NUMBER.fullmatch(number) for number in numbers - {""})


def hrefs(page: str) -> set[str]:
    return set(re.findall(r'href="((?:tel|sms):[^"]*)"', page))


@pytest.fixture
def willow(own_keys: Any, settings: Any) -> ClinicProfile:
    return cast.clinic(help_lines=US, emergency_words="Or come to room 204, before 12 30.", telephone="555 0100")


def test_lines_are_printed_as_such_wherever_help_is_named(client: Client, willow: ClinicProfile) -> None:
    path = published(blocks=[care("emergency", "Call your local emergency number"), care()]).path
    receipt = send(client).headers["Location"]
    places = {
        "article": client.get(path),
        "home": client.get("/"),
        "search": client.get("/search/?q=suicidal"),
        "form": client.get(FORM),
        "check": check(client),
        "stop": check(client, SHORTEST | {"screening_self_harm": "yes"}),
        "receipt": client.get(receipt),
        "footer of an error": client.get("/no-such-page/"),
    }
    for place, response in places.items():
        page = body(response)
        assert hrefs(page) >= {"tel:911", "tel:988", "sms:988"}, place
        assert hrefs(page) <= {"tel:911", "tel:988", "sms:988", "tel:5550100"}, place
        assert "Or come to room 204, before 12 30." in plain_words(page), place


def test_an_article_names_the_line_at_its_head_and_in_its_emergency_card(client: Client, willow: ClinicProfile) -> None:
    page = body(client.get(published(blocks=[care("emergency", "Call your local emergency number")]).path))
    head, _, rest = page.partition('<div class="prose">')
    card = rest.partition("</section>")[0]
    for part in (head, card):
        assert "Call 911" in plain_words(part)
        assert "tel:911" in hrefs(part)
    assert "Call 988 or text 988 988 Suicide & Crisis Lifeline, day and night" in plain_words(card)


@of_each(
    [
        ("emergency", "Call 911.", "911", ""),
        ("emergency", "9-1-1", "911", ""),
        ("emergency", "Call 999 (24 hours)", "999", ""),
        ("crisis", "988 24/7", "988", ""),
        ("crisis", "116 123 (24 hours)", "116 123", ""),
        ("crisis", "13 11 14", "13 11 14", ""),
        ("crisis", "Call or text 988, day or night.", "988", ""),
        (
            "emergency",
            "Call 911 or go to the nearest emergency department.",
            "911",
            "Or go to the nearest emergency department.",
        ),
        ("emergency", "Call 911 and say that you take LDN.", "911", "Call 911 and say that you take LDN."),
        ("emergency", "15", "", "15"),
        ("emergency", "Room 204", "", "Room 204"),
        ("emergency", "Come to room 911.", "", "Come to room 911."),
        ("emergency", "Call 112. In Britain 999.", "", "Call 112. In Britain 999."),
        ("emergency", "Call 1-800-911-0000", "", "Call 1-800-911-0000"),
        ("emergency", "", "", ""),
    ]
)
def test_an_upgrade_takes_a_line_only_from_words_that_are_certain(case: tuple[str, str, str, str]) -> None:
    kind, words, call, rest = case
    line, left = line_and_rest(kind, words)
    assert ((line or {}).get("call", ""), left) == (call, rest)


def test_words_of_before_without_a_line_stay_and_keep_the_form_open(client: Client) -> None:
    clinic = cast.clinic(help_lines=[], emergency_words="Call 15.")
    assert clinic.ready_for_requests
    assert [wanted.field for wanted in clinic.missing_fields()][:1] == ["help_lines"]
    page = body(client.get("/"))
    assert "Call 15." in plain_words(page)
    assert "tel:15" not in page
    change(country="FR")
    assert called() == []


def test_the_profile_asks_for_lines_where_it_shows_them() -> None:
    manager = logged_in(staff("anna", "manager"))
    page = body(manager.get(reverse("admin:education_clinicprofile_change", args=[1])))
    assert 'for="id_help_lines-0-call"' in page


def test_whoever_signs_reads_what_each_number_is_for() -> None:
    cast.clinic(help_lines=[])
    change(country="US")
    said = plain_words(body(logged_in(staff("cora", "clinician")).get("/admin/words-waiting/")))
    assert "If you think of harming yourself: call 988 or text 988, 988 Suicide & Crisis Lifeline" in said
