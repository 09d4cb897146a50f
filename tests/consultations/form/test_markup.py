"""The form's markup: every hint and error is tied to its field, and the summary leads to each."""

from typing import Any

import pytest
from django.test import Client

from education.clinic.models import ClinicProfile
from education.consultations.form.forms import BIRTH, FIELD_NAMES
from tests.consultations.asking import FORM, WHOLE, Page, check, open_form, press

BROKEN = {
    "asking_for": "someone",
    "date_of_birth_day": "31",
    "date_of_birth_month": "Feb",
    "date_of_birth_year": "1980",
    "email": "ana",
    "contact_by": "phone",
    "screening_opioids": "perhaps",
}


@pytest.fixture
def form_page(client: Client, clinic: ClinicProfile) -> Page:
    return open_form(client)


@pytest.fixture
def error_page(client: Client, clinic: ClinicProfile) -> Page:
    return Page(check(client, BROKEN))


def inputs(page: Page) -> list[dict[str, str]]:
    found = page.all("input") + page.all("textarea") + page.all("select")
    return [attrs for attrs in found if attrs.get("type") != "hidden" and attrs["name"] != "q"]


@pytest.mark.parametrize("page", ["form_page", "error_page"])
def test_ids_are_unique_and_every_reference_leads_somewhere(page: str, request: pytest.FixtureRequest) -> None:
    shown: Page = request.getfixturevalue(page)
    ids = shown.ids()
    assert len(ids) == len(set(ids))
    for _, attrs in shown.elements:
        for name in ("aria-describedby", "aria-labelledby", "for"):
            assert set(attrs.get(name, "").split()) <= set(ids), attrs


def test_every_input_has_a_label(form_page: Page) -> None:
    labelled = {attrs["for"] for attrs in form_page.all("label")}
    assert {attrs["id"] for attrs in inputs(form_page)} <= labelled


def test_hints_are_tied_to_their_field(form_page: Page) -> None:
    assert form_page.by_id("id_phone")["aria-describedby"] == "id_phone_helptext"
    described = [attrs.get("aria-describedby") for attrs in form_page.all("fieldset")]
    assert {"date_of_birth_hint", "proxy_hint", "id_screening_opioids_helptext"} <= set(described)


def test_every_field_of_the_form_is_on_the_page(form_page: Page) -> None:
    shown = {attrs.get("name") for _, attrs in form_page.elements}
    assert set(FIELD_NAMES) <= shown


def test_browsers_are_told_what_to_fill_in_and_which_keyboard_to_show(form_page: Page) -> None:
    wanted = {
        "full_name": {"autocomplete": "name"},
        "email": {"autocomplete": "email", "type": "email", "inputmode": "email"},
        "phone": {"autocomplete": "tel", "type": "tel", "inputmode": "tel"},
        "date_of_birth_day": {"autocomplete": "bday-day", "inputmode": "numeric"},
        "date_of_birth_month": {"autocomplete": "bday-month"},
    }
    for field, attrs in wanted.items():
        assert attrs.items() <= form_page.by_id(f"id_{field}").items()


def test_nothing_stops_a_person_from_typing(form_page: Page) -> None:
    assert not [attrs for attrs in inputs(form_page) if {"maxlength", "pattern", "onpaste"} & attrs.keys()]
    assert "novalidate" in form_page.by_id("consultation")


def test_no_script_style_or_handler_is_inline(error_page: Page) -> None:
    assert all("src" in attrs for attrs in error_page.all("script"))
    assert len(error_page.all("style")) == 1  # its own, allowed by its hash
    assert not [a for _, attrs in error_page.elements for a in attrs if a == "style" or a.startswith("on")]


def test_radio_groups_and_the_date_have_a_legend(form_page: Page) -> None:
    assert len(form_page.all("legend")) == len(form_page.all("fieldset")) >= 11


def test_the_error_summary_takes_focus_and_links_to_each_field(error_page: Page) -> None:
    summary = error_page.by_id("error-summary")
    assert summary["tabindex"] == "-1"
    assert "autofocus" in summary
    assert error_page.by_id("consultation")["action"].endswith("#error-summary")
    targets = [attrs["href"][1:] for attrs in error_page.all("a") if attrs.get("href", "").startswith("#id_")]
    assert targets == [
        "id_proxy_name",
        "id_proxy_contact_0",
        "id_proxy_knows_0",
        "id_full_name",
        "id_phone",
        "id_email",
        "id_date_of_birth_day",
        "id_screening_opioids_0",
        "id_consent",
    ]
    named = {attrs["id"]: attrs.get("name") for attrs in inputs(error_page)}
    assert all(named[target] for target in targets)


