"""Every kind of page, opened once: it fits a phone, leaves nothing in the browser, passes axe, takes large text.

Whoever writes pages or answers requests also hits everything on a screen, with a thumb or a mouse.
"""

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.axe import violations
from tests.browser.fitting import BROKEN, COVERED, HARD_TO_TAP, SMALL_PHONE, TINY, TORN, assert_fits, too_wide
from tests.browser.places import PUBLIC, STAFF
from tests.browser.profiles import Desk, Visits
from tests.browser.sites import Site
from tests.browser.targets import too_small
from tests.browser.watch import assert_nothing_is_stored

TWICE = """() => {
  const root = document.documentElement;
  root.style.fontSize = 2 * parseFloat(getComputedStyle(root).fontSize) + "px";
}"""
PHONE: ViewportSize = {"width": 390, "height": 844}
WITH_LARGE_TEXT = ("desk", "queue", "record", "account")


@pytest.mark.parametrize("place", PUBLIC)
def test_a_public_page(visit: Visits, site: Site, place: str) -> None:
    page = visit(site, viewport=SMALL_PHONE, expected=(404, 410))
    PUBLIC[place](page)
    assert too_wide(page) <= 0
    if not place.startswith("log-in"):
        assert_nothing_is_stored(page)
        assert page.evaluate(HARD_TO_TAP) == []
    assert violations(page, enhanced=True) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(BROKEN) == []
    assert page.evaluate(TORN) == []
    page.evaluate(TWICE)
    assert too_wide(page) <= 0
    assert page.evaluate(COVERED) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.evaluate(TORN) == []
    assert_fits(page)


@pytest.mark.parametrize("place", STAFF)
def test_a_staff_page(at_the_desk: Desk, place: str) -> None:
    page = at_the_desk(viewport=PHONE, expected=(404, 409, 410, 422))
    STAFF[place](page)
    assert too_wide(page) <= 0
    if place != "preview":  # which is a page for patients
        assert page.evaluate(TINY) == []
        assert too_small(page) == []
    assert violations(page) == []
    if place in WITH_LARGE_TEXT:
        page.set_viewport_size(PHONE)
        page.evaluate(TWICE)
        assert too_wide(page) <= 0
