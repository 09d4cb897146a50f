"""A decision aid: what matters to the reader is chosen, printed, kept by choice, and sent by choice."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asking import FORM, button, check_answers, fill_shortest, heading, on_to, take_time
from tests.browser.axe import violations
from tests.browser.fitting import SMALL_PHONE, too_wide
from tests.browser.places import DECISIONS
from tests.browser.profiles import Visits
from tests.browser.sites import Site
from tests.browser.watch import assert_nothing_is_stored

AID = DECISIONS[0]
DREAMS = "Would vivid dreams or poor sleep be hard for you?"
ELSE = "What else matters to you?"
KEEP = "Keep my answers for my request"
BRING = "Bring what matters to me (2)"
PAGES = re.compile(rb"/Type\s*/Page\b")


def choose(page: Page) -> None:
    page.goto(AID)
    page.get_by_role("group", name=DREAMS).get_by_label("Maybe").check()
    page.get_by_label(ELSE).fill("I drive a bus\nat night.")


def test_nothing_is_kept_unless_the_reader_ticks_it(visit: Visits, site: Site) -> None:
    page = visit(site)
    choose(page)
    assert_nothing_is_stored(page)
    page.get_by_label(KEEP).check()
    assert page.evaluate("Object.keys(localStorage)") == ["clinic.matters"]
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(page.get_by_role("group", name=DREAMS).get_by_label("Maybe")).to_be_checked()
    expect(page.get_by_label(ELSE)).to_have_value("I drive a bus at night.")
    page.get_by_label(KEEP).uncheck()
    assert_nothing_is_stored(page)


def test_what_is_kept_can_be_read_and_removed(visit: Visits, site: Site) -> None:
    page = visit(site)
    choose(page)
    page.get_by_label(KEEP).check()
    page.get_by_role("link", name="My questions").click()
    button(page, f"Remove “{DREAMS} Maybe”").click()
    expect(page.get_by_text(DREAMS)).to_have_count(0)
    expect(page.get_by_text("I drive a bus at night.")).to_be_visible()
    button(page, "Forget everything").click()
    assert_nothing_is_stored(page)


def test_answers_go_with_a_request_if_they_are_ticked(visit: Visits, site: Site) -> None:
    page = visit(site)
    choose(page)
    page.get_by_label(KEEP).check()
    page.goto(FORM)
    fill_shortest(page, "Dee Decider")
    page.go_back()
    box = page.get_by_label("Questions you would like to ask us")
    box.fill("May I drive?")
    page.get_by_label(BRING).check()
    expect(box).to_have_value(f"May I drive?\n{DREAMS} Maybe\n{ELSE} I drive a bus at night.")
    page.get_by_label(BRING).uncheck()
    expect(box).to_have_value("May I drive?")
    page.get_by_label(BRING).check()
    on_to(page, "Your agreement")
    take_time(page)
    button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text=f"{DREAMS} Maybe")).to_be_visible()


def test_answers_stay_behind_if_they_are_not_ticked(visit: Visits, site: Site) -> None:
    page = visit(site)
    choose(page)
    page.get_by_label(KEEP).check()
    check_answers(page, "Dee Decider")
    expect(page.get_by_text(DREAMS)).to_have_count(0)


@pytest.mark.parametrize("path", DECISIONS)
def test_it_fits_a_phone_passes_axe_and_prints_on_the_two_sides_of_one_sheet(
    visit: Visits, site: Site, path: str
) -> None:
    page = visit(site, viewport=SMALL_PHONE)
    page.goto(path)
    expect(page.get_by_label(KEEP)).to_be_visible()
    assert too_wide(page) <= 0
    assert violations(page) == []
    sides = {paper: len(PAGES.findall(page.pdf(format=paper))) for paper in ("Letter", "A4")}
    assert sides == {"Letter": 2, "A4": 2}
    page.emulate_media(media="print")
    expect(page.get_by_role("group", name=DREAMS).get_by_label("Maybe")).to_be_visible()
    expect(page.get_by_label(KEEP)).to_be_hidden()


def test_without_scripts_it_is_a_sheet_to_fill_in(visit: Visits, site: Site) -> None:
    page = visit(site, java_script_enabled=False)
    choose(page)
    expect(page.get_by_role("group", name=DREAMS).get_by_label("Maybe")).to_be_checked()
    expect(page.get_by_label(KEEP)).to_have_count(0)


def test_in_a_wide_window_options_are_equally_wide_and_tell_the_same_at_the_same_height(
    visit: Visits, site: Site
) -> None:
    page = visit(site, viewport={"width": 1280, "height": 900})
    page.goto(AID)
    boxes = [option.bounding_box() for option in page.locator(".option").all()]
    assert len({round(box["width"]) for box in boxes if box}) == 1
    costs = [fact.bounding_box() for fact in page.get_by_role("term").filter(has_text="What it costs").all()]
    assert len({round(box["y"]) for box in costs if box}) == 1
    assert len(boxes) == len(costs) == 3
