"""The whole request form on a slow line, with Back, reload and double taps: one request, and nothing typed is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect

from tests.browser.asking import FORM, button, fill_shortest, heading, on_to, open_form, reference, take_time
from tests.browser.profiles import Visits
from tests.browser.sites import Site

SLOW = 1_200  # milliseconds to the first byte of an answer
WORDS = "Pain in the\nmornings"


@pytest.fixture
def open_page(visit: Visits, site: Site) -> Callable[[bool], Page]:
    """In a browser of its own, as its line is slowed down."""
    return lambda scripts: visit(site, java_script_enabled=scripts, alone=True)


@contextmanager
def slow_line(page: Page, latency: int) -> Iterator[None]:
    """While this lasts, every answer takes so long. What is on its way at the end comes at once."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    conditions = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    cdp.send("Network.emulateNetworkConditions", {**conditions, "latency": latency})
    yield
    # Not nought: what is on its way would then be forgotten.
    cdp.send("Network.emulateNetworkConditions", {**conditions, "latency": 1})


def tap_twice(target: Locator) -> None:
    """Two taps and two posts: the second is sent when the site has dealt with the first, and before the browser knows.

    A double click would send only once.
    """
    page, dealt_with = target.page, []

    def deal(route: Route) -> None:
        dealt_with.append((route, route.fetch(max_redirects=0)))

    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box
    page.route(lambda address: True, deal)
    for taps in (1, 2):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        for _ in range(3_000):  # a minute at most
            if len(dealt_with) == taps:
                break
            page.wait_for_timeout(20)
        assert len(dealt_with) == taps
    page.unroute_all()
    for route, answer in dealt_with:
        assert route.request.method == "POST"
        with suppress(Error):  # the browser no longer waits for the answer to the first
            route.fulfill(response=answer)


def assert_all_is_typed(page: Page, name: str) -> None:
    expect(page.get_by_label("Full name")).to_have_value(name)
    expect(page.get_by_label("Telephone number", exact=True)).to_have_value("+1 555 0142")
    expect(page.get_by_label("Your main reason for asking")).to_have_value(WORDS)
    expect(page.get_by_label("I agree that the clinic keeps these answers")).to_be_checked()
    expect(page.get_by_text("What you typed is still here.").first).to_be_attached()


def check(page: Page) -> None:
    on_to(page, "Your agreement")
    tap_twice(button(page, "Check your answers"))
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
    tap_twice(button(page, "Change “Your health”"))
    expect(heading(page, "Request a consultation")).to_be_visible()
    assert_all_is_typed(page, name)
    page.go_back()
    expect(heading(page, "Check your answers")).to_be_visible()
    page.go_forward()
    assert_all_is_typed(page, name)
    check(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_whole_form_with_back_reload_and_double_taps(
    open_page: Callable[[bool], Page], site: Site, scripts: bool
) -> None:
    name = f"Willa Walk {scripts}"
    before = site.requests()
    page = open_page(scripts)
    fill_in(page, name, scripts=scripts)
    check(page)
    go_to_and_fro(page, name)
    tap_twice(button(page, "Send request"))
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
    open_page: Callable[[bool], Page], site: Site, scripts: bool
) -> None:
    before = site.requests()
    page = open_page(scripts)
    open_form(page)
    fill_shortest(page, f"Ina Haste {scripts}")
    check(page)
    with slow_line(page, SLOW):
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
    not_ticked = page.get_by_role("alert").get_by_text("Check the box if you want to go on.")
    expect(heading(page, "You may need help now")).to_be_visible()
    expect(not_ticked).to_have_count(0)
    tap_twice(button(page, "Go on with my request"))
    expect(not_ticked).to_be_visible()
    page.reload()
    expect(not_ticked).to_be_visible()
    page.get_by_label("I have read this.").check()
    tap_twice(button(page, "Go on with my request"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_stop_page_and_mistakes_can_be_gone_back_from(
    open_page: Callable[[bool], Page], site: Site, scripts: bool
) -> None:
    page = open_page(scripts)
    open_form(page)
    fill_shortest(page, "Ursa Urgent")
    page.locator("[name=screening_self_harm][value=yes]").evaluate(
        "box => { box.checked = true; box.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    if not scripts:  # with scripts the answer itself brings the page
        tap_twice(button(page, "Check your answers"))
    expect(heading(page, "You may need help now")).to_be_visible()
    page.reload()
    expect(heading(page, "You may need help now")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Full name")).to_have_value("Ursa Urgent")
    page.get_by_label("I agree that the clinic keeps these answers").evaluate(
        "box => { box.checked = false; box.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    on_to(page, "Your agreement")
    tap_twice(button(page, "Check your answers"))
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
    expect(heading(other, "Did you start this form yourself?")).to_be_visible()
    expect(other.get_by_text("Sid Sent")).to_have_count(0)
    other.get_by_role("link", name="show what I typed").click()
    expect(heading(other, "Check your answers")).to_be_visible()


def test_two_taps_at_the_receipt_and_back_from_it(open_page: Callable[[bool], Page], site: Site) -> None:
    page = open_page(True)
    open_form(page)
    fill_shortest(page, "Rita Receipt")
    take_time(page)
    check(page)
    button(page, "Send request").click()
    reference(page)
    added = site.rows("SELECT count(*) FROM education_sealedamendment")[0][0]
    page.get_by_text("Add something to my request").click()
    page.get_by_label("What would you like to add?").fill("I also take iron")
    tap_twice(button(page, "Add this"))
    expect(page.get_by_text("We have added your words.")).to_be_visible()
    assert site.rows("SELECT count(*) FROM education_sealedamendment")[0][0] == added + 1
    page.get_by_text("Withdraw my request").click()
    page.get_by_label("The e-mail address or telephone number that you gave us").fill("555-0142")
    tap_twice(button(page, "Withdraw and destroy my answers"))
    expect(heading(page, "Your request is withdrawn")).to_be_visible()
    page.reload()
    expect(heading(page, "Your request is withdrawn")).to_be_visible()
