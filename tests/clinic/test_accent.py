"""The profile shows what an accent color becomes before it is saved, with a script and without one."""

import re

import pytest
from django.test import Client

from education.clinic import colors
from education.clinic.models import ClinicProfile
from tests import cast
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db
FORM = "/admin/education/clinicprofile/1/change/"
COLORS = "/admin/education/clinicprofile/colors/"
WINE, GOLD = "#7a1f3d", "#ffd700"


@pytest.fixture
def anna() -> Client:
    return cast.logged_in(cast.staff("anna", "manager"))


def linked_styles(page: str) -> str:
    found = re.search(r'href="(/admin/[^"]+colors\.css[^"]*)"', page)
    return found[1] if found else ""


def test_the_form_shows_the_tones_of_the_saved_color_on_light_and_dark(anna: Client) -> None:
    cast.clinic(accent=WINE)
    page = body(anna.get(FORM))
    assert all(f'class="accent-sample theme-{theme}"' in page for theme in ("light", "dark"))
    assert body(anna.get(linked_styles(page))) == f"html .accent-sample {{ {colors.tones(WINE).css()} }}\n"
    assert colors.tones(WINE).accent_dark_theme in plain_words(page)


def test_a_button_shows_a_color_that_is_not_saved(anna: Client) -> None:
    cast.clinic(accent="#0f5c5c")
    button = re.search(r"<button[^>]*>See the colors before saving</button>", body(anna.get(FORM)))
    assert button
    assert f'formaction="{COLORS}"' in button[0]
    page = body(anna.post(COLORS, {"name": "Not saved", "accent": WINE}))
    assert linked_styles(page).endswith("?accent=%237a1f3d")
    profile = ClinicProfile.objects.get()
    assert (profile.accent, profile.name) == ("#0f5c5c", "Test Clinic")


def test_enter_in_a_field_saves_and_does_not_show_colors(anna: Client) -> None:
    """A browser presses the first button of a form."""
    form = body(anna.get(FORM)).partition('id="clinicprofile_form"')[2]
    first = re.search(r'<(?:button|input)[^>]*type="submit"[^>]*>', form)
    assert first
    assert 'name="_save"' in first[0]


def test_a_color_that_can_not_be_read_is_refused_with_the_nearest_that_can(anna: Client) -> None:
    near = colors.nearest(GOLD)
    words = plain_words(body(anna.get(COLORS, {"accent": GOLD})))
    assert "Too light to read: links, and the words on buttons, would fade" in words
    assert f"The nearest that can be read is {near}." in words
    assert f"This is how {near} would look:" in words
    assert colors.accent_problem(near) == ""


@pytest.mark.parametrize("typed", ["", "gold", "#0f5", "#0f5c5c;}body{display:none"])
def test_what_is_no_color_has_no_tones(anna: Client, typed: str) -> None:
    page = body(anna.get(COLORS, {"accent": typed}))
    assert "six hexadecimal digits" in page
    assert "accent-sample" not in page
    assert body(anna.get(f"{COLORS.rstrip('/')}.css", {"accent": typed})) == ""


@pytest.mark.parametrize("role", ["editor", "clinician", "intake"])
def test_only_who_keeps_the_profile_sees_colors(role: str) -> None:
    client = cast.logged_in(cast.staff("ben", role))
    assert client.get(COLORS).status_code == client.get(f"{COLORS.rstrip('/')}.css").status_code == 403
