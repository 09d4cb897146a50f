"""Errors of the request form: whom they and its parts speak to, where they stand, and when they go."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.asking import FORM, begin, button, error_state, for_whom, heading, on_to, open_form, part
from tests.browser.profiles import Visits
from tests.browser.sites import Site


def test_an_error_speaks_to_whoever_the_consultation_turns_out_to_be_for(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(FORM)
    button(page, "Continue").click()
    name, phone = page.get_by_label("Full name"), page.get_by_label("Telephone number", exact=True)
    expect(name).to_have_accessible_description(re.compile("Enter your full name.$"))
    for_whom(page, "Someone else").check()
    expect(name).to_have_accessible_description(re.compile("Enter the full name of the patient.$"))
    for_whom(page, "Me").check()
    expect(name).to_have_accessible_description(re.compile("Enter your full name.$"))
    name.fill("Ana Ruiz")
    phone.fill("555 0142")
    button(page, "Continue").click()
    page.get_by_label("Month").fill("13")
    page.get_by_label("Day", exact=True).fill("1")
    page.get_by_label("Year").fill("1980")
    button(page, "Continue").click()
    error, boxes = page.locator(".date-parts").locator("xpath=preceding-sibling::p[1]"), page.locator(".date-parts")
    expect(error).to_have_text("Error: Enter the month as a name or a number, for example March or 3.")
    assert error.evaluate("one => one.offsetWidth") >= boxes.evaluate("one => one.offsetWidth")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_errors_of_questions_that_do_not_apply_any_more_go_away(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts)
    open_form(page)
    for_whom(page, "Someone else").check()
    page.locator("#consultation").evaluate("form => form.submit()") if scripts else button(
        page, "Check your answers"
    ).click()
    errors = page.get_by_role("alert")
    expect(errors.get_by_role("link", name="Say whom we may call.")).to_be_visible()
    expect(errors.get_by_role("link", name="Enter the full name of the patient.")).to_be_visible()
    for_whom(page, "Me").check()
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


def test_what_is_missing_about_who_asks_is_told_before_the_next_part(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    for_whom(page, "Someone else").check()
    button(page, "Continue").click()
    page.get_by_role("alert").get_by_role("link", name="Enter your own name").click()
    expect(page.get_by_label("Your own name")).to_be_focused()
    page.keyboard.type("Mira Patel")
    button(page, "Continue").click()
    page.get_by_role("alert").get_by_role("link", name="Say whom we may call.").click()
    whom, knows = (page.get_by_role("group", name=name) for name in ("Whom may we call?", "Do they know"))
    expect(whom.get_by_label("Me")).to_be_focused()
    expect(whom).to_have_accessible_description(re.compile("Say whom we may call.$"))
    expect(knows).to_have_accessible_description(re.compile("Say whether they know that you are asking.$"))
    expect(knows.get_by_label("Yes")).to_have_attribute("aria-invalid", "true")
    whom.get_by_label("Me").check()
    expect(whom.locator(".error-message")).to_have_count(0)
    expect(whom.get_by_label("Me")).not_to_have_attribute("aria-invalid", "true")


def test_answers_that_can_not_both_be_are_told_before_the_next_part(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    for_whom(page, "Someone else").check()
    page.get_by_label("Your own name").fill("Mira Patel")
    whom = page.get_by_role("group", name="Whom may we call?")
    whom.get_by_label("The patient").check()
    page.get_by_label("Not yet").check()
    page.get_by_label("Full name").fill("Ana Ruiz")
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    page.get_by_label("By e-mail").check()
    button(page, "Continue").click()
    expect(whom).to_have_accessible_description(re.compile("They do not know yet, so we would not call them."))
    expect(page.get_by_label("E-mail address")).to_have_accessible_description(re.compile("You chose “By e-mail”."))
    whom.get_by_label("Me").check()
    page.get_by_label("Either way").check()
    expect(page.locator(".error-message:visible")).to_have_count(0)
    button(page, "Continue").click()
    expect(page.get_by_role("heading", name="About the patient")).to_be_focused()


def test_questions_about_who_asks_hold_up_nobody_who_asks_for_herself(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    for_whom(page, "Someone else").check()
    button(page, "Continue").click()
    for_whom(page, "Me").check()
    page.get_by_label("Full name").fill("Ana Ruiz")
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    button(page, "Continue").click()
    expect(page.get_by_role("heading", name="About you")).to_be_focused()


def test_a_date_of_which_a_part_is_missing_is_told_before_the_next_part(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    page.get_by_label("Full name").fill("Ana Ruiz")
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    on_to(page, "About you")
    page.get_by_label("Month").fill("March")
    part(page).get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Day", exact=True)).to_be_focused()
    expect(page.get_by_text("Enter the day of birth as well, or leave all three parts empty.")).to_be_visible()
    page.get_by_label("Month").fill("")
    page.get_by_label("Day", exact=True).fill("May 14, 1979")  # the whole date in one box
    part(page).get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your health")).to_be_focused()


def test_what_the_server_said_of_a_choice_goes_when_another_answer_mends_it(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    for_whom(page, "Someone else").check()
    page.get_by_role("group", name="Whom may we call?").get_by_label("The patient").check()
    page.get_by_label("Not yet").check()
    page.locator("#consultation").evaluate("form => form.submit()")
    expect(heading(page, "Request a consultation")).to_be_visible()
    said = page.locator("#id_proxy_contact_error")
    expect(said).to_contain_text("They do not know yet")
    page.get_by_role("group", name="Do they know").get_by_label("Yes").check()
    expect(said).to_have_count(0)


def test_several_errors_of_a_part_are_listed_above_it_and_one_has_the_focus_itself(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    button(page, "Continue").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(["Enter your full name.", re.compile("^Enter a telephone number")])
    for_whom(page, "Someone else").check()
    expect(summary.get_by_role("link").first).to_have_text("Enter the full name of the patient.")
    for_whom(page, "Me").check()
    summary.get_by_role("link", name="Enter your full name.").click()
    expect(page.get_by_label("Full name")).to_be_focused()
    page.keyboard.type("Ana Ruiz")
    button(page, "Continue").click()
    expect(page.get_by_label("Telephone number", exact=True)).to_be_focused()
    expect(summary).to_have_count(0)


def test_of_several_errors_those_that_another_choice_mends_are_not_listed_any_more(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    for_whom(page, "Someone else").check()
    page.get_by_label("Full name").fill("Ana Ruiz")
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    button(page, "Continue").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(3)
    for_whom(page, "Me").check()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_parts_are_about_the_patient_where_somebody_else_asks(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
    begin(page, "Ana Ruiz")
    for_whom(page, "Someone else").check()
    page.get_by_label("Your own name").fill("Mira Patel")
    page.get_by_role("group", name="Whom may we call?").get_by_label("Me", exact=True).check()
    page.get_by_role("group", name="Do they know").get_by_label("Yes").check()
    on_to(page, "About the patient")
    on_to(page, "The patient’s health")
    expect(page.get_by_label("Medicines the patient takes")).to_be_visible()
    expect(page.get_by_text("Answer about the patient.")).to_be_visible()
    expect(page.get_by_role("group", name="About the patient: In the last four weeks")).to_be_visible()
    if scripts:
        named = ["How to reach you", "About the patient", "The patient’s health", "Your agreement"]
        assert page.locator(".part-bar li").all_inner_texts() == named