def test_errors_are_tied_to_their_field_and_the_title_says_so(error_page: Page) -> None:
    assert "<title>Error: Request a consultation" in error_page.html
    assert error_page.by_id("id_full_name")["aria-invalid"] == "true"
    assert error_page.by_id("id_full_name")["aria-describedby"] == "id_full_name_helptext id_full_name_error"
    assert error_page.by_id(f"id_{BIRTH[0]}")["aria-describedby"] == f"id_{BIRTH[0]}_error"
    described = [attrs.get("aria-describedby", "") for attrs in error_page.all("fieldset")]
    assert any("id_date_of_birth_day_error" in words for words in described)


@pytest.mark.parametrize("answers", [BROKEN, WHOLE | {"full_name": ""}])
def test_errors_follow_the_heading_and_each_begins_with_the_word(
    answers: dict[str, str], client: Client, clinic: ClinicProfile
) -> None:
    html = Page(check(client, answers)).html
    assert (
        html.index("<h1")
        < html.index("Not for emergencies.")
        < html.index('id="error-summary"')
        < html.index("<form ", html.index("<h1"))
    )
    told = html.split('class="error-message"')[1:]
    assert told
    assert all(line.partition(">")[2].startswith("Error: ") for line in told)


def test_the_agreement_comes_before_what_needs_an_email_address(form_page: Page) -> None:
    shown = [attrs.get("id") for attrs in form_page.all("input")]
    assert shown.index("id_consent") < shown.index("id_mail_link")


def test_a_valid_form_has_no_error_summary_and_no_error_title(form_page: Page) -> None:
    assert "error-summary" not in form_page.ids()
    assert "Error:" not in form_page.html


def test_the_hidden_field_for_bots_is_labelled_and_skipped_by_tab(form_page: Page) -> None:
    assert form_page.by_id("id_website")["tabindex"] == "-1"
    assert "Leave this field empty" in form_page.html


def test_what_is_typed_is_escaped(client: Client, clinic: ClinicProfile) -> None:
    nasty = '"><script>alert(1)</script>{{ token }}'
    for typed in (WHOLE | {"full_name": nasty, "main_reason": nasty}, {"full_name": nasty, "questions": nasty}):
        page = Page(check(client, typed))
        assert "<script>alert" not in page.html
        assert page.values()["full_name"] == nasty


def test_each_part_of_the_check_page_leads_back_to_its_questions(client: Client, clinic: ClinicProfile) -> None:
    page = Page(check(client, WHOLE))
    anchors = [attrs["formaction"] for attrs in page.all("button") if "formaction" in attrs]
    assert anchors == [f"{FORM}#part-{key}" for key in ("reach", "about", "health", "consent")]
    assert "Edit" not in page.html, "one word for one act"
    back: Any = press(client, page.values() | {"action": "edit"})
    assert {anchor.partition("#")[2] for anchor in anchors} <= set(Page(back).ids())


def test_a_number_that_may_be_wrong_is_changed_from_where_that_is_said(client: Client, clinic: ClinicProfile) -> None:
    page = Page(check(client, WHOLE | {"phone": "555 0142"}))
    assert "We may not be able to dial" in page.html
    (change,) = [attrs for attrs in page.all("button", value="edit") if attrs.get("formaction") == f"{FORM}#id_phone"]
    back: Any = press(client, page.values() | {"action": "edit"})
    assert "id_phone" in Page(back).ids(), change


def test_an_interpreter_is_asked_for_in_two_languages_among_the_ways_to_be_reached(form_page: Page) -> None:
    reach, _, rest = form_page.html.partition('id="part-about"')
    assert 'Interpreter / <span lang="es">Intérprete</span>: which language?' in reach
    assert "Intérprete" not in rest


def test_a_label_in_two_languages_is_plain_text_wherever_it_is_repeated(client: Client, clinic: ClinicProfile) -> None:
    assert "<dt>Interpreter / Intérprete: which language?</dt>" in Page(check(client, WHOLE)).html
    long = Page(check(client, WHOLE | {"interpreter_language": "x" * 301}))
    assert "“Interpreter / Intérprete: which language?” is 301 characters long." in long.html
