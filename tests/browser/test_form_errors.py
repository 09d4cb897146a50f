"""Errors of the request form: whom they speak to, where they stand, and when they go."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.asking import FORM, button, error_state, open_form, part
from tests.browser.profiles import Visits
from tests.browser.sites import Site


def test_an_error_speaks_to_whoever_the_consultation_turns_out_to_be_for(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(FORM)
    button(page, "Continue").click()
    name, phone = page.get_by_label("Full name"), page.get_by_label("Telephone number", exact=True)
    expect(name).to_have_accessible_description(re.compile("Enter your full name.$"))
    page.get_by_label("Someone else", exact=True).check()
    expect(name).to_have_accessible_description(re.compile("Enter the full name of the patient.$"))
    page.get_by_label("Me", exact=True).check()
    expect(name).to_have_accessible_description(re.compile("Enter your full name.$"))
    name.fill("Ana Ruiz")
    phone.fill("555 0142")
    button(page, "Continue").click()
    page.get_by_label("Month").fill("13")
    button(page, "Continue").click()
    error, boxes = page.locator(".date-parts").locator("xpath=preceding-sibling::p[1]"), page.locator(".date-parts")
    expect(error).to_have_text("Enter the month as a name or a number, for example March or 3.")
    assert error.evaluate("one => one.offsetWidth") >= boxes.evaluate("one => one.offsetWidth")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_errors_of_questions_that_do_not_apply_any_more_go_away(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts)
    open_form(page)
    page.get_by_label("Someone else", exact=True).check()
    page.locator("#consultation").evaluate("form => form.submit()") if scripts else button(
        page, "Check your answers"
    ).click()
    errors = page.get_by_role("alert")
    expect(errors.get_by_role("link", name="Say whom we may call.")).to_be_visible()
    expect(errors.get_by_role("link", name="Enter the full name of the patient.")).to_be_visible()
    page.get_by_label("Me", exact=True).check()
    expect(errors.get_by_role("link", name="Say whom we may call.")).to_be_hidden()
    expect(errors.get_by_role("link", name="Enter your full name.")).to_be_visible()


def test_what_the_server_said_of_a_field_is_said_once_and_goes_when_it_is_mended(visit: Visits, site: Site) -> None:
    page = visit(site)
    error_state(page)
    button(page, "Continue").click()
    expect(page.locator(".error-message:visible")).to_have_count(2)
    page.get_by_label("Full name").fill("Ana Ruiz")
    page.get_by_label("E-mail address").fill("ana@example.org")
    button(page, "Continue").click()
    part(page).get_by_role("button", name="Continue").click()
    page.go_back()
    page.go_back()
    expect(page.get_by_label("Full name")).to_be_visible()
    expect(page.locator(".error-message:visible")).to_have_count(0)
