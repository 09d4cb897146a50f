"""Small windows, large text, forced colors, paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import asking, keys
from tests.browser.asking import button
from tests.browser.fitting import SMALL_PHONE, assert_fits, assert_is_in_reach
from tests.browser.places import FIBROMYALGIA, LDN
from tests.browser.profiles import Visits
from tests.browser.sites import Site

DOSES = "/low-dose-naltrexone/dose-compounding-and-cost/"
SIDE_EFFECTS = "/low-dose-naltrexone/side-effects/"
# Words of table headings that stand on two lines.
BROKEN = """() => Array.from(document.querySelectorAll(".data th")).flatMap(cell => {
  const words = document.createRange();
  const text = cell.firstChild;
  return Array.from(text.data.matchAll(/[^\\s-]+/g)).filter(word => {
    words.setStart(text, word.index);
    words.setEnd(text, word.index + word[0].length);
    return words.getClientRects().length > 1;
  }).map(word => word[0]);
})"""
BEHIND = "e => getComputedStyle(e, '::after').content"
EDGES = "all => all.map(e => [e.getBoundingClientRect().left, e.getBoundingClientRect().top])"


# As if each row had four times as many cells.
WIDENED = """table => Array.from(table.rows).forEach(row => {
  Array.from(row.cells).forEach(cell => [1, 2, 3].forEach(() => row.append(cell.cloneNode(true))));
})"""


def test_a_table_on_the_narrowest_phone_on_paper_and_wider_than_a_phone(visit: Visits, site: Site) -> None:
    """What scrolls is never divided: on paper it would leave half a sheet empty above it."""
    page = visit(site, viewport=SMALL_PHONE)
    page.goto(DOSES)
    expect(page.locator("table th").first).to_be_visible()
    assert page.evaluate(BROKEN) == [], "no word of a heading is broken"
    page.emulate_media(media="print")
    expect(page.locator(".table-scroll").first).to_have_css("overflow", "visible")
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 390, "height": 844})
    table = page.locator(".table-scroll").first
    table.locator("table").evaluate(WIDENED)
    assert table.evaluate("e => e.scrollWidth > 2 * e.clientWidth")
    for place in (0, 9999):
        table.evaluate("(e, left) => e.scrollTo({left, behavior: 'instant'})", place)
        box = table.locator("caption").bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390, f"the caption, once it is scrolled to {place}"


@pytest.mark.parametrize("path", ["/", LDN, asking.FORM])
@pytest.mark.parametrize("colors", ["none", "active"])
def test_focus_is_visible(visit: Visits, site: Site, path: str, colors: str) -> None:
    page = visit(site, forced_colors=colors)
    page.goto(path)
    assert keys.stops(page) > 10


def test_controls_have_borders_in_forced_colors(visit: Visits, site: Site) -> None:
    page = visit(site, forced_colors="active")
    page.goto(asking.FORM)
    for control in (page.get_by_label("Full name"), button(page, "Continue")):
        border = control.evaluate("e => [getComputedStyle(e).borderTopStyle, getComputedStyle(e).borderTopWidth]")
        assert border[0] != "none"
        assert border[1] != "0px"
    page.get_by_label("By e-mail").check()
    expect(page.get_by_label("By e-mail")).to_be_checked()
    page.goto(FIBROMYALGIA)
    shape = page.locator(".care-emergency h2").evaluate("e => getComputedStyle(e, '::before').backgroundColor")
    assert shape == page.evaluate("getComputedStyle(document.body).color"), "the shape of the card can be seen"


ZOOMED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}  # a window of 1280 × 1024 at 400 %


def _fits(page: Page) -> None:
    assert_fits(page)
    assert_is_in_reach(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_request_at_four_times_the_size(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts, **ZOOMED)
    page.goto(asking.FORM)
    if not scripts:
        page.wait_for_url(re.compile(f"{asking.FORM}."))  # the page goes to the address of its own
    _fits(page)
    keys.type_into(page, page.get_by_label("Full name"), "Zora Zoom")
    keys.type_into(page, page.get_by_label("Telephone number", exact=True), "555 0142")
    for title in ("About you", "Your health", "Your agreement") if scripts else ():
        keys.press(page, asking.part(page).get_by_role("button", name="Continue"))
        expect(page.get_by_role("heading", name=title)).to_be_in_viewport()
        _fits(page)
    keys.press(page, button(page, "Check your answers"))
    expect(page.get_by_role("alert")).to_be_in_viewport()
    _fits(page)
    page.get_by_label("I agree that the clinic keeps these answers").check()
    keys.press(page, button(page, "Check your answers"))
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    _fits(page)


def test_on_the_narrowest_phone_the_two_risk_pictures_are_side_by_side(visit: Visits, site: Site) -> None:
    page = visit(site, viewport=SMALL_PHONE)
    page.goto(SIDE_EFFECTS)
    (left, top), (right, other_top) = page.locator(".risk").first.locator(".risk-dots").evaluate_all(EDGES)
    assert top == other_top
    assert right > left + 100
    (_, top), (_, other_top) = page.locator(".risk").first.locator("strong").evaluate_all(EDGES)
    assert top == other_top


def test_a_link_back_to_the_text_is_not_wrapped(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 390, "height": 844})
    page.goto(FIBROMYALGIA)
    pieces = page.locator(".backlinks a").evaluate_all("all => all.map(e => e.getClientRects().length)")
    assert set(pieces) == {1}


def test_a_printed_page_is_the_text_alone_with_its_address_and_those_of_its_studies(visit: Visits, site: Site) -> None:
    """The facts at once stand side by side, also where they are three."""
    page = visit(site, viewport={"width": 720, "height": 900})
    page.goto(LDN)
    addresses = page.get_by_text(f"This page is at {site.origin}{LDN}")
    for address in (addresses.first, addresses.last):
        expect(address).to_be_hidden()
    page.emulate_media(media="print")
    for address in (addresses.first, addresses.last):  # on the first sheet and on the last one
        expect(address).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("search")).to_have_count(0)
    # A word of the glossary is a button on a screen and a plain word on paper.
    expect(page.get_by_role("button").and_(page.locator(":not(.term)"))).to_have_count(0)
    expect(page.locator(".term").first).to_have_css("text-decoration-line", "none")
    expect(page.get_by_role("banner").get_by_role("link", name="Request a consultation")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="References")).to_be_visible()
    # Printers leave grounds out, and white words on them would be gone.
    call = page.locator(".emergency-line a[href^=tel]").first
    expect(call).to_have_css("color", "rgb(0, 0, 0)")
    expect(call).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    facts = page.locator(".at-once div")
    expect(facts).to_have_count(3)
    assert facts.first.bounding_box()["y"] == facts.last.bounding_box()["y"]  # type: ignore[index]

    study = page.locator(".references li[data-at]").first
    assert study.evaluate("e => getComputedStyle(e, '::after').content") == f'"{study.get_attribute("data-at")}"'


def test_a_hand_out_says_whom_to_call_on_its_first_sheet_and_where_its_links_lead(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 816, "height": 1056})
    page.goto(FIBROMYALGIA)
    page.emulate_media(media="print")
    expect(page.locator(".masthead .quick-words")).to_have_text(re.compile("555 0100"))
    expect(page.locator(".masthead .quick-words")).to_be_visible()
    expect(page.locator(".wrap > .qr")).to_be_visible()
    help_fact = page.locator(".at-once .help-fact")
    expect(help_fact.get_by_role("link", name="Call 911")).to_be_visible()
    expect(help_fact.get_by_text("When to call")).to_be_hidden()
    assert "emergency card" in help_fact.locator("dd").evaluate(BEHIND)
    link = page.locator(".prose p a[href='/request-a-consultation/']")
    assert "/request-a-consultation/" in link.evaluate(BEHIND)
    behind_others = page.locator(".prose .term, .prose .cite a, .references li a").evaluate_all(
        f"all => all.map({BEHIND})"
    )
    assert set(behind_others) == {"none"}


def test_nothing_that_belongs_together_is_parted_on_paper(visit: Visits, site: Site) -> None:
    """A sign of an emergency stays in one column; a drawing stands beside the paragraph that it belongs to."""
    page = visit(site, viewport={"width": 816, "height": 1056})
    page.goto(FIBROMYALGIA)
    page.emulate_media(media="print")
    signs = page.locator(".care li").evaluate_all("all => all.map(e => getComputedStyle(e).breakInside)")
    assert set(signs) == {"avoid"}
    figure = page.locator(".prose > .figure")
    expect(figure).to_have_css("float", "none")
    tops = figure.evaluate("e => [e, e.previousElementSibling].map(one => one.getBoundingClientRect().top)")
    assert abs(tops[0] - tops[1]) < 20


def test_a_page_printed_before_it_was_scrolled_has_its_drawing(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 390, "height": 600})
    page.goto(FIBROMYALGIA)
    page.emulate_media(media="print")
    drawings = page.locator(".figure img")
    expect(drawings).to_have_count(1)
    assert drawings.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)")
    assert drawings.first.evaluate("e => e.offsetLeft >= e.closest('figure').offsetLeft"), "cut off at the margin"


def test_a_receipt_is_printed_on_one_sheet(visit: Visits, site: Site) -> None:
    page = visit(site)
    sent = asking.send(page, "Paula Print")
    page.emulate_media(media="print")
    expect(page.get_by_text(sent)).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    page.emulate_media(media="null")
    assert len(re.findall(rb"/Type /Page\b", page.pdf(format="Letter"))) == 1
    page.get_by_text("Add something to my request").click()
    page.get_by_role("textbox").last.fill("Also codeine.")
    asking.button(page, "Add this").click()
    expect(page.get_by_text("We have added your words.")).to_be_visible()
    assert len(re.findall(rb"/Type /Page\b", page.pdf(format="Letter"))) == 1
