"""The whole request form on a slow line, with Back, reload and double taps: one request, and nothing typed is lost."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.asking import FORM, button, fill_shortest, heading, on_to, open_form, reference, take_time
from tests.browser.profiles import Visits
from tests.browser.sites import Site

SLOW = {"offline": False, "latency": 1200, "downloadThroughput": -1, "uploadThroughput": -1}
WORDS = "Pain in the\nmornings"


@pytest.fixture
def slowly(visit: Visits, site: Site) -> Callable[[bool], Page]:
    """A page of a browser in which every answer takes 1.2 seconds."""

    def open_page(scripts: bool) -> Page:
        page = visit(site, java_script_enabled=scripts, alone=True)
        cdp = page.context.new_cdp_session(page)
        cdp.send("Network.enable")
        cdp.send("Network.emulateNetworkConditions", SLOW)
        return page

    return open_page


def assert_all_is_typed(page: Page, name: str) -> None:
    expect(page.get_by_label("Full name")).to_have_value(name)
    expect(page.get_by_label("Telephone number", exact=True)).to_have_value("+1 555 0142")
    expect(page.get_by_label("Your main reason for asking")).to_have_value(WORDS)
    expect(page.get_by_label("I agree that the clinic keeps these answers")).to_be_checked()
    expect(page.get_by_text("What you typed is still here.").first).to_be_attached()


def check(page: Page) -> None:
    on_to(page, "Your agreement")
    button(page, "Check your answers").dblclick()
    expect(heading(page, "Check your answers")).to_be_visible()


def fill_in(page: Page, name: str, *, scripts: bool) -> None:
    open_form(page)
    fill_shortest(page, name)
    page.get_by_label("Your main reason for asking").evaluate(
        "(field, words) => { field.value = words; field.dispatchEvent(new Event('input', {bubbles: true})); }", WORDS
    )
    if scripts:  # nothing was sent yet: only the tab can know
        page.reload()
        assert_all_is_typed(page, name)
        take_time(page)


def go_to_and_fro(page: Page, name: str) -> None:
    """From the check page back to the form and there again."""
    page.reload()
    expect(heading(page, "Check your answers")).to_be_visible()
    page.go_back()
    assert_all_is_typed(page, name)
    page.reload()
    assert_all_is_typed(page, name)
    check(page)
    button(page, "Change “Your health”").dblclick()
    expect(heading(page, "Request a consultation")).to_be_visible()
    assert_all_is_typed(page, name)
    page.go_back()
    expect(heading(page, "Check your answers")).to_be_visible()
    page.go_forward()
    assert_all_is_typed(page, name)
    check(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_whole_form_with_back_reload_and_double_taps(
    slowly: Callable[[bool], Page], site: Site, scripts: bool
) -> None:
    name = f"Willa Walk {scripts}"
    before = site.requests()
    page = slowly(scripts)
    fill_in(page, name, scripts=scripts)
    check(page)
    go_to_and_fro(page, name)
    button(page, "Send request").dblclick()
    sent, receipt = reference(page), page.url
    page.reload()
    assert reference(page) == sent
    page.go_back()
    expect(heading(page, "You have sent this request")).to_be_visible()
    page.get_by_role("link", name="See where it stands").click()
    assert reference(page) == sent
    assert page.url == receipt
    assert site.requests() == before + 1
    if scripts:
        assert page.evaluate("sessionStorage.length + localStorage.length") == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_back_while_the_answer_is_on_its_way_is_still_one_request(
    slowly: Callable[[bool], Page], site: Site, scripts: bool
) -> None:
    before = site.requests()
    page = slowly(scripts)
    open_form(page)
    fill_shortest(page, f"Ina Haste {scripts}")
    check(page)
    button(page, "Send request").click(no_wait_after=True)
    with suppress(Error):  # whichever of the two is faster
        page.go_back()
    form = heading(page, "Request a consultation")
    it_is_sent = heading(page, "You have sent this request").or_(heading(page, "We have your request"))
    expect(it_is_sent.or_(form)).to_be_visible()
    if form.is_visible():
        expect(page.get_by_label("Full name")).to_have_value(f"Ina Haste {scripts}")
        check(page)
        button(page, "Send request").click()
        reference(page)
    assert site.requests() == before + 1


def go_on_from_the_stop_page(page: Page) -> None:
    """It comes before what is wrong with the form, and asks for a tick."""
    not_ticked = page.get_by_text("Check the box if you want to go on.")
    expect(heading(page, "You may need help now")).to_be_visible()
    expect(not_ticked).to_have_count(0)
    button(page, "Go on with my request").dblclick()
    expect(not_ticked).to_be_visible()
    page.reload()
    expect(not_ticked).to_be_visible()
    page.get_by_label("I have read this.").check()
    button(page, "Go on with my request").dblclick()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_stop_page_and_mistakes_can_be_gone_back_from(
    slowly: Callable[[bool], Page], site: Site, scripts: bool
) -> None:
    page = slowly(scripts)
    open_form(page)
    fill_shortest(page, "Ursa Urgent")
    page.locator("[name=screening_self_harm][value=yes]").evaluate(
        "box => { box.checked = true; box.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    if not scripts:  # with scripts the answer itself brings the page
        button(page, "Check your answers").dblclick()
    expect(heading(page, "You may need help now")).to_be_visible()
    page.reload()
    expect(heading(page, "You may need help now")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Full name")).to_have_value("Ursa Urgent")
    page.get_by_label("I agree that the clinic keeps these answers").evaluate(
        "box => { box.checked = false; box.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    on_to(page, "Your agreement")
    button(page, "Check your answers").dblclick()
    go_on_from_the_stop_page(page)
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    expect(page.get_by_label("Full name")).to_have_value("Ursa Urgent")


def test_an_address_that_somebody_sent_asks_before_it_shows_anything(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(FORM)
    fill_shortest(page, "Sid Sent")
    button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    other = visit(site, alone=True)
    other.goto(page.url)
    expect(heading(other, "Did you begin this form yourself?")).to_be_visible()
    expect(other.get_by_text("Sid Sent")).to_have_count(0)
    other.get_by_role("link", name="show what I typed").click()
    expect(heading(other, "Check your answers")).to_be_visible()


def test_two_taps_at_the_receipt_and_back_from_it(slowly: Callable[[bool], Page], site: Site) -> None:
    page = slowly(True)
    open_form(page)
    fill_shortest(page, "Rita Receipt")
    take_time(page)
    check(page)
    button(page, "Send request").click()
    reference(page)
    added = site.rows("SELECT count(*) FROM education_sealedamendment")[0][0]
    page.get_by_text("Add something to my request").click()
    page.get_by_label("What would you like to add?").fill("I also take iron")
    button(page, "Add this").dblclick()
    expect(page.get_by_text("We have added your words.")).to_be_visible()
    assert site.rows("SELECT count(*) FROM education_sealedamendment")[0][0] == added + 1
    page.get_by_text("Withdraw my request").click()
    page.get_by_label("The e-mail address or telephone number that you gave us").fill("555-0142")
    button(page, "Withdraw and destroy my answers").dblclick()
    expect(heading(page, "Your request is withdrawn")).to_be_visible()
    page.reload()
    expect(heading(page, "Your request is withdrawn")).to_be_visible()
