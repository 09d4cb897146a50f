"""A patient asks for a consultation: by keyboard, without scripts, with mistakes, and in a hurry."""

import re

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser import keys
from tests.browser.asking import FORM, button, check_answers, error_state, fill_shortest, heading, reference
from tests.browser.conftest import Desk, Visits
from tests.browser.sites import Site


def test_a_request_by_keyboard_alone(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    keys.press(page, page.get_by_role("banner").get_by_role("link", name="Request a consultation"))
    expect(heading(page, "Request a consultation")).to_be_visible()
    keys.type_into(page, page.get_by_label("Full name"), "Kay Board")
    keys.type_into(page, page.get_by_label("E-mail address"), "kay@example.org")
    keys.press(page, page.get_by_label("You may leave a voice message"), "Space")
    keys.type_into(page, page.get_by_label("Your main reason for asking"), "Tired of pain")
    keys.press(page, page.get_by_label("I agree that the clinic keeps these answers"), "Space")
    keys.press(page, button(page, "Check your answers"))
    expect(heading(page, "Check your answers")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Tired of pain")).to_be_visible()
    keys.press(page, button(page, "Send request"))
    assert len(reference(page)) == 8


def test_a_request_for_someone_else_by_keyboard(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(FORM)
    expect(page.get_by_label("Your own name")).to_be_hidden()
    keys.press(page, page.get_by_label("Me", exact=True), "ArrowDown")
    keys.type_into(page, page.get_by_label("Your own name"), "Mira Patel")
    keys.press(page, page.get_by_label("Mine: call me"), "Space")
    keys.press(page, page.get_by_label("Yes", exact=True).first, "Space")
    keys.type_into(page, page.get_by_label("Full name"), "Ana Ruiz")
    keys.type_into(page, page.get_by_label("Telephone number", exact=True), "555 0142")
    keys.press(page, page.get_by_label("I agree that the clinic keeps these answers"), "Space")
    page.keyboard.press("Enter")
    expect(heading(page, "Check your answers")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Mira Patel")).to_be_visible()


def test_a_request_without_scripts(visit: Visits, site: Site) -> None:
    page = visit(site, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Request a consultation").click()
    fill_shortest(page, "Nora Script")
    page.get_by_label("Your main reason for asking").fill("Pain in the\nmornings")
    button(page, "Check your answers").click()
    expect(page.get_by_role("definition").filter(has_text="Pain in the")).to_be_visible()
    button(page, "Edit").click()
    expect(page.get_by_label("Your main reason for asking")).to_have_value("Pain in the\nmornings")
    expect(page.get_by_label("Full name")).to_have_value("Nora Script")
    page.get_by_label("Full name").fill("Nora Noscript")
    button(page, "Check your answers").click()
    expect(page.get_by_role("definition").filter(has_text="Nora Noscript")).to_be_visible()
    button(page, "Send request").click()
    assert len(reference(page)) == 8


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_empty_form_says_what_is_missing_and_leads_there(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts)
    error_state(page)
    assert page.title().startswith("Error:")
    expect(page.get_by_role("alert")).to_be_focused()
    links = page.get_by_role("alert").get_by_role("link")
    assert links.count() == 3
    for link in links.all():
        words = link.inner_text()
        link.press("Enter")
        field = page.locator(":focus")
        expect(field).to_have_accessible_description(re.compile(re.escape(words)))
        expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_nothing_typed_is_lost_to_a_mistake(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts)
    page.goto(FORM)
    page.get_by_label("Preferred name").fill("Anita")
    page.get_by_label("E-mail address").fill("not an address")
    page.get_by_label("By e-mail").check()
    page.get_by_label("Conditions you live with").fill("Lupus\nHashimoto’s")
    page.get_by_label("I would rather talk about it").first.check()
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("February")
    button(page, "Check your answers").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Preferred name")).to_have_value("Anita")
    expect(page.get_by_label("E-mail address")).to_have_value("not an address")
    expect(page.get_by_label("By e-mail")).to_be_checked()
    expect(page.get_by_label("Conditions you live with")).to_have_value("Lupus\nHashimoto’s")
    expect(page.get_by_label("I would rather talk about it").first).to_be_checked()
    expect(page.get_by_label("Day")).to_have_value("31")
    expect(page.get_by_label("Month")).to_have_value("February")


def test_a_double_click_sends_one_request(visit: Visits, site: Site, at_the_desk: Desk) -> None:
    page = visit(site)
    before = site.requests()
    check_answers(page, "Dora Double")
    button(page, "Send request").dblclick()
    sent = reference(page)
    assert site.requests() == before + 1
    _is_once_in_the_queue(at_the_desk(), "Dora Double", sent)


def test_back_and_send_again_ends_on_the_same_receipt(visit: Visits, site: Site, at_the_desk: Desk) -> None:
    page = visit(site)
    before = site.requests()
    check_answers(page, "Bea Back")
    button(page, "Send request").click()
    sent, receipt = reference(page), page.url
    _back_to_the_check_page(page)
    button(page, "Send request").click()
    assert reference(page) == sent
    assert page.url == receipt
    assert site.requests() == before + 1
    _is_once_in_the_queue(at_the_desk(), "Bea Back", sent)


def _back_to_the_check_page(page: Page) -> None:
    """The page was the answer to a form and is never kept, so the browser asks whether to fetch it once more."""
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    expect(heading(page, "We have your request")).to_be_hidden()
    page.reload()
    expect(heading(page, "Check your answers")).to_be_visible()


def _is_once_in_the_queue(desk: Page, name: str, sent: str) -> None:
    desk.goto("/admin/")
    desk.get_by_role("navigation", name="Staff").get_by_role("link", name="Requests").click()
    rows = desk.get_by_role("row").filter(has_text=name)
    expect(rows).to_have_count(1)
    expect(rows.get_by_role("link", name=sent, exact=True)).to_be_visible()
